import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openServer } from '../tools/hosted.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { lacking } from '../tools/parts.ts'
import { patiently } from '../tools/patiently.ts'
import { cleanEnvironment, type Server } from '../tools/server.ts'
import { Terminal } from '../tools/tmux.ts'
import type { LiveClient } from '../tools/web-client.ts'

interface Cleaning {
  after(clean: () => Promise<void> | void): void
}

function folder(t: Cleaning): string {
  const made = mkdtempSync(join(tmpdir(), 'tertulia-irc-'))
  t.after(() => rmSync(made, { recursive: true, force: true, maxRetries: 5 }))
  return made
}

/** ana, whom the client under test plays; beto in netcat, caro in the web client; something said before. */
async function scene(t: Cleaning) {
  const server = await openServer()
  t.after(() => server[Symbol.asyncDispose]())
  await server.web.register('ana')
  const beto = await server.register('beto')
  const web = await server.web.register('caro')
  const caro = await web.connect()
  t.after(() => caro[Symbol.dispose]())
  beto.say('dicho antes')
  await caro.expect('dicho antes')
  return { server, beto, web, caro }
}

async function shownIn(file: string, wanted: RegExp): Promise<void> {
  const read = () => (existsSync(file) ? readFileSync(file, 'utf8') : '')
  await patiently(
    () => wanted.test(read()),
    () => `${file} never held ${wanted}:\n${read()}`,
  )
}

/** All talk: what the client says reaches the others, what they say is seen by it, in the room and in private. */
async function converse(
  {
    beto,
    web,
    caro,
  }: { beto: Awaited<ReturnType<Server['register']>>; web: Server['web']; caro: LiveClient },
  client: { say: (text: string) => Promise<void> | void; sees: (who: string, text: string) => Promise<void> },
): Promise<void> {
  await client.say('hola desde IRC')
  await beto.expect('ana: hola desde IRC\n')
  await caro.expect('hola desde IRC')
  beto.say('buenas, ñandú')
  await client.sees('beto', 'buenas, ñandú')
  await web.do('POST', '/rooms/1/messages', { text: 'saludos de la web' })
  await client.sees('caro', 'saludos de la web')
}

test('irssi connects with SASL, sees what was said, talks, and leaves', {
  skip: lacking('irssi', 'tmux'),
}, async t => {
  const there = await scene(t)
  const home = folder(t)
  writeFileSync(
    join(home, 'config'),
    `servers = ({ address = "127.0.0.1"; chatnet = "t"; port = "${there.server.port}"; autoconnect = "yes"; });
chatnets = { t = { type = "IRC"; nick = "ana"; sasl_mechanism = "PLAIN"; sasl_username = "ana"; sasl_password = "${PASSWORD}"; }; };
settings = {
  core = { real_name = "Ana"; user_name = "ana"; nick = "ana"; };
  "irc/core" = { cmd_queue_speed = "20msec"; cmds_max_at_once = "50"; };
};
`,
  )
  await using irssi = await Terminal.run(`irssi --home=${home}`, { columns: 100, rows: 40 })
  await irssi.expect(/SASL authentication succe/)
  await irssi.expect(/\[Act: [^\]]*2/)
  await irssi.line('/window 2')
  await irssi.expect(/dicho antes/)
  await converse(there, {
    say: text => irssi.line(text),
    sees: (who, text) => irssi.expect(new RegExp(`< ?[~@]?${who}> ${text}`)),
  })
  await irssi.line('/msg beto en privado')
  await there.beto.expect('(privado) ana: en privado\n')
  await irssi.line('/join #club')
  await irssi.expect(/Irssi: Join to #club was synced/)
  await irssi.line('/topic #club de qué va')
  await irssi.expect(/ana (\[.*\] )?changed the topic of #club to: de qué va/)
  await irssi.line('/window 1')
  await irssi.line('/whois caro')
  await irssi.expect(/End of WHOIS/)
  await irssi.line('/quit')
  await there.beto.expect('Usuario ana se ha desconectado.\n')
})

test('weechat connects with SASL, sees what was said, talks, and leaves', {
  skip: lacking('weechat-headless'),
}, async t => {
  const there = await scene(t)
  const home = folder(t)
  const commands = [
    '/set logger.file.flush_delay 0',
    `/server add t 127.0.0.1/${there.server.port}`,
    '/set irc.server.t.ssl off',
    '/set irc.server.t.nicks ana',
    '/set irc.server.t.sasl_username ana',
    `/set irc.server.t.sasl_password ${PASSWORD}`,
    '/set irc.server.t.capabilities "*"',
    '/connect t',
  ]
  const child = spawn('weechat-headless', ['-d', home, ...commands.flatMap(each => ['-r', each])], {
    stdio: 'ignore',
    env: { ...cleanEnvironment(), LANG: 'C.UTF-8' },
  })
  const ended = new Promise(resolve => child.on('exit', resolve))
  t.after(() => void child.kill())
  const fifo = join(home, `weechat_fifo_${child.pid}`)
  const general = join(home, 'logs', 'irc.t.#general.weechatlog')
  await shownIn(general, /beto\tdicho antes/)
  const type = (line: string) => appendFileSync(fifo, `irc.t.#general *${line}\n`)
  await converse(there, {
    say: type,
    sees: (who, text) => shownIn(general, new RegExp(`[~@]?${who}\t${text}`)),
  })
  type('/msg beto en privado')
  await there.beto.expect('(privado) ana: en privado\n')
  type('/quit')
  await ended
  await there.beto.expect('Usuario ana se ha desconectado.\n')
})

test('ii connects by PASS, sees what was said, and talks', { skip: lacking('ii') }, async t => {
  const there = await scene(t)
  const home = folder(t)
  const { port } = there.server
  const child = spawn('ii', ['-i', home, '-s', '127.0.0.1', '-p', `${port}`, '-n', 'ana', '-k', 'CLAVE'], {
    stdio: 'ignore',
    env: { ...cleanEnvironment(), CLAVE: `ana:${PASSWORD}` },
  })
  t.after(() => void child.kill())
  const general = join(home, '127.0.0.1', '#general')
  await shownIn(join(general, 'out'), /<beto> dicho antes/)
  await converse(there, {
    say: text => appendFileSync(join(general, 'in'), `${text}\n`),
    sees: (who, text) => shownIn(join(general, 'out'), new RegExp(`<${who}> ${text}`)),
  })
  there.beto.say('/privado ana en privado')
  await shownIn(join(home, '127.0.0.1', 'beto', 'out'), /<beto> en privado/)
})

// --- irc-framework ---------------------------------------------------------------------------------------

type Heard = Readonly<Record<string, unknown>>

/** As far as it is used here; it has no types of its own. */
interface Framework {
  on(event: string, listener: (event: Heard) => void): void
  connect(options: Heard): void
  say(target: string, text: string): void
  join(channel: string): void
  setTopic(channel: string, topic: string): void
  whois(nick: string, told: (event: Heard) => void): void
  raw(...words: string[]): void
  quit(reason: string): void
}

const { Client } = createRequire(import.meta.url)('irc-framework') as { Client: new () => Framework }

class Player {
  readonly framework = new Client()
  readonly heard: { event: string; told: Heard }[] = []

  constructor(port: number, nick: string) {
    for (const event of 'registered join part quit privmsg tagmsg topic kick nick away sasl'.split(' '))
      this.framework.on(event === 'sasl' ? 'loggedin' : event, told => this.heard.push({ event, told }))
    this.framework.on('batch end chathistory', told => this.heard.push({ event: 'history', told }))
    this.framework.connect({
      host: '127.0.0.1',
      port,
      nick,
      auto_reconnect: false,
      enable_echomessage: true,
      enable_setname: true,
      account: { account: nick, password: PASSWORD },
      sasl_disconnect_on_fail: true,
    })
  }

  async expect(event: string, fields: Heard): Promise<Heard> {
    const fits = (each: { event: string; told: Heard }) =>
      each.event === event && Object.entries(fields).every(([key, value]) => each.told[key] === value)
    await patiently(
      () => this.heard.some(fits),
      () =>
        `never heard ${event} ${JSON.stringify(fields)}, but ${this.heard.map(({ event, told }) => `${event} ${told.nick} ${told.target} ${told.message}`).join('\n')}`,
    )
    return this.heard.find(fits)?.told ?? assert.fail()
  }
}

test('irc-framework plays a long story with netcat and the web', async t => {
  const there = await scene(t)
  const { server, beto, web, caro } = there
  const ana = new Player(server.port, 'ana')
  t.after(() => ana.framework.quit('fin'))
  await ana.expect('registered', { nick: 'ana' })
  await ana.expect('join', { nick: 'ana', channel: '#general' })
  await ana.expect('privmsg', { nick: 'beto', target: '#general', message: 'dicho antes' })
  await converse(there, {
    say: text => ana.framework.say('#general', text),
    sees: async (who, text) => void (await ana.expect('privmsg', { nick: who, message: text })),
  })
  const echo = await ana.expect('privmsg', { nick: 'ana', message: 'hola desde IRC' })
  assert.match(String((echo.tags as Heard).msgid), /^1-\d+$/)
  ana.framework.join('#club')
  await ana.expect('join', { nick: 'ana', channel: '#club' })
  ana.framework.setTopic('#club', 'de qué va')
  await ana.expect('topic', { channel: '#club', topic: 'de qué va' })
  beto.say('/unirse club')
  await ana.expect('join', { nick: 'beto', channel: '#club' })
  ana.framework.say('#club', 'bienvenido')
  await beto.expect('ana: bienvenido\n')
  ana.framework.say('beto', 'en privado')
  await beto.expect('(privado) ana: en privado\n')
  await web.do('POST', '/direct', { people: ['ana'] })
  const { promise, resolve } = Promise.withResolvers<Heard>()
  ana.framework.whois('caro', resolve)
  const whois = await promise
  assert.deepEqual([whois.nick, whois.real_name, whois.account], ['caro', 'Caro', 'caro'])
  beto.say('/dejar')
  await ana.expect('part', { nick: 'beto', channel: '#club' })
  beto.say('salir')
  await ana.expect('quit', { nick: 'beto' })
  caro.client.close()
})
