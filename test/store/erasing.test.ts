import assert from 'node:assert/strict'
import { readFile, rm } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { patiently } from '../tools/patiently.ts'
import { startServer, temporaryFolder } from '../tools/server.ts'

const SECRET = 'zarzaparrilla'

test('a deleted or corrected text is nowhere in the files, even after a crash', async t => {
  const data = await temporaryFolder()
  t.after(() => rm(data, { recursive: true, force: true }))
  await using server = await startServer({ data, args: ['--no-limits'] })
  const ana = await server.register('ana')
  const beto = await server.register('beto')
  const onDisk = async () => {
    const files = await Promise.all(['chat.db', 'chat.db-wal'].map(name => readFile(`${data}/${name}`)))
    return files.some(bytes => bytes.includes(SECRET))
  }
  ana.say(`una ${SECRET}`)
  ana.say(`otra ${SECRET}`)
  for (let i = 0; i < 50; i++) ana.say(`relleno ${i}`)
  await beto.expect('relleno 49\n')
  assert.ok(await onDisk())
  // It is indexed within a second or so, and must leave the index, too.
  const database = new DatabaseSync(server.database, { readOnly: true })
  await patiently(
    () => database.prepare('SELECT searchable_seq = last_seq AS done FROM rooms').get()?.done === 1,
    () => 'never indexed',
  )
  database.close()
  ana.say('/borrar 1')
  ana.say('/editar 2 otra cosa')
  await beto.expect('* ana corrigió #2: otra cosa\n')
  await patiently(
    async () => !(await onDisk()),
    () => 'the text is still in the files',
  )
  const index = new DatabaseSync(server.database, { readOnly: true })
  const listed = index
    .prepare("SELECT count(*) AS count FROM terms WHERE terms MATCH 'zarzapar OR otra'")
    .get()
  assert.equal(listed?.count, 1, 'the correction alone')
  index.close()
  const caro = await server.register('caro')
  assert.ok(!caro.heard.includes(SECRET))

  // A reader keeps the write-ahead log from being truncated: a server that is killed then leaves that to the next one.
  const reading = new DatabaseSync(server.database, { readOnly: true })
  reading.exec('BEGIN')
  reading.prepare('SELECT count(*) FROM messages').get()
  ana.say(`tercera ${SECRET}`)
  ana.say('/borrar 55')
  await beto.expect('* ana borró #55\n')
  assert.ok(await onDisk())
  await server.kill()
  reading.close()
  await using next = await startServer({ data, args: ['--no-limits'] })
  assert.ok(!(await onDisk()), 'it is in the log that the killed one left')
  // A server that goes on does it later, even if nobody says anything more.
  const again = new DatabaseSync(next.database, { readOnly: true })
  again.exec('BEGIN')
  again.prepare('SELECT count(*) FROM messages').get()
  const web = await next.web.register('dora')
  const { seq } = await web.do('POST', '/rooms/1/messages', { text: `cuarta ${SECRET}` })
  await web.do('DELETE', `/rooms/1/messages/${seq}`)
  assert.ok(await onDisk())
  again.close()
  await patiently(
    async () => !(await onDisk()),
    () => 'the text stays in the log until somebody speaks',
  )
})

test('former texts that are kept go with their message, and all of them when none are kept any more', async t => {
  const data = await temporaryFolder()
  t.after(() => rm(data, { recursive: true, force: true }))
  await using server = await startServer({ data, args: ['--no-limits'] })
  const ana = await server.web.register('ana')
  const onDisk = async () => {
    const files = await Promise.all(['chat.db', 'chat.db-wal'].map(name => readFile(`${data}/${name}`)))
    return files.some(bytes => bytes.includes(SECRET))
  }
  const gone = () =>
    patiently(
      async () => !(await onDisk()),
      () => 'the former text is still in the files',
    )
  const edited = async () => {
    const { seq } = await ana.do('POST', '/rooms/1/messages', { text: `una ${SECRET}` })
    await ana.do('PATCH', `/rooms/1/messages/${seq}`, { text: 'otra cosa' })
    return seq
  }
  await edited()
  await gone()
  await ana.do('PATCH', '/server/settings', { editHistory: 'on' })
  const first = await edited()
  const { versions } = await ana.do('GET', `/rooms/1/messages/${first}/versions`)
  assert.deepEqual(
    versions.map(({ text }: { text: string }) => text),
    [`una ${SECRET}`, 'otra cosa'],
  )
  assert.ok(await onDisk())
  await ana.do('DELETE', `/rooms/1/messages/${first}`)
  await gone()
  await edited()
  assert.ok(await onDisk())
  await ana.do('PATCH', '/server/settings', { editHistory: 'off' })
  await gone()
})
