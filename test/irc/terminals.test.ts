// IRC clients for the terminal, as people run them. What counts is what stands on the screen.

import { test } from 'node:test'
import { certificateIn } from '../tools/certificates.ts'
import { BEFORE, converse, folder, scene } from '../tools/irc-scene.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { lacking } from '../tools/parts.ts'
import { Terminal } from '../tools/tmux.ts'
import { homeWith, playsByPass, SIZE } from './terminals.ts'

const UTF_8 = ['IRC', 'DISPLAY', 'INPUT'].map(each => `SET ${each}_ENCODING UTF-8\n`).join('')

playsByPass('ircII', 'ircII', { '.ircrc': UTF_8 })

test('catgirl connects in TLS with SASL, sees what was said, talks, and leaves', {
  skip: lacking('catgirl', 'tmux'),
}, async t => {
  const certificate = folder(t)
  const { cert, key } = certificateIn(certificate)
  const there = await scene(t, { args: ['--tls-cert', cert, '--tls-key', key] })
  const settings = [
    'host = localhost',
    `port = ${there.server.port}`,
    `trust = ${cert}`,
    'nick = ana',
    `sasl-plain = ana:${PASSWORD}`,
  ]
  const HOME = homeWith(t, { 'tertulia.conf': `${settings.join('\n')}\n` })
  await using client = await Terminal.run(`catgirl ${HOME}/tertulia.conf`, { ...SIZE, env: { HOME } })
  await client.expect('#general')
  await client.line('/window #general')
  await client.expect(`<beto> ${BEFORE}`)
  await converse(there, {
    say: text => client.line(text),
    sees: (who, text) => client.expect(`<${who}> ${text}`),
    tells: text => client.line(`/msg beto ${text}`),
    async isTold(text) {
      await client.line('/window beto')
      await client.expect(`<beto> ${text}`)
    },
  })
  await client.line('/quit')
  await client.expect('exit 0')
  await there.beto.expect('Usuario ana se ha desconectado.\n')
})
