// Preloaded into The Lounge: keeps it from looking for a newer version of itself, which no setting turns off.

import { registerHooks } from 'node:module'

const NOTHING = `
exports.__esModule = true
exports.default = async () => { throw new Error('nothing is fetched in a test') }
`

registerHooks({
  load(url, context, next) {
    if (!url.endsWith('/node_modules/got/dist/source/index.js')) return next(url, context)
    return { format: 'commonjs', source: NOTHING, shortCircuit: true }
  },
})
