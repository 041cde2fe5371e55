// The transcript of docs/protocol.md, played: what ana's client says is said, and what it hears is what stands there.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { CLOSE_CODES } from '../../src/wire/websocket.ts'
import { openServer } from '../tools/hosted.ts'
import { patiently } from '../tools/patiently.ts'
import { ROOT } from '../tools/root.ts'
import type { LiveClient } from '../tools/web-client.ts'

async function page(): Promise<string> {
  return readFile(join(ROOT, 'docs/protocol.md'), 'utf8')
}

/** What stands there, … being anything, in whatever order the properties come. */
function matches(said: unknown, wanted: unknown): boolean {
  if (wanted === '…') return true
  if (typeof wanted !== 'object' || wanted === null) return said === wanted
  const [names, wantedNames] = [Object.keys(said ?? {}).sort(), Object.keys(wanted).sort()]
  return (
    names.join() === wantedNames.join() &&
    Object.entries(wanted).every(([name, each]) => matches((said as Record<string, unknown>)[name], each))
  )
}

function parsed(line: string): unknown {
  return JSON.parse(line.slice(2).replaceAll(':…', ':"…"'))
}

test('the transcript', async () => {
  const [, transcript = ''] = /```transcript\n([\s\S]*?)```/.exec(await page()) ?? []
  await using server = await openServer()
  const [ana, beto] = [await server.web.register('ana'), await server.web.register('beto')]
  let live: LiveClient | undefined
  const others: Record<string, () => Promise<unknown>> = {
    'beto says hola': () => beto.do('POST', '/rooms/1/messages', { text: 'hola' }),
    'beto connects': async () => {
      live = await beto.connect()
    },
    'beto types': async () => live?.client.typing(1),
    'beto brings ana into a new room': async () => {
      await beto.do('POST', '/rooms', { name: 'club' })
      await beto.do('PUT', '/rooms/club/members/ana')
    },
    "ana's session is revoked": () => ana.do('DELETE', '/me/sessions/1'),
  }
  const heard: string[] = []
  const web = new WebSocket(`ws://127.0.0.1:${server.port}/ws`)
  web.on('message', frame => heard.push(String(frame)))
  await once(web, 'open')
  let next = 0
  for (const line of transcript.trimEnd().split('\n')) {
    if (line.startsWith('# ')) await (others[line.slice(2)] ?? assert.fail(line))()
    else if (line.startsWith('→ ')) web.send(line.slice(2).replace('"token":"…"', `"token":"${ana.token}"`))
    else {
      await patiently(
        () => heard.length > next,
        () => `never heard ${line}`,
      )
      assert.ok(matches(JSON.parse(heard[next] ?? ''), parsed(line)), `${line}\n${heard[next]}`)
      next++
    }
  }
  const [code] = await once(web, 'close')
  assert.equal(code, CLOSE_CODES.revoked)
  live?.client.close()
})

test('every close code stands in the page', async () => {
  const text = await page()
  for (const [code, number] of Object.entries(CLOSE_CODES))
    assert.ok(text.includes(`| \`${code}\` | ${number} |`))
})
