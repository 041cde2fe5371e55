// Files over HTTP beside nginx (PUT and GET), taking turns in one run; then the memory of a server into which ten clients
// upload at once, and how long posts take meanwhile, and while the same ten upload to nginx, which syncs nothing.
//
//   node bench/transfers.ts [MEGABYTES [ROUNDS]]

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, isOpen } from '../test/tools/free-port.ts'
import { nginxArguments, nginxConfiguration } from '../test/tools/nginx.ts'
import { patiently } from '../test/tools/patiently.ts'
import { median } from './report.ts'
import { ours, type Running } from './servers.ts'
import { quantile } from './timed.ts'

const [megabytes = '1000', rounds = '5'] = process.argv.slice(2)
const size = Number(megabytes) * 1_000_000
const UPLOADERS = 10
const POSTS = 400
/** Between two looks at the server's memory. */
const LOOK_MS = 100

const folder = await mkdtemp(join(tmpdir(), 'tertulia-transfers-'))
const file = join(folder, 'file')
try {
  await makeFile()
  await using server = await ours('Tertulia', { args: ['--files-per-person', '1T'] }).start()
  const token = await logIn(server)
  await using nginx = await startNginx()
  await compare(server, token, nginx)
  await loaded(server, token, nginx)
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function makeFile(): Promise<void> {
  const out = createWriteStream(file)
  const block = Buffer.alloc(1_000_000)
  for (let i = 0; i < Number(megabytes); i++) {
    block.writeUInt32LE(i) // so that no two blocks are equal
    if (!out.write(block)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
}

async function logIn({ port }: Running): Promise<string> {
  const body = JSON.stringify({ name: 'Bench', username: 'bench', password: 'bench-password' })
  const headers = { 'content-type': 'application/json' }
  await fetch(`http://127.0.0.1:${port}/api/v1/people`, { method: 'POST', headers, body })
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/session`, {
    method: 'POST',
    headers,
    body: sessionOf(body),
  })
  const { token } = (await answer.json()) as { readonly token: string }
  return token
}

function sessionOf(account: string): string {
  const { username, password } = JSON.parse(account) as {
    readonly username: string
    readonly password: string
  }
  return JSON.stringify({ username, password })
}

/** Runs curl. @returns megabytes a second, and what it printed to stdout */
async function curl(...args: readonly string[]): Promise<{ speed: number; printed: string }> {
  const begun = performance.now()
  const child = spawn('curl', ['--silent', '--show-error', '--fail', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    printed += text
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`curl: ${code}`)
  return { speed: size / 1000 / (performance.now() - begun), printed }
}

function uploading({ port }: Running, token: string): string[] {
  const url = `http://127.0.0.1:${port}/api/v1/rooms/general/files?name=file`
  return ['-X', 'POST', '-T', file, '-H', 'Expect:', '-H', `Authorization: Bearer ${token}`, url]
}

// --- beside nginx --------------------------------------------------------------------------------------------

interface Nginx extends AsyncDisposable {
  readonly port: number
}

async function startNginx(): Promise<Nginx> {
  const port = await freePort()
  const [root, conf] = [join(folder, 'root'), join(folder, 'conf')]
  await mkdir(root)
  const dav = 'dav_methods PUT DELETE; client_max_body_size 0; sendfile on; tcp_nopush on;'
  await writeFile(
    conf,
    nginxConfiguration(folder, `server { listen 127.0.0.1:${port}; root ${root}; ${dav} }`),
  )
  const nginx = spawn('nginx', nginxArguments(conf, folder), { stdio: 'ignore' })
  const ended = once(nginx, 'close')
  await patiently(
    () => isOpen(port),
    () => 'nginx does not listen',
    ended,
  )
  return {
    port,
    async [Symbol.asyncDispose]() {
      nginx.kill('SIGTERM')
      await ended
    },
  }
}

function putting({ port }: Nginx, name: string): string[] {
  return ['-T', file, '-H', 'Expect:', `http://127.0.0.1:${port}/${name}`]
}

async function compare(server: Running, token: string, nginx: Nginx): Promise<void> {
  const speeds = {
    put: [] as number[],
    get: [] as number[],
    upload: [] as number[],
    download: [] as number[],
  }
  for (let i = 0; i < Number(rounds); i++) {
    speeds.put.push((await curl(...putting(nginx, 'file'))).speed)
    const { speed, printed } = await curl(...uploading(server, token))
    speeds.upload.push(speed)
    speeds.get.push((await curl('-o', '/dev/null', `http://127.0.0.1:${nginx.port}/file`)).speed)
    const { attachments } = JSON.parse(printed) as {
      readonly attachments: readonly { readonly id: string }[]
    }
    const url = `http://127.0.0.1:${server.port}/f/${attachments[0]?.id}`
    speeds.download.push((await curl('-o', '/dev/null', '-H', `Authorization: Bearer ${token}`, url)).speed)
  }
  const line = (name: string, mine: readonly number[], theirs: readonly number[]) => {
    const ratios = mine.map((each, i) => each / (theirs[i] ?? Number.NaN))
    process.stdout.write(
      `${name}: Tertulia ${median(mine).toFixed(0)} MB/s, nginx ${median(theirs).toFixed(0)} MB/s, × ${median(ratios).toFixed(2)}\n`,
    )
  }
  line('upload', speeds.upload, speeds.put)
  line('download', speeds.download, speeds.get)
}

// --- under load ----------------------------------------------------------------------------------------------

async function loaded(server: Running, token: string, nginx: Nginx): Promise<void> {
  const idle = await residentMegabytes(server)
  const alone = await postTimes(server, token, () => true)
  let most = idle
  const looking = setInterval(async () => {
    most = Math.max(most, await residentMegabytes(server))
  }, LOOK_MS)
  const meanwhile = await postsDuring(server, token, () => curl(...uploading(server, token)))
  clearInterval(looking)
  const besideNginx = await postsDuring(server, token, i => curl(...putting(nginx, `file${i}`)))
  process.stdout.write(
    `${UPLOADERS} uploads of ${megabytes} MB at once: ${idle.toFixed(0)} MB resident before, at most ${most.toFixed(0)} MB\n`,
  )
  const p99 = (times: readonly number[]) => `${quantile(times, 0.99).toFixed(1)} ms (${times.length})`
  process.stdout.write(
    `posts, p99: ${p99(alone)} alone, ${p99(meanwhile)} meanwhile, ${p99(besideNginx)} while nginx takes as many\n`,
  )
}

/** How long posts take while everybody uploads. */
async function postsDuring(
  server: Running,
  token: string,
  upload: (uploader: number) => Promise<unknown>,
): Promise<number[]> {
  let isUploading = true
  const uploads = Promise.all(Array.from({ length: UPLOADERS }, (_, i) => upload(i))).finally(() => {
    isUploading = false
  })
  const times = await postTimes(server, token, () => isUploading)
  await uploads
  return times
}

/** Milliseconds that posts take, one after another. */
async function postTimes({ port }: Running, token: string, goesOn: () => boolean): Promise<number[]> {
  const times: number[] = []
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'text/plain' }
  while (times.length < POSTS && goesOn()) {
    const begun = performance.now()
    const url = `http://127.0.0.1:${port}/api/v1/rooms/general/messages`
    const answer = await fetch(url, { method: 'POST', headers, body: 'hola' })
    await answer.arrayBuffer()
    times.push(performance.now() - begun)
  }
  return times
}

async function residentMegabytes({ pid }: Running): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
}
