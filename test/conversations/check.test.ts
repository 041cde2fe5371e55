// `tertulia check`: files whose bytes are missing, attachments whose message is gone, and bytes that nothing refers to.

import assert from 'node:assert/strict'
import { mkdir, readdir, rm, rmdir, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { impatient, quickHashes } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { patiently } from '../tools/patiently.ts'
import type { Server } from '../tools/server.ts'
import { tertulia } from '../tools/tertulia.ts'
import type { Web } from '../tools/web-client.ts'

/** What is deleted here is looked for soon. */
const soonSwept = { file: 'core/files/file-sweeper.ts', set: { LOOK_MS: 50 } }

describe('tertulia check', () => {
  let server: Server
  let ana: Web
  before(async () => {
    server = await openServer({ edits: [...quickHashes, impatient, soonSwept] })
    ana = await server.web.register('ana')
  })
  after(() => server[Symbol.asyncDispose]())

  const check = (...words: string[]) => tertulia(server.data, words)
  const send = async (name: string, content: string): Promise<{ id: string; seq: number }> => {
    const response = await fetch(`${ana.origin}/api/v1/rooms/1/files?name=${name}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${ana.token}` },
      body: content,
    })
    const { seq, attachments } = await response.json()
    return { id: attachments[0].id, seq }
  }
  const pathOf = (id: string) => join(server.data, 'files', id.slice(0, 2), id)
  const outside = (sql: string) => {
    const database = new DatabaseSync(server.database, { timeout: 5000 })
    database.exec(sql)
    database.close()
  }
  const filesOnDisk = async () =>
    (await readdir(join(server.data, 'files'), { recursive: true, withFileTypes: true }))
      .filter(each => each.isFile())
      .map(({ name }) => name)
      .toSorted()

  test('all is well', async () => {
    await send('uno.txt', 'uno')
    assert.deepEqual(await check('check', '--digests'), {
      code: 0,
      stdout: 'Todo está bien. Mensajes con archivos: 1\n',
      stderr: '',
    })
    assert.match((await check('--lang', 'en', 'check')).stdout, /^All is well\. Messages with files: 1\n$/)
  })

  test('another option is not understood', async () => {
    const { code, stderr } = await check('check', 'todo')
    assert.deepEqual(
      [code, stderr],
      [1, 'Uso: npm run -s tertulia -- check [--digests] [--delete-orphans]\n'],
    )
    assert.match((await check('check', '--all')).stderr, /--all/)
  })

  test('bytes that are lost come back with whoever sends them again, for all messages that have them', async () => {
    const lose: ((path: string) => Promise<unknown>)[] = [
      path => rm(path),
      path => truncate(path, 3),
      path => rm(path).then(() => mkdir(path)),
    ]
    for (const [i, harm] of lose.entries()) {
      const [content, first] = [`perdido ${i}`, await send('uno.txt', `perdido ${i}`)]
      await harm(pathOf(first.id))
      assert.equal((await check('check')).code, 1)
      const second = await send('dos.txt', content)
      for (const { id } of [first, second]) {
        const read = await fetch(`${ana.origin}/f/${id}`, {
          headers: { Authorization: `Bearer ${ana.token}` },
        })
        assert.equal(await read.text(), content)
      }
      assert.equal((await check('check', '--digests')).code, 0)
      for (const { seq } of [first, second]) await ana.do('DELETE', `/rooms/1/messages/${seq}`)
      await rm(pathOf(first.id), { recursive: true, force: true })
    }
  })

  test('what cannot be deleted is told once, and keeps nothing else; once it can be, it goes', async () => {
    const sent = [await send('a.txt', 'aaa'), await send('b.txt', 'bbb'), await send('c.txt', 'ccc')]
    const [first, ...others] = sent.map(({ id }) => id).toSorted()
    assert.ok(first)
    await rm(pathOf(first))
    await mkdir(pathOf(first))
    outside("INSERT INTO pending_deletions (key) VALUES ('!')")
    for (const { seq } of sent) await ana.do('DELETE', `/rooms/1/messages/${seq}`)
    const last = await send('d.txt', 'ddd')
    await ana.do('DELETE', `/rooms/1/messages/${last.seq}`)
    const there = (id: string) =>
      stat(pathOf(id)).then(
        () => true,
        () => false,
      )
    await patiently(
      async () => !(await Promise.all([...others, last.id].map(there))).includes(true),
      () => server.errors,
    )
    assert.equal(await there(first), true)
    const told = (key: string) =>
      server.errors.split('\n').filter(each => each.includes(`can’t delete the bytes of \\"${key}\\"`)).length
    await patiently(
      () => told('!') + told(first) > 0,
      () => server.errors,
    )
    await rmdir(pathOf(first))
    const left = () => {
      using database = new DatabaseSync(server.database, { timeout: 5000 })
      return database.prepare('SELECT key FROM pending_deletions').all()
    }
    await patiently(
      () => left().length === 1,
      () => JSON.stringify(left()),
    )
    assert.ok(told('!') <= 1 && told(first) <= 1, server.errors) // both may be told in one sentence
    outside(
      "DELETE FROM pending_deletions; INSERT INTO files (key, sha256, size, type) VALUES ('!', '!', 1, 'text/plain')",
    )
    assert.equal((await check('check', '--delete-orphans')).code, 1)
    outside("DELETE FROM files WHERE key = '!'")
    assert.equal((await check('check')).code, 0)
  })

  test('bytes that are missing, more, fewer or others', async () => {
    const [gone, short, other] = [
      await send('falta.txt', 'falta'),
      await send('corto.txt', 'corto'),
      await send('otro.txt', 'ontro'),
    ]
    await rm(pathOf(gone.id))
    await truncate(pathOf(short.id), 3)
    await writeFile(pathOf(other.id), 'otrro')
    const { code, stdout } = await check('--lang', 'en', 'check')
    assert.equal(code, 1)
    assert.deepEqual(stdout.split('\n'), [
      'Messages with files: 4',
      'Files of messages that are missing, or not as they should be: 2',
      `  room 1, message #${gone.seq}, falta.txt: missing`,
      `  room 1, message #${short.seq}, corto.txt: of another size`,
      '',
    ])
    const digests = await check('check', '--digests')
    assert.equal(digests.code, 1)
    assert.match(digests.stdout, /no están como deberían: 3\n/)
    assert.match(digests.stdout, new RegExp(`mensaje #${other.seq}, otro.txt: su contenido es otro\n`))
    for (const { seq } of [gone, short, other]) await ana.do('DELETE', `/rooms/1/messages/${seq}`)
    assert.equal((await check('check', '--digests')).code, 0)
  })

  test('a message that another program deletes: its bytes go too', async () => {
    const { id, seq } = await send('ajeno.txt', 'de otro programa')
    await stat(pathOf(id))
    outside(`DELETE FROM messages WHERE id = ${2 ** 32 + seq}`)
    await patiently(
      async () => !(await filesOnDisk()).includes(id),
      () => 'its bytes stay',
    )
    assert.equal((await check('check')).code, 0)
  })

  test('bytes that nothing refers to are told, and deleted when they are old and it is asked for', async () => {
    const [old, young] = ['x'.repeat(22), 'y'.repeat(22)]
    for (const key of [old, young]) {
      await mkdir(join(server.data, 'files', key.slice(0, 2)), { recursive: true })
      await writeFile(pathOf(key), 'nadie')
    }
    await utimes(pathOf(old), 0, 0)
    const row = await send('fila.txt', 'sin fila')
    outside(`DELETE FROM attachments WHERE id = '${row.id}'`)
    const told = await check('check')
    assert.equal(told.code, 1)
    assert.match(told.stdout, /otro programa borró sus filas/)
    assert.match(told.stdout, /Archivos guardados a los que nada hace referencia: 3\n/)
    for (const key of [old, young, row.id]) assert.ok(told.stdout.includes(`  ${key}\n`), key)
    assert.match(told.stdout, /Para borrar/)
    assert.ok((await filesOnDisk()).includes(old), 'it deletes nothing by itself')
    const deleted = await check('check', '--delete-orphans')
    assert.match(deleted.stdout, /De ellos se borran, por tener más de un día: 1\n/)
    await patiently(
      async () => !(await filesOnDisk()).includes(old),
      () => 'its bytes stay',
    )
    assert.ok((await filesOnDisk()).includes(young))
  })
})
