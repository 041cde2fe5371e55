// nginx in front of two nodes: everybody goes to the first one, and to the second if that is down.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort, isOpen } from './free-port.ts'
import { patiently } from './patiently.ts'
import { temporaryFolder } from './server.ts'

export class Nginx implements AsyncDisposable {
  readonly port: number
  readonly #child: ChildProcess
  readonly #folder: string

  private constructor(port: number, { child, folder }: { child: ChildProcess; folder: string }) {
    this.port = port
    this.#child = child
    this.#folder = folder
  }

  /** Resolves when it listens. */
  static async before(first: number, second: number): Promise<Nginx> {
    const [folder, port] = [await temporaryFolder(), await freePort()]
    const conf = join(folder, 'conf')
    await writeFile(conf, nginxConfiguration(folder, servers({ port, first, second })))
    const child = spawn('nginx', nginxArguments(conf, folder), { stdio: 'ignore' })
    const nginx = new Nginx(port, { child, folder })
    const gone = once(child, 'close')
    await patiently(
      () => isOpen(port),
      () => 'nginx does not listen',
      gone,
    )
    return nginx
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGTERM')
    await once(this.#child, 'close')
    await rm(this.#folder, { recursive: true, force: true })
  }
}

interface Ports {
  readonly port: number
  readonly first: number
  readonly second: number
}

function servers({ port, first, second }: Ports): string {
  return `upstream nodes {
  server 127.0.0.1:${first};
  server 127.0.0.1:${second} backup;
}
server {
  listen 127.0.0.1:${port} backlog=4096;
  location / {
    proxy_pass http://nodes;
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection upgrade;
    proxy_read_timeout 1h;
  }
}`
}

/** A configuration that keeps all its files in the folder. @param http the contents of the http block */
export function nginxConfiguration(folder: string, http: string): string {
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const paths = temporary.map(each => `${each}_temp_path ${folder}/${each};`).join('\n')
  const events = 'events { worker_connections 8192; }'
  return `${user}\ndaemon off;\npid ${folder}/pid;\n${events}\nhttp {\naccess_log off;\n${paths}\n${http}\n}`
}

export function nginxArguments(conf: string, folder: string): string[] {
  return ['-c', conf, '-p', folder, '-e', 'stderr']
}
