// Builds the web app (src/clients/web) into dist/web, which the web door serves.

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { icons as lucide } from '@iconify-json/lucide'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Smaller files gain nothing. */
const WORTH_IT = 1024
/** What is compressed in itself is left as it is. */
const COMPRESSIBLE = /\.(?:css|html|js|json|svg|txt|webmanifest)$/

/** What is loaded first, and used later, too: each of these would be a file of its own, too small to be compressed. */
const SMALL = /\/ui\/(?:icon|icon-button|locale|use-query|use-retries)\.tsx?$/

/** Emojibase's groups that nobody looks for: parts of other emoji. */
const COMPONENTS = 2
/** Names between colons, as GitHub, Slack and emojibase have them. */
const SHORTCODES = ['github', 'iamcal', 'emojibase']

interface EmojibaseEntry {
  readonly emoji: string
  readonly hexcode: string
  readonly label: string
  readonly tags?: readonly string[]
  readonly group?: number
  readonly order?: number
  readonly skins?: readonly { readonly emoji: string; readonly tone: number | readonly number[] }[]
}

async function emojibase<Data>(file: string): Promise<Data> {
  return JSON.parse(await readFile(join(import.meta.dirname, 'node_modules/emojibase-data', file), 'utf8'))
}

/** The form that the server stores, without a variation selector where it is an emoji anyway. */
function rgi(emoji: string): string {
  const bare = emoji.replaceAll('\ufe0f', '')
  return /^\p{RGI_Emoji}$/v.test(bare) ? bare : emoji
}

/** The names of emoji in both languages, as composer/emoji.ts reads them. */
async function emojiNames(): Promise<string> {
  const [es, en] = await Promise.all(
    ['es', 'en'].map(each => emojibase<EmojibaseEntry[]>(`${each}/data.json`)),
  )
  const messages = await Promise.all(
    ['es', 'en'].map(each => emojibase<{ groups: readonly { message: string }[] }>(`${each}/messages.json`)),
  )
  const codes = await Promise.all(
    SHORTCODES.map(each => emojibase<Record<string, string | string[]>>(`en/shortcodes/${each}.json`)),
  )
  const english = new Map(en?.map(each => [each.hexcode, each]))
  const rows = (es ?? [])
    .filter(({ group }) => group !== undefined && group !== COMPONENTS)
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map(({ emoji, hexcode, label, tags = [], group, skins = [] }) => {
      const named = [...new Set(codes.flatMap(each => each[hexcode] ?? []))]
      const { label: name = '', tags: others = [] } = english.get(hexcode) ?? {}
      const tones = skins.filter(({ tone }) => typeof tone === 'number').map(skin => rgi(skin.emoji))
      return [
        rgi(emoji),
        group,
        label,
        tags.join('|'),
        name,
        others.join('|'),
        named.join(' '),
        tones.join(' '),
      ]
    })
  const groups = messages.map(each => each.groups.map(({ message }) => message))
  return JSON.stringify({ groups: { es: groups[0], en: groups[1] }, emoji: rows })
}

function emoji(): Plugin {
  return {
    name: 'emoji',
    apply: 'build',
    async writeBundle({ dir = '' }) {
      await mkdir(join(dir, 'emoji'), { recursive: true })
      await writeFile(join(dir, 'emoji/names.json'), await emojiNames())
    },
  }
}

/** `~icons/NAME` is lucide's icon of that name, as a component: the build holds those that somebody imports. */
function icons(): Plugin {
  return {
    name: 'icons',
    resolveId: id => (id.startsWith('~icons/') ? `${id}.jsx` : null),
    load(id) {
      const [, name] = /^~icons\/(.+)\.jsx$/.exec(id) ?? []
      if (name === undefined) return null
      const drawing = lucide.icons[name]?.body
      if (drawing === undefined) throw new Error(`lucide has no icon ${name}`)
      // React's names for attributes: strokeWidth for stroke-width.
      const jsx = drawing.replace(/-(\w)(?=\w*=")/g, (_, letter: string) => letter.toUpperCase())
      const code = `import { Icon } from '/ui/icon.tsx'; export default props => <Icon {...props}>${jsx}</Icon>`
      return { code, moduleType: 'jsx' }
    },
  }
}

/** Writes .br and .gz beside what is built: the server sends those, and compresses nothing itself. */
function compressed(): Plugin {
  let folder = ''
  return {
    name: 'compressed',
    apply: 'build',
    configResolved({ root, build }) {
      folder = resolve(root, build.outDir)
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const found = await readdir(folder, { recursive: true, withFileTypes: true })
        const files = found.filter(each => each.isFile() && COMPRESSIBLE.test(each.name))
        await Promise.all(files.map(each => compress(join(each.parentPath, each.name))))
      },
    },
  }
}

async function compress(path: string): Promise<void> {
  const bytes = await readFile(path)
  if (bytes.length <= WORTH_IT) return
  const [br, gz] = await Promise.all([promisify(brotliCompress)(bytes), promisify(gzip)(bytes, { level: 9 })])
  await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)])
}

export default defineConfig({
  root: 'src/clients/web',
  plugins: [react(), icons(), emoji(), compressed()],
  resolve: {
    alias: [
      { find: /^entities$/, replacement: join(import.meta.dirname, 'src/clients/web/markup/entities.ts') },
    ],
  },
  build: {
    outDir: '../../../dist/web',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'shared', test: SMALL }] } } },
  },
})
