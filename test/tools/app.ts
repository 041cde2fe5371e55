// Servers with a web app of their own: as it is built, or with sources to build it from.

import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Copy, copySources } from './copy.ts'

export type Files = Readonly<Record<string, string | Uint8Array>>

/** A server whose web app, not built from anything, is these files. */
export async function buildWithApp(files: Files): Promise<Copy> {
  const copy = await copySources()
  const { folder } = copy
  await rm(join(folder, 'dist'))
  await put(join(folder, 'dist/web'), files)
  return copy
}

/** Notes each build in the file `builds`. */
const CONFIG = `
import { appendFileSync } from 'node:fs'
const noting = { name: 'noting', buildStart: () => appendFileSync(import.meta.dirname + '/builds', 'x') }
export default { root: 'src/clients/web', plugins: [noting], build: { modulePreload: { polyfill: false } } }
`

/** A server with the sources of a small web app, which is not built. */
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
  return copy
}

/** Writes the files below the folder. */
export async function put(folder: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
}
