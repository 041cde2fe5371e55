// Builds the web app (src/clients/web) into dist/web, which the web door serves.

import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: 'src/clients/web',
  plugins: [react()],
  resolve: {
    alias: [
      { find: /^entities$/, replacement: join(import.meta.dirname, 'src/clients/web/markup/entities.ts') },
    ],
  },
  build: { outDir: '../../../dist/web', emptyOutDir: true, modulePreload: { polyfill: false } },
})
