import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import {
  chmod,
  chown,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Refusal } from '../../src/core/model/refusals.ts'
import { type FileKey, OffsetMismatch } from '../../src/core/ports/file-storage.ts'
import { FolderFileStorage } from '../../src/store/files/folder.ts'
import { Unusable } from '../../src/store/unusable.ts'
import { all, BLOCK, chunked, newKey, numbered } from '../contracts/files.ts'
import { modulesWith } from '../tools/edited-modules.ts'
import { patiently } from '../tools/patiently.ts'
import { ROOT } from '../tools/root.ts'
import { temporaryFolder } from '../tools/server.ts'

const isRoot = process.platform === 'linux' && process.getuid?.() === 0
/** An account that owns nothing. */
const NOBODY = 65_534

async function temporary(t: TestContext): Promise<string> {
  const data = await temporaryFolder()
  t.after(() => rm(data, { recursive: true }))
  return data
}

function within(path: string, key: FileKey): string {
  return join(path, key.slice(0, 2), key)
}

function isClosing(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'closing'
}

function isFull(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'store-full'
}

test('nobody else may read what is stored', async t => {
  const umask = process.umask(0)
  t.after(() => process.umask(umask))
  const path = join(await temporary(t), 'files')
  const files = await FolderFileStorage.open(path)
  const [key, made] = [newKey(), newKey('.screen')]
  await files.append(key, 0, chunked(numbered(10)))
  await using scratch = await files.scratch()
  await writeFile(join(scratch.path, 'made'), 'x', { mode: 0o666 })
  await files.adopt(made, join(scratch.path, 'made'))
  const mode = async (each: string) => (await stat(each)).mode & 0o777
  for (const each of [key, made]) {
    assert.equal(await mode(within(path, each)), 0o600)
    assert.equal(await mode(dirname(within(path, each))), 0o700)
  }
  assert.equal(await mode(path), 0o700)
  assert.equal(await mode(scratch.path), 0o700)
  await files.close()
})

test('what a killed server has left in its scratch folders is gone at the next start', async t => {
  const path = join(await temporary(t), 'files')
  const killed = await FolderFileStorage.open(path)
  const left = await killed.scratch()
  await writeFile(join(left.path, 'half'), 'x')
  await (await FolderFileStorage.open(path)).close()
  assert.deepEqual(await readdir(path), [])
})

test('files that are not ours are no keys', async t => {
  const path = join(await temporary(t), 'files')
  const files = await FolderFileStorage.open(path)
  const key = newKey()
  await files.append(key, 0, chunked(numbered(10)))
  const folder = dirname(within(path, key))
  const stranger = `${key.startsWith('A') ? 'B' : 'A'}${newKey().slice(1)}`
  await writeFile(join(path, '.DS_Store'), 'x')
  await writeFile(join(folder, 'notes.txt'), 'x')
  await writeFile(join(folder, stranger), 'x') // in another's folder, where it would not be found
  await mkdir(join(folder, `${key.slice(0, 2)}${newKey().slice(2)}`))
  await symlink('/etc/passwd', join(folder, `${key.slice(0, 2)}${newKey().slice(2)}`))
  assert.deepEqual(await Array.fromAsync(files.keys()), [key])
  await files.close()
})

/** A chunk, and then nothing for ever. */
async function* stuck(first: Uint8Array): AsyncGenerator<Uint8Array> {
  yield first
  await new Promise(() => {})
}

async function openFiles(): Promise<number> {
  return (await readdir('/proc/self/fd')).length
}

test('who waits for ever, or leaves a reader where it stands, keeps no file from being closed with the storage', {
  skip: !existsSync('/proc/self/fd') && 'there is no /proc',
}, async t => {
  const path = join(await temporary(t), 'files')
  const files = await FolderFileStorage.open(path)
  const [key, waiting] = [newKey(), newKey()]
  const bytes = numbered(4 * BLOCK)
  await files.append(key, 0, chunked(bytes))
  const before = await openFiles()
  const left = files.read(key, 0, bytes.length)[Symbol.asyncIterator]()
  await left.next()
  const append = files.append(waiting, 0, stuck(numbered(2 * BLOCK + 7)))
  const refused = assert.rejects(append, isClosing)
  await patiently(
    async () => (await stat(within(path, waiting)).catch(() => undefined))?.size === 2 * BLOCK,
    () => 'it was never begun',
  )
  assert.equal(await openFiles(), before + 2)
  await files.close()
  await refused
  assert.equal(await openFiles(), before)
  await assert.rejects(async () => {
    while (!(await left.next()).done);
  }, isClosing)
  const again = await FolderFileStorage.open(path)
  assert.deepEqual(await all(again, waiting, 0, 2 * BLOCK), bytes.subarray(0, 2 * BLOCK), 'what was taken')
  await again.close()
})

test('what is removed is not waited for', async t => {
  const path = join(await temporary(t), 'files')
  const files = await FolderFileStorage.open(path)
  const key = newKey()
  const refused = assert.rejects(files.append(key, 0, stuck(numbered(BLOCK))), OffsetMismatch)
  await patiently(
    async () => (await stat(within(path, key)).catch(() => undefined))?.size === BLOCK,
    () => 'it was never begun',
  )
  await files.remove(key)
  await refused
  await files.close()
})

test('a file that is open is not collected, so that its end does not end the process', async t => {
  const path = join(await temporary(t), 'files')
  const code = `
    import { FolderFileStorage } from ${JSON.stringify(join(ROOT, 'src/store/files/folder.ts'))}
    const files = await FolderFileStorage.open(${JSON.stringify(path)})
    const key = 'A'.repeat(22)
    await files.append(key, 0, [Buffer.alloc(1e6)])
    for (let i = 0; i < 20; i++) await files.read(key, 0, 1e6)[Symbol.asyncIterator]().next()
    for (let i = 0; i < 20; i++) {
      gc()
      await new Promise(setImmediate)
    }
    await files.close()
    console.log('closed')`
  const out = execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', code], {
    encoding: 'utf8',
  })
  assert.equal(out, 'closed\n')
})

test('a link or a pipe in place of a file, or of a subfolder, is not followed', async t => {
  const data = await temporary(t)
  const path = join(data, 'files')
  const files = await FolderFileStorage.open(path)
  const [link, pipe, below] = [newKey(), newKey(), newKey()]
  const [outside, victim] = [join(data, 'outside'), join(data, 'victim')]
  await mkdir(outside)
  for (const each of [join(outside, below), victim]) await writeFile(each, 'secret')
  for (const each of [link, pipe]) await mkdir(dirname(within(path, each)), { recursive: true })
  await symlink(victim, within(path, link))
  execFileSync('mkfifo', [within(path, pipe)])
  await symlink(outside, join(path, below.slice(0, 2)))
  await using scratch = await files.scratch()
  await symlink(victim, join(scratch.path, 'link'))
  for (const key of [link, pipe, below]) {
    await assert.rejects(files.length(key))
    await assert.rejects(all(files, key, 0, 1))
    await assert.rejects(files.append(key, 0, chunked(numbered(1))))
    await assert.rejects(files.append(key, 6, chunked(numbered(1))))
    await assert.rejects(files.withLocalFile(key, path => readFile(path)))
  }
  await assert.rejects(files.remove(below))
  await assert.rejects(files.adopt(below, join(scratch.path, 'link')))
  await assert.rejects(files.adopt(newKey(), join(scratch.path, 'link')))
  await files.remove(link) // the link itself
  await assert.rejects(readlink(within(path, link)))
  for (const each of [join(outside, below), victim]) assert.equal(await readFile(each, 'utf8'), 'secret')
  await files.close()
})

test('files may be a link to another disk', async t => {
  const data = await temporary(t)
  await mkdir(join(data, 'disk'))
  await symlink(join(data, 'disk'), join(data, 'files'))
  const files = await FolderFileStorage.open(join(data, 'files'))
  const key = newKey()
  await files.append(key, 0, chunked(numbered(10)))
  await files.close()
  assert.equal((await stat(within(join(data, 'disk'), key))).size, 10)
})

test('a folder that can’t be used stops the start', async t => {
  const data = await temporary(t)
  const unusable = (path: string) =>
    assert.rejects(
      FolderFileStorage.open(path),
      error => error instanceof Unusable && error.code === 'unwritable',
    )
  await writeFile(join(data, 'file'), 'x')
  await unusable(join(data, 'file'))
  await unusable(join(data, 'missing/files'))
  await symlink(join(data, 'nowhere'), join(data, 'dangling'))
  await unusable(join(data, 'dangling'))
  await mkdir(join(data, 'locked'))
  await chmod(join(data, 'locked'), 0o500)
  await asNobody(async () => unusable(join(data, 'locked')))
})

test('a file that can’t be read fails only those who ask for it', async t => {
  const data = await temporary(t)
  const path = join(data, 'files')
  if (isRoot) await chmod(data, 0o755)
  await mkdir(path)
  if (isRoot) await chown(path, NOBODY, NOBODY)
  await asNobody(async () => {
    const files = await FolderFileStorage.open(path)
    const [locked, other] = [newKey(), newKey()]
    for (const key of [locked, other]) await files.append(key, 0, chunked(numbered(10)))
    await chmod(within(path, locked), 0)
    await assert.rejects(all(files, locked, 0, 10), { code: 'EACCES' })
    await assert.rejects(files.length(locked), { code: 'EACCES' })
    await assert.rejects(files.append(locked, 10, chunked(numbered(10))), { code: 'EACCES' })
    assert.deepEqual(await all(files, other, 0, 10), numbered(10))
    assert.equal(await files.append(other, 10, chunked(numbered(10))), 20)
    await files.close()
  })
})

/** As an account that may not do everything, where this one may. */
async function asNobody(work: () => Promise<void>): Promise<void> {
  if (!isRoot) return work()
  process.seteuid?.(NOBODY)
  try {
    await work()
  } finally {
    process.seteuid?.(0)
  }
}

test('a file that becomes shorter while it is read ends with an error', async t => {
  const path = join(await temporary(t), 'files')
  const files = await FolderFileStorage.open(path)
  const key = newKey()
  await files.append(key, 0, chunked(numbered(5 * BLOCK)))
  await assert.rejects(async () => {
    for await (const _ of files.read(key, 0, 5 * BLOCK)) await truncate(within(path, key), BLOCK)
  }, /fewer than/)
  await files.close()
})

async function smallDisk(t: TestContext, size: string): Promise<string> {
  const made = await temporaryFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', made])
  t.after(async () => {
    execFileSync('umount', ['-l', made])
    await rm(made, { recursive: true })
  })
  return made
}

const noMount = !isRoot && 'needs root on Linux, to mount a small file system'

test('a full disk: what fitted stays, others have room for a text, and with more room it goes on', {
  skip: noMount,
}, async t => {
  const data = await smallDisk(t, '4m')
  const wrong: (string | undefined)[] = []
  const files = await FolderFileStorage.open(join(data, 'files'), { onFull: each => wrong.push(each) })
  const [key, bytes] = [newKey(), numbered(8 << 20)]
  await assert.rejects(files.append(key, 0, chunked(bytes, 65_536)), isFull)
  const length = (await files.length(key)) ?? 0
  assert.ok(length > 3 << 20 && length < 4 << 20, `${length} bytes fitted`)
  assert.deepEqual(await all(files, key, 0, length), bytes.subarray(0, length))
  await writeFile(join(data, 'chat.db'), Buffer.alloc(100_000))
  await assert.rejects(files.append(key, length, chunked(bytes.subarray(length))), isFull)
  assert.equal(await files.length(key), length)
  assert.deepEqual(wrong, ['full'])
  execFileSync('mount', ['-o', 'remount,size=64m', data])
  await patiently(
    () => wrong.length === 2,
    () => 'it is full for ever',
  )
  assert.deepEqual(wrong, ['full', undefined])
  assert.equal(await files.append(key, length, chunked(bytes.subarray(length))), bytes.length)
  assert.deepEqual(await all(files, key, 0, bytes.length), bytes)
  await files.close()
})

test('a disk that others fill meanwhile: what fitted stays', { skip: noMount }, async t => {
  const data = await smallDisk(t, '4m')
  const files = await FolderFileStorage.open(join(data, 'files'))
  const [key, bytes] = [newKey(), numbered(4 << 20)]
  const filled = async function* () {
    yield bytes.subarray(0, BLOCK)
    await writeFile(join(data, 'others'), Buffer.alloc(3 << 20))
    yield bytes.subarray(BLOCK)
  }
  await assert.rejects(files.append(key, 0, filled()), isFull)
  const length = (await files.length(key)) ?? 0
  assert.ok(length >= BLOCK && length <= 1 << 20, `${length} bytes fitted`)
  assert.deepEqual(await all(files, key, 0, length), bytes.subarray(0, length))
  await files.close()
})

/** The storage with other text for parts of its source. */
async function edited(path: string, edits: Parameters<typeof modulesWith>[0]): Promise<FolderFileStorage> {
  const made = await modulesWith(edits, ['store/files/folder.ts'])
  return (made as { FolderFileStorage: typeof FolderFileStorage }).FolderFileStorage.open(path)
}

test('what is answered is on disk: the bytes, the name of the file, and that of its folder', async t => {
  const path = join(await temporary(t), 'files')
  const synced: (string | number)[] = []
  Object.assign(globalThis, { synced })
  const files = await edited(path, [
    {
      file: 'store/files/folder.ts',
      from: 'append.synced = length\n',
      to: 'append.synced = length\n  globalThis.synced.push(length)\n',
    },
    {
      file: 'store/files/disk.ts',
      from: 'await folder.sync()\n',
      to: 'await folder.sync()\n  globalThis.synced.push(path)\n',
    },
  ])
  const since = () => synced.splice(0)
  assert.deepEqual(since(), [dirname(path)])
  const [key, folder] = [newKey(), (key: FileKey) => dirname(within(path, key))]
  await files.append(key, 0, chunked(numbered(70 * BLOCK)))
  assert.deepEqual(since(), [folder(key), path, 64 * BLOCK, 70 * BLOCK, folder(key)])
  const made = newKey()
  await using scratch = await files.scratch()
  await writeFile(join(scratch.path, 'made'), 'x')
  await files.adopt(made, join(scratch.path, 'made'))
  assert.deepEqual(since(), [folder(made), path, folder(made)])
  await files.close()
  const next = await edited(path, [
    {
      file: 'store/files/folder.ts',
      from: 'await file.datasync()\n      await this',
      to: 'await file.datasync()\n      globalThis.synced.push("data")\n      await this',
    },
    {
      file: 'store/files/disk.ts',
      from: 'await folder.sync()\n',
      to: 'await folder.sync()\n  globalThis.synced.push(path)\n',
    },
  ])
  assert.equal(await next.length(key), 70 * BLOCK)
  assert.deepEqual(since(), ['data', folder(key), path], 'a killed server may have left it otherwise')
  await next.close()
})

test('bytes that could not be synced do not count', async t => {
  const path = join(await temporary(t), 'files')
  const key = newKey()
  const files = await edited(path, [
    {
      file: 'store/files/folder.ts',
      from: '  await file.datasync()\n  append',
      to: "  if (length > 4_000_000) throw Object.assign(new Error('as told'), { code: 'ENOSPC' })\n  await file.datasync()\n  append",
    },
    { file: 'store/files/folder.ts', set: { SYNCED_AT_ONCE: 2_000_000 } },
  ])
  await assert.rejects(files.append(key, 0, chunked(numbered(5_000_000))), isFull)
  assert.equal(await files.length(key), 8 * BLOCK)
  assert.equal((await stat(within(path, key))).size, 8 * BLOCK)
  await files.close()
})
