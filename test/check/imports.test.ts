import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importsOf, sourceFiles } from '../tools/sources.ts'

// docs/architecture.md, "Who may know whom": what the files of a part may import besides themselves.
const mayImport: Record<string, readonly string[]> = {
  core: [],
  net: [],
  wire: ['core/text/code.ts', 'core/text/hours.ts', 'core/text/links.ts'],
  wording: [],
  store: ['core'],
  previews: ['core', 'net'],
  bus: ['core'],
  pictures: ['core'],
  'doors/no-tls.ts': ['net', 'wording'],
  'doors/turn-away.ts': ['net'],
  'doors/shared': ['core', 'wire', 'wording'],
  'doors/web': ['core', 'doors/shared', 'net', 'wire', 'wording'],
  'doors/irc': ['core', 'doors/shared', 'net', 'wire', 'wording'],
  'doors/line': ['core', 'doors/shared', 'net', 'wire', 'wording'],
  'clients/client': ['wire'],
  'clients/terminal': ['wire', 'wording'],
  'clients/web': ['clients/client/client.ts', 'wire', 'wording'],
  'config.ts': ['config', 'wording'],
  config: ['wording'],
  cli: [
    'bus',
    'config',
    'config.ts',
    'core',
    'doors',
    'net',
    'pictures',
    'previews',
    'store',
    'wire',
    'wording',
  ],
}

/** Node's modules without I/O: the only ones that the core may use. */
const PURE = new Set(['node:buffer', 'node:crypto'])
/** Packages, and the parts that may use them; an asterisk is any name. */
const PACKAGES: Record<string, readonly string[]> = {
  '@base-ui/react/*': ['clients/web'],
  '~icons/*': ['clients/web'], // lucide's, by vite.config.ts
  temml: ['clients/web'],
  'highlight.js': ['clients/web'],
  'highlight.js/lib/*': ['clients/web'],
  'highlight.js/lib/languages/*': ['clients/web'],
  'markdown-it': ['clients/web'],
  react: ['clients/web'],
  'react-dom': ['clients/web'],
  'react-dom/client': ['clients/web'],
  thumbhash: ['clients/web', 'pictures'],
  '@fastify/busboy': ['doors/web'],
  '@fastify/static': ['doors/web'],
  '@nats-io/transport-node': ['bus'],
  fastify: ['doors/web'],
  htmlparser2: ['previews'],
  'file-type': ['pictures'],
  pg: ['store'],
  pino: ['cli'],
  sharp: ['pictures'],
  'smol-toml': ['config.ts'],
  ajv: ['wire'],
  'content-disposition': ['doors/web'],
  'unhomoglyph/data.json': ['cli'],
  uqr: ['cli', 'clients/web'],
  vite: ['cli'],
  ws: ['doors/web'],
}

function partOf(file: string): string {
  const part = Object.keys(mayImport).find(each => file === each || file.startsWith(`${each}/`))
  assert.ok(part, `${file} belongs to no part`)
  return part
}

test('every import keeps to the table of parts', async () => {
  for (const file of await sourceFiles()) {
    const part = partOf(file)
    for (const { from, inside } of await importsOf(file)) {
      if (inside) {
        const allowed = [part, ...(mayImport[part] ?? [])]
        assert.ok(
          allowed.some(each => from === each || from.startsWith(`${each}/`)),
          `${file} may not import ${from}`,
        )
      } else if (from.startsWith('node:')) {
        assert.ok(part !== 'core' || PURE.has(from), `${file}: the core does no I/O, but imports ${from}`)
      } else {
        const users = PACKAGES[from] ?? PACKAGES[from.replace(/[^/]+$/, '*')]
        assert.ok(users?.includes(part), `${file} may not import ${from}`)
      }
    }
  }
})

test('every file is imported by another, or started', async () => {
  const files = await sourceFiles()
  const imported = new Set((await Promise.all(files.map(importsOf))).flat().map(each => each.from))
  const started = new Set([
    'cli/build-web.ts',
    'cli/main.ts',
    'clients/client/client.ts',
    'clients/terminal/main.ts',
    'clients/web/icons.d.ts', // by tsc
    'clients/web/main.tsx',
    'clients/web/markup/entities.ts', // by vite.config.ts
    'pictures/child.ts',
    'store/sqlite/worker.ts',
  ])
  assert.deepEqual(
    files.filter(file => !imported.has(file) && !started.has(file)),
    [],
  )
})

/** @returns the files of a cycle, in which each imports the next one; undefined if there is none */
function cycleIn(imports: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>()
  const path: string[] = []
  const walk = (file: string): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return undefined
    path.push(file)
    for (const next of imports.get(file) ?? []) {
      const cycle = walk(next)
      if (cycle) return cycle
    }
    path.pop()
    done.add(file)
    return undefined
  }
  for (const file of imports.keys()) {
    const cycle = walk(file)
    if (cycle) return cycle
  }
  return undefined
}

test('there are no import cycles', async () => {
  const files = await sourceFiles()
  const imports = await Promise.all(
    files.map(async file => {
      const needed = (await importsOf(file)).filter(({ inside, isLoaded }) => inside && isLoaded)
      return [file, needed.map(({ from }) => from)] as const
    }),
  )
  assert.equal(cycleIn(new Map(imports))?.join(' → '), undefined)
  assert.deepEqual(
    cycleIn(
      new Map([
        ['a', ['b']],
        ['b', ['c', 'd']],
        ['c', []],
        ['d', ['b']],
      ]),
    ),
    ['b', 'd', 'b'],
  )
})
