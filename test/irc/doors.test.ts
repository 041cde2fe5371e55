import assert from 'node:assert/strict'
import { test } from 'node:test'
import { played, table } from '../conversations/happenings.ts'
import { bare, Irc, tagsOf } from '../tools/irc-client.ts'
import { HOST, quickServer } from './quick-server.ts'

/** No batches, so that a text of several lines is several messages. */
const WATCHING =
  'message-tags away-notify draft/channel-rename draft/message-redaction extended-join invite-notify'

/** Lines as docs/doors.md writes them: the nick as the source, and only the tags that matter. */
function written(line: string): string {
  const tags = [...tagsOf(line)].filter(([key]) => key.startsWith('+') && key !== '+draft/reply')
  const before = tags.length === 0 ? '' : `@${tags.map(([key, value]) => `${key}=${value}`).join(';')} `
  return (
    before +
    bare(line)
      .replace(/^:([^ !]+)!\S+/, ':$1')
      .replace(`:${HOST} `, ':server ')
      .replaceAll('\x01', '␁')
  )
}

test('docs/doors.md holds what the IRC door shows', async t => {
  const server = await quickServer(t)
  const ana = await server.register('ana')
  using watcher = await Irc.logIn(server.port, 'ana', { caps: WATCHING })
  const rows = new Map((await table()).map(([event = '', , , irc = '']) => [event, irc]))
  const shows = async (event: string) => {
    const lines = (rows.get(event) ?? assert.fail(`docs/doors.md lacks ${event}`)).split('\n').slice(0, -1)
    assert.ok(lines.length > 0, event)
    for (const line of lines) {
      const heard = await watcher.expect(/^(@\S+ )?:\S+ /)
      assert.equal(written(heard), line, event)
    }
  }
  const beto = await server.register('beto')
  await shows('connect')
  ana.say('/crear sala')
  await ana.expect('#sala.\n')
  await watcher.expect(/ 366 ana #sala /)
  const clients = { ana, beto }
  for (const [event, who, types] of played) {
    if (event === 'reply') {
      beto.say('¿?')
      await watcher.expect(/ PRIVMSG #sala :¿\?$/)
    }
    for (const line of types.slice(0, -1)) clients[who].say(line)
    if (event === 'message') await watcher.expect(/ PRIVMSG #sala :ola$/)
    // The events that prepare it are rendered too.
    if (event === 'room leave') await watcher.expect(/ JOIN #sala beto /)
    if (event.startsWith('banned')) await watcher.expect(/ JOIN #sala beto /)
    for (const line of types.slice(-1)) clients[who].say(line)
    await shows(event)
  }
})
