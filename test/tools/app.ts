// Servers with a web app of their own: built, or with sources to build it from.

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Copy, copySources } from './copy.ts'
import { patiently } from './patiently.ts'

export type Files = Readonly<Record<string, string | Uint8Array>>

/** A copy of the project in which these files are the built web app. */
export async function buildWithApp(files: Files): Promise<Copy> {
  const copy = await copySources()
  const { folder } = copy
  await rm(join(folder, 'dist'))
  await put(join(folder, 'dist/web'), files)
  return copy
}

/** Appends to the file `builds` for each build. */
const CONFIG = `
import { appendFileSync } from 'node:fs'
const noting = { name: 'noting', buildStart: () => appendFileSync(import.meta.dirname + '/builds', 'x') }
export default { root: 'src/clients/web', plugins: [noting], build: { modulePreload: { polyfill: false } } }
`

/** A copy of the project with the sources of a small web app, not built. */
export async function buildWithAppSources(): Promise<Copy> {
  const copy = await copySources()
  const { folder } = copy
  await rm(join(folder, 'dist'))
  await rm(join(copy.sources, 'clients/web'), { recursive: true })
  await put(folder, {
    'vite.config.ts': CONFIG,
    'src/clients/web/index.html':
      '<!doctype html><title>la app</title><script type="module" src="./main.js"></script>',
    'src/clients/web/main.js': 'document.title = "primera"',
  })
  return {
    ...copy,
    async [Symbol.asyncDispose]() {
      // A build outlives its server, and would write into a folder that is being removed.
      await patiently(
        async () => !(await isAtWork(folder)),
        () => 'a build never ended',
      )
      await copy[Symbol.asyncDispose]()
    },
  }
}

/** Whether a process runs something in the folder. */
async function isAtWork(folder: string): Promise<boolean> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const commands = pids.map(pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''))
  return (await Promise.all(commands)).some(command => command.includes(folder))
}

/** Writes the files below the folder. */
export async function put(folder: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
}
