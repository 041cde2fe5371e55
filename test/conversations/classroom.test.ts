// How each door shows a message, as the web door tells it: the same bytes that real clients were sent.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { openServer } from '../tools/hosted.ts'
import { Irc } from '../tools/irc-client.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { patiently } from '../tools/patiently.ts'
import { lacking } from '../tools/programs.ts'
import type { Server } from '../tools/server.ts'
import type { Web } from '../tools/web-client.ts'

/** Somebody at netcat, logged in. @returns all that it has printed so far */
async function netcat(server: Server, username: string): Promise<{ printed(): string } & Disposable> {
  const child = spawn('nc', ['127.0.0.1', `${server.port}`], { stdio: ['pipe', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    printed += text
  })
  child.stdin.write(`1\n${username}\n${PASSWORD}\n`)
  await patiently(
    () => /(Bienvenido|Welcome) \w+!\n/.test(printed),
    () => `netcat never got in:\n${printed}`,
  )
  return { printed: () => printed, [Symbol.dispose]: () => void child.kill() }
}

/** The frames of a real WebSocket, as they came. */
async function websocket(server: Server, { token }: Web): Promise<{ frames: string[] } & Disposable> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws`)
  const frames: string[] = []
  socket.on('message', frame => frames.push(String(frame)))
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'hello', token }))
  await patiently(
    () => frames.length > 0,
    () => 'no hello',
  )
  return { frames, [Symbol.dispose]: () => socket.terminate() }
}

/** What is hard to show: each is one message. */
const HARD = [
  'hola',
  'uno\ndos\n\ncuatro',
  '  ñandú 👩‍👩‍👧 ٣ שלום  ',
  '\u001b[2Jbeto: no fui yo\u202e\r\nbeto: ni yo\u0085\u2028"\\',
  '@todos vengan',
  'x'.repeat(4000),
]

test('how each door shows a message is what netcat, an IRC client and a WebSocket are sent', {
  skip: lacking('nc'),
}, async () => {
  await using server = await openServer()
  const [ana, beto] = [await server.web.register('ana'), await server.web.register('beto')]
  await beto.do('PATCH', '/me', { language: 'en' })
  using line = await netcat(server, 'beto')
  using web = await websocket(server, beto)
  using irc = await Irc.logIn(server.port, 'beto', {
    caps: 'account-tag batch draft/multiline message-tags server-time',
  })
  const doorsOf = async (seq: number) => {
    const { doors } = await beto.do('GET', `/rooms/general/messages/${seq}/doors`)
    assert.deepEqual(
      doors.map(({ door }: { door: string }) => door),
      ['line', 'irc', 'json'],
    )
    return doors.map(({ text }: { text: string }) => text) as [string, string, string]
  }
  for (const [i, text] of [...HARD, 'respondo'].entries()) {
    const [before, frames, lines] = [line.printed().length, web.frames.length, irc.lines.length]
    const reply = text === 'respondo' ? { reply: 1 } : {}
    const { seq } = await ana.do('POST', '/rooms/1/messages', { text, ...reply })
    assert.equal(seq, i + 1)
    const [inLine, inIrc, inJson] = await doorsOf(seq)
    await patiently(
      () =>
        line.printed().length >= before + inLine.length &&
        web.frames.length > frames &&
        irc.lines.length >= lines + inIrc.split('\r\n').length - 1,
      () => `never shown: ${line.printed().slice(before)}`,
    )
    assert.equal(line.printed().slice(before), inLine)
    assert.deepEqual(web.frames.slice(frames), [inJson])
    assert.equal(`${irc.lines.slice(lines).join('\r\n')}\r\n`, inIrc)
  }
  // What is looked at later is shown as it is then, and so to who comes back.
  await beto.do('PUT', '/rooms/1/messages/1/reactions/👍')
  await ana.do('PATCH', '/rooms/1/messages/1', { text: 'hola, hola' })
  const [inLine, , inJson] = await doorsOf(1)
  assert.equal(inLine, 'ana: hola, hola\n')
  assert.deepEqual(JSON.parse(inJson).events[0].edited, true)
  assert.equal(JSON.parse(inJson).events[0].reactions, undefined, 'those come on their own')
})

test('who is not there is shown nothing, and there is nothing where no message is', async () => {
  await using server = await openServer()
  const [ana, beto] = [await server.web.register('ana'), await server.web.register('beto')]
  await ana.do('POST', '/rooms', { name: 'club', kind: 'closed' })
  await ana.do('POST', '/rooms/club/messages', { text: 'entre nosotras' })
  const { seq } = await ana.do('POST', '/rooms/club/messages', { text: 'fuera' })
  await ana.do('DELETE', `/rooms/club/messages/${seq}`)
  assert.equal(await beto.refused('GET', '/rooms/2/messages/2/doors'), 'not-a-member')
  assert.equal(await beto.refused('GET', '/rooms/77/messages/2/doors'), 'not-a-member')
  assert.equal(await server.web.refused('GET', '/rooms/2/messages/2/doors'), 'not-logged-in')
  const reader = await ana.do('POST', '/me/tokens', { name: 'x', scope: 'read', room: 1 })
  assert.equal(await ana.with(reader.token).refused('GET', '/rooms/2/messages/2/doors'), 'out-of-scope')
  for (const nothing of [0, 1, seq, seq + 1, seq + 2, 2 ** 32 - 1])
    assert.equal(await ana.refused('GET', `/rooms/2/messages/${nothing}/doors`), 'no-such-message')
  for (const wrong of ['-1', '1.5', 'x', '4294967296', '1e3', '%00'])
    assert.equal(await ana.refused('GET', `/rooms/2/messages/${wrong}/doors`), 'bad-request', wrong)
})

test('what somebody says whom one has blocked is not shown either', async () => {
  await using server = await openServer()
  const [ana, beto] = [await server.web.register('ana'), await server.web.register('beto')]
  await server.web.register('caro')
  const { id } = await ana.do('POST', '/direct', { people: ['beto', 'caro'] })
  const { seq } = await beto.do('POST', `/rooms/${id}/messages`, { text: 'no lo ves' })
  await ana.do('PUT', '/me/blocks/beto')
  assert.equal(await ana.refused('GET', `/rooms/${id}/messages/${seq}/doors`), 'no-such-message')
  await beto.do('GET', `/rooms/${id}/messages/${seq}/doors`)
})
