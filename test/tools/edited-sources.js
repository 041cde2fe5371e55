// Preloaded into every thread of a server under test (`--import`): applies the edits in SOURCE_EDITS (edits.ts) to the
// project's sources as they load. Plain JavaScript: it is loaded before there is a compile cache.

import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

/** URL → its replacements; and a name for all of them. */
const { files, name } = JSON.parse(process.env.SOURCE_EDITS ?? '{}')
const MARK = `?edited=${name}`

registerHooks({
  // Under another URL, so that the compile cache keeps both.
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    return files[found.url] ? { ...found, url: found.url + MARK } : found
  },
  load(url, context, next) {
    if (!url.endsWith(MARK)) return next(url, context)
    const file = url.slice(0, -MARK.length)
    let source = readFileSync(fileURLToPath(file), 'utf8')
    for (const [from, to] of Object.entries(files[file])) source = source.replaceAll(from, () => to)
    return { format: 'module-typescript', source, shortCircuit: true }
  },
})
