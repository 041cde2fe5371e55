// `npm run chat`: the lab's client. In a terminal it is a dialogue, elsewhere a pipe.

import { connect } from 'node:net'
import { parseArgs } from 'node:util'
import { isLanguage, type Language, languages } from '../../wording/languages.ts'
import { pipe } from './pipe.ts'
import { talk } from './terminal.ts'

const DEFAULT = { host: 'localhost', port: '8000' }

interface Options {
  readonly host: string
  readonly port: number
  readonly lang: Language
}

/** Throws a TypeError for an unknown or invalid option. */
function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      host: { type: 'string', default: DEFAULT.host },
      port: { type: 'string', default: DEFAULT.port },
      lang: { type: 'string', default: 'es' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const port = Number(values.port)
  if (!/^\d+$/.test(values.port) || port > 65_535) throw new TypeError(`--port ${values.port}`)
  if (!isLanguage(values.lang)) throw new TypeError(`--lang ${values.lang}`)
  return { host: values.host, port, lang: values.lang }
}

function run({ host, port, lang }: Options): void {
  const wording = languages[lang]
  const socket = connect({ host, port, noDelay: true, keepAlive: true })
  const unreachable = (error: NodeJS.ErrnoException) => {
    process.stderr.write(`${wording.client.unreachable(`${host}:${port}`, error.code ?? error.message)}\n`)
    process.exit(1)
  }
  socket.once('error', unreachable)
  socket.once('connect', () => {
    socket.off('error', unreachable)
    socket.on('error', () => {}) // 'close' follows, and reports it
    const io = { socket, wording, input: process.stdin, output: process.stdout }
    const isTerminal = process.stdin.isTTY && process.stdout.isTTY
    const ended = isTerminal ? talk({ ...io, host, port, language: lang }) : pipe(io)
    void ended.then(how => {
      if (how === 'gone') process.stderr.write(`${wording.client.gone}\n`)
      process.exitCode = how === 'gone' ? 1 : 0
      process.stdin.destroy()
    })
  })
}

try {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') process.stdout.write(`${languages.es.client.help}\n\n${languages.en.client.help}\n`)
  else run(options)
} catch (error) {
  if (!(error instanceof TypeError)) throw error
  process.stderr.write(`${error.message}\n${languages.es.client.help}\n`)
  process.exitCode = 1
}
