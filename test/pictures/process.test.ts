import assert from 'node:assert/strict'
import { cp, readdir, readFile, readlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { crc32 } from 'node:zlib'
import { Refusal } from '../../src/core/model/refusals.ts'
import { FairQueue } from '../../src/pictures/fair-queue.ts'
import { decodeAnswer } from '../../src/pictures/messages.ts'
import { LIMITS } from '../../src/pictures/pictures.ts'
import { patiently } from '../tools/patiently.ts'
import { ROOT } from '../tools/root.ts'
import { box, brand, text, track } from './boxes.ts'
import { ANA, BETO, LOCATION, moving, noise, processes, Studio, upright } from './making.ts'

const BAD = { code: 'bad-picture' }
const small = await upright(60, 40).png().toBuffer()
/** A second of work. */
const heavy = await noise(4000, 3000).jpeg().toBuffer()

async function theProcess(): Promise<number> {
  await patiently(
    async () => (await processes()).length > 0,
    () => 'no process was started',
  )
  const [pid] = await processes()
  assert.ok(pid)
  return pid
}

test('the process starts with the first picture, serves the next one too, and ends when idle', async () => {
  await using studio = await Studio.open({ idleMs: 3_000 })
  assert.deepEqual(await processes(), [])
  await studio.prepare(small)
  const first = await processes()
  assert.equal(first.length, 1)
  await studio.prepare(small)
  assert.deepEqual(await processes(), first)
  await patiently(
    async () => (await processes()).length === 0,
    () => 'it stays',
  )
  await studio.prepare(small)
  assert.notDeepEqual(await processes(), first)
})

test('it has no environment of ours, and none of our sockets', async () => {
  process.env.TERTULIA_SECRET = 'quien-lo-lea'
  const listening = createServer().listen(0, '127.0.0.1')
  await using studio = await Studio.open()
  try {
    await studio.prepare(small)
    const pid = await theProcess()
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1')
    assert.match(environment, /MALLOC_ARENA_MAX/)
    assert.doesNotMatch(environment, /quien-lo-lea|PATH=|HOME=/)
    const ours = await sockets('self')
    assert.ok(ours.length > 0)
    assert.deepEqual(
      (await sockets(pid)).filter(each => ours.includes(each)),
      [],
    )
  } finally {
    listening.close()
    delete process.env.TERTULIA_SECRET
  }
})

async function sockets(pid: number | 'self'): Promise<string[]> {
  const folder = `/proc/${pid}/fd`
  const links = (await readdir(folder)).map(each => readlink(`${folder}/${each}`).catch(() => ''))
  return (await Promise.all(links)).filter(each => each.startsWith('socket:'))
}

test('a header that declares 30,000 × 30,000 pixels is refused before they are decoded', async () => {
  await using studio = await Studio.open({ limits: { ...LIMITS, cpuMs: 1000 } })
  await studio.prepare(small)
  const pid = await theProcess()
  await assert.rejects(studio.prepare(declaring(30_000, 30_000)), BAD)
  assert.equal(await theProcess(), pid, 'nothing had to be ended for it')
})

/** A PNG of one pixel that says it has so many. */
function declaring(width: number, height: number): Buffer {
  const png = Buffer.from(small)
  png.writeUInt32BE(width, 16)
  png.writeUInt32BE(height, 20)
  // The checksum has to be right, or nothing is read at all.
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29)
  return png
}

test('too many bytes, too many pixels, too many frames', async () => {
  await using studio = await Studio.open({
    limits: { ...LIMITS, bytes: 5000, pixels: 5000, allPixels: 8000 },
  })
  await studio.prepare(small)
  await assert.rejects(studio.prepare(Buffer.concat([small, Buffer.alloc(5000)])), BAD)
  await assert.rejects(studio.prepare(upright(100, 60).png()), BAD)
  await studio.prepare(moving(60, 40, 3).gif())
  await assert.rejects(studio.prepare(moving(60, 40, 4).gif()), BAD)
})

for (const [what, limits] of [
  ['time on the processor', { ...LIMITS, cpuMs: 150 }],
  ['memory', { ...LIMITS, memory: 150e6 }],
] as const) {
  test(`one that takes too much ${what} costs its process, and nobody else`, async () => {
    await using studio = await Studio.open({ limits })
    await studio.prepare(small)
    const pid = await theProcess()
    const path = await studio.sent(heavy)
    const folder = await studio.target()
    await assert.rejects(studio.pictures.prepare(path, folder, ANA), BAD)
    assert.deepEqual(await readdir(folder), [])
    await studio.prepare(small)
    assert.notEqual(await theProcess(), pid)
  })
}

/** Of a film of so many pieces, with what sensors measured between them. */
function film(pieces: number): Buffer {
  const start = brand('qt  ').length + 8
  const offsets = Array.from({ length: pieces }, (_, index) => start + index * 2)
  const moov = box('moov', track('meta', offsets, [1], { runs: [1, 1, 1] }), box('udta', text(LOCATION)))
  return Buffer.concat([brand('qt  '), box('mdat', Buffer.alloc(pieces * 2, 'x')), moov])
}

const asFilm = { type: 'video/quicktime', by: ANA }

test('the location is removed from films by the process, in turns, until it is closed', async () => {
  await using studio = await Studio.open()
  const sent = await studio.sent(film(3))
  const copy = await studio.pictures.removeLocation(sent, await studio.target(), asFilm)
  assert.ok(copy !== undefined && !(await readFile(copy)).includes(LOCATION))
  assert.equal(await studio.pictures.removeLocation(copy, await studio.target(), asFilm), undefined)
  await theProcess()
  const endless = Buffer.concat([film(3), Buffer.alloc(8 * 1_000_000, box('free'))])
  for (const bytes of [film(3).subarray(0, -1), endless])
    await assert.rejects(
      studio.pictures.removeLocation(await studio.sent(bytes), await studio.target(), asFilm),
      BAD,
    )
  const long = await studio.sent(film(100_000))
  const folders = [await studio.target(), await studio.target()]
  const asked = folders.map(each =>
    assert.rejects(studio.pictures.removeLocation(long, each, asFilm), { code: 'closing' }),
  )
  await studio.pictures.close()
  await Promise.all(asked)
  for (const each of folders) assert.deepEqual(await readdir(each), [])
})

test('a film that takes too much time on the processor is refused', async () => {
  await using studio = await Studio.open({ limits: { ...LIMITS, cpuMs: 1 } })
  const folder = await studio.target()
  const sent = await studio.sent(film(150_000))
  await assert.rejects(studio.pictures.removeLocation(sent, folder, asFilm), BAD)
  assert.deepEqual(await readdir(folder), [])
  assert.deepEqual(await processes(), [])
})

/** Hundredths of a second that a process has worked. */
async function worked(pid: number): Promise<number> {
  const [user, system] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(' ').slice(13)
  return Number(user) + Number(system)
}

test('a decoder that crashes, and one that hangs', async () => {
  await using studio = await Studio.open({ limits: { ...LIMITS, wallMs: 2000 } })
  for (const signal of ['SIGSEGV', 'SIGSTOP'] as const) {
    await studio.prepare(small)
    const pid = await theProcess()
    const path = await studio.sent(heavy)
    const folder = await studio.target()
    const refused = assert.rejects(studio.pictures.prepare(path, folder, ANA), BAD)
    const before = await worked(pid)
    await patiently(
      async () => (await worked(pid)) > before,
      () => 'it does not begin',
    )
    process.kill(pid, signal)
    await refused
    assert.deepEqual(await readdir(folder), [])
    await studio.prepare(small)
    assert.notEqual(await theProcess(), pid)
  }
})

/** Begins a picture, and ends the process that works on it, so many times. */
async function interrupted(studio: Studio, signal: NodeJS.Signals, times: number) {
  const [path, folder] = [await studio.sent(heavy), await studio.target()]
  await studio.prepare(small)
  const work = studio.pictures.prepare(path, folder, ANA)
  work.catch(() => {}) // it is looked at later
  for (let time = 0; time < times; time++) {
    const pid = await theProcess()
    const before = await worked(pid)
    await patiently(
      async () => (await worked(pid)) > before,
      () => 'it does not begin',
    )
    process.kill(pid, signal)
    await patiently(
      async () => !(await processes()).includes(pid),
      () => 'it does not end',
    )
  }
  return { work, folder }
}

for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT'] as const)
  test(`a process that somebody else ends with ${signal} costs no picture; a second one, no verdict on it`, async () => {
    await using studio = await Studio.open()
    const { work } = await interrupted(studio, signal, 1)
    assert.equal((await work)?.width, 4000)
    const twice = await interrupted(studio, signal, 2)
    await assert.rejects(twice.work, error => !(error instanceof Refusal))
    assert.deepEqual(await readdir(twice.folder), [])
    await studio.prepare(small)
  })

test('a process that was ended while it did nothing costs no picture', async () => {
  await using studio = await Studio.open()
  await studio.prepare(small)
  process.kill(await theProcess(), 'SIGKILL')
  await studio.prepare(small)
})

test('people take turns', async () => {
  await using studio = await Studio.open()
  const path = await studio.sent(small)
  const asked = ['ana 1', 'ana 2', 'ana 3', 'beto 1', 'ana 4']
  const folders = await Promise.all(asked.map(() => studio.target()))
  const done: string[] = []
  const work = asked.map((name, index) =>
    studio.pictures
      .prepare(path, folders[index] ?? '', name.startsWith('ana') ? ANA : BETO)
      .then(() => done.push(name)),
  )
  await Promise.all(work)
  assert.deepEqual(done, ['ana 1', 'ana 2', 'beto 1', 'ana 3', 'ana 4'])
})

test('turns: each person’s things in their order', () => {
  const turns = new FairQueue<string, number>()
  for (const each of [1, 2, 3]) turns.add('ana', each)
  for (const each of [11, 12]) turns.add('beto', each)
  turns.add('clara', 21)
  assert.equal(turns.size, 6)
  assert.deepEqual(
    Array.from({ length: 7 }, () => turns.next()),
    [1, 11, 21, 2, 12, 3, undefined],
  )
  assert.equal(turns.size, 0)
})

test('closing refuses what is at work and what waits, and leaves no process', async () => {
  await using studio = await Studio.open()
  const path = await studio.sent(heavy)
  const folder = await studio.target()
  const asked = [
    studio.pictures.prepare(path, folder, ANA),
    studio.pictures.prepare(path, await studio.target(), BETO),
  ].map(each => assert.rejects(each, { code: 'closing' }))
  await theProcess()
  await studio.pictures.close()
  await Promise.all(asked)
  assert.deepEqual(await processes(), [])
  assert.deepEqual(await readdir(folder), [])
  await assert.rejects(studio.prepare(small), { code: 'closing' })
})

test('what is no fault of the picture is said as it is', async () => {
  await using studio = await Studio.open()
  await assert.rejects(
    studio.pictures.prepare(`${studio.folder}/nobody`, await studio.target(), ANA),
    /ENOENT/,
  )
})

/** Sources with no packages around them. @param child in place of child.ts */
async function copied({ folder }: Studio, child?: string) {
  await cp(join(ROOT, 'src/core'), join(folder, 'src/core'), { recursive: true })
  await cp(join(ROOT, 'src/pictures'), join(folder, 'src/pictures'), { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  if (child !== undefined) await writeFile(join(folder, 'src/pictures/child.ts'), child)
  const url = pathToFileURL(join(folder, 'src/pictures/pictures.ts')).href
  const { IsolatedPictures }: typeof import('../../src/pictures/pictures.ts') = await import(url)
  return IsolatedPictures
}

test('a process that talks without end, or answers what was not asked, is ended', async () => {
  const say = (...what: readonly string[]) => what.map(kind => `console.log('{"kind":"${kind}"}')`).join('\n')
  const forever = (what: string) =>
    `${what}\nsetInterval(() => { for (let i = 0; i < 1000; i++) ${what} }, 1)`
  for (const answer of [
    forever(say('begun')),
    `${say('begun')}\nconsole.log('{"kind":"removed","isChanged":true}')`,
  ]) {
    await using studio = await Studio.open()
    const child = `process.stdin.on('data', () => {${answer}})\n${say('ready')}`
    const pictures = new (await copied(studio, child))({ onUnable: () => {} })
    const folder = await studio.target()
    await assert.rejects(pictures.prepare(await studio.sent(small), folder, ANA), BAD)
    assert.deepEqual(await processes(), [])
    await pictures.close()
  }
})

test('a process that speaks unasked is ended', async () => {
  await using studio = await Studio.open()
  const child = `process.stdin.on('data', () => {
    console.log('{"kind":"begun"}\\n{"kind":"bad"}')
    setInterval(() => console.log('{"kind":"begun"}'), 10)
  })
  console.log('{"kind":"ready"}')`
  const pictures = new (await copied(studio, child))({ onUnable: () => {} })
  await assert.rejects(pictures.prepare(await studio.sent(small), await studio.target(), ANA), BAD)
  await patiently(
    async () => (await processes()).length === 0,
    () => 'it goes on',
  )
  await pictures.close()
})

test('an answer with a size that no picture has is none', () => {
  const result = {
    width: 3,
    height: 1e9,
    placeholder: 'abc',
    type: 'image/png',
    animated: false,
    screen: false,
  }
  const answered = (what: object) =>
    decodeAnswer(JSON.stringify({ kind: 'prepared', result: { ...result, ...what } }))
  assert.ok(answered({}))
  assert.ok(answered({ thumb: { width: 1, height: 480 } }))
  for (const width of [0, -1, 1.5, 1e9 + 1, '3', null]) {
    assert.equal(answered({ width }), undefined)
    assert.equal(answered({ thumb: { width, height: 1 } }), undefined)
  }
  for (const thumb of [true, null, 'x']) assert.equal(answered({ thumb }), undefined)
  assert.equal(decodeAnswer('{"kind":"removed"}'), undefined)
})

test('a machine without a program of sharp reads no pictures, and says so once', async () => {
  await using elsewhere = await Studio.open()
  const IsolatedPictures = await copied(elsewhere)
  const reasons: string[] = []
  const pictures = new IsolatedPictures({ onUnable: reason => reasons.push(reason) })
  assert.ok(pictures.reads('image/png'), 'it is not known yet')
  const path = await elsewhere.sent(small)
  for (const _ of [1, 2]) assert.equal(await pictures.prepare(path, await elsewhere.target(), ANA), undefined)
  assert.match(reasons.join(' | '), /^[^|]*'sharp'[^|]*$/)
  assert.ok(!pictures.reads('image/png'))
  assert.ok(pictures.mayHoldLocation('image/png'), 'the location is removed without it')
  const asPng = { type: 'image/png', by: ANA }
  assert.ok(await pictures.removeLocation(path, await elsewhere.target(), asPng))
  process.kill(await theProcess(), 'SIGKILL')
  assert.ok(await pictures.removeLocation(path, await elsewhere.target(), asPng))
  await assert.rejects(
    pictures.removeLocation(await elsewhere.sent(small.subarray(0, 30)), await elsewhere.target(), asPng),
    BAD,
  )
  assert.equal(reasons.length, 1)
  await pictures.close()
  assert.deepEqual(await processes(), [])
})
