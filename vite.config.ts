// Builds the web app (src/clients/web) into dist/web, which the web door serves.

import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: 'src/clients/web',
  plugins: [react()],
  build: { outDir: '../../../dist/web', emptyOutDir: true, modulePreload: { polyfill: false } },
})
