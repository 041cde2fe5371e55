// IRC clients for the terminal, as people run them: the assertions are about the screen.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { certificateIn } from '../tools/certificates.ts'
import { impatient, quickArgon2 } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { BEFORE, converse, folder, scene, shownIn } from '../tools/irc-scene.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { lacking } from '../tools/programs.ts'
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
  await client.expect(BEFORE)
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

/** An account in the file that its window of accounts writes. */
const purple = (port: number) => `<?xml version='1.0' encoding='UTF-8' ?>
<account version='1.0'>
  <account>
    <protocol>prpl-irc</protocol>
    <name>ana@127.0.0.1</name>
    <password>${PASSWORD}</password>
    <statuses>
      <status type='available' name='Available' active='true'><attributes/></status>
    </statuses>
    <settings>
      <setting name='port' type='int'>${port}</setting>
      <setting name='ssl' type='bool'>0</setting>
      <setting name='sasl' type='bool'>1</setting>
      <setting name='auth_plain_in_clear' type='bool'>1</setting>
      <setting name='encoding' type='string'>UTF-8</setting>
    </settings>
    <settings ui='gnt-purple'>
      <setting name='auto-login' type='bool'>1</setting>
    </settings>
  </account>
</account>
`

test('Finch connects with SASL, sees what was said, talks, leaves, and comes back', {
  skip: lacking('finch', 'tmux'),
}, async t => {
  const there = await scene(t)
  const HOME = homeWith(t, { '.purple/accounts.xml': purple(there.server.port) })
  const finch = () => Terminal.run('finch', { ...SIZE, env: { HOME } })
  {
    await using client = await finch()
    await client.expect('│#general (ana@')
    await client.press('M-2') // its second window; the first is the list of buddies
    await client.expect(BEFORE)
    await converse(there, {
      say: text => client.line(text),
      sees: (who, text) => client.expect(`${who}: ${text}`),
      tells: text => client.line(`/msg beto ${text}`),
      async isTold(text) {
        await client.expect('│beto (ana@')
        await client.press('M-3')
        await client.expect(`beto: ${text}`)
      },
    })
    await client.press('M-q')
    await client.expect('exit 0')
    await there.beto.expect('Usuario ana se ha desconectado.\n')
  }
  there.beto.say('mientras no estabas')
  await using again = await finch()
  await again.expect('│#general (ana@')
  await again.press('M-2')
  await again.expect('mientras no estabas')
})

test('Finch is not led into SCRAM by a verifier of more rounds than it takes: it says the password', {
  skip: lacking('finch', 'tmux'),
}, async t => {
  const data = folder(t)
  const edits = [quickArgon2, impatient, { file: 'core/people/scram.ts', set: { ITERATIONS: 120_000 } }]
  {
    await using before = await openServer({ data, edits })
    await before.web.register('ana')
  }
  await using server = await openServer({ data, edits: [quickArgon2, impatient] })
  const HOME = homeWith(t, { '.purple/accounts.xml': purple(server.port) })
  for (const mechanism of ['PLAIN', 'SCRAM-SHA-256']) {
    const debug = join(HOME, `${mechanism}.log`)
    await using client = await Terminal.run(`finch --debug 2>${debug}`, { columns: 150, env: { HOME } })
    await client.expect('│#general (ana@')
    await shownIn(debug, /Successfully authenticated/)
    const tried = readFileSync(debug, 'utf8').matchAll(/Using SASL: (\S+)/g)
    assert.equal(tried.toArray().at(-1)?.[1], mechanism)
  }
})
