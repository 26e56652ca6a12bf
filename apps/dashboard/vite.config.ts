import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** What the pages ask, and link to. */
const OF_API = ['/v1', '/dev/receiver', '/readyz', '/docs', '/openapi.json']
const api = process.env.POSTHORN_URL ?? 'http://localhost:3000'

export default defineConfig({
  plugins: [react(), tailwindcss()],
  server: { port: 5173, proxy: Object.fromEntries(OF_API.map((path) => [path, api])) },
  build: {
    target: 'es2023',
    cssTarget: ['chrome123', 'safari17.5', 'firefox120'],
    // What the tests check the first load's size with.
    manifest: true,
    // The Content-Security-Policy allows files of our own only: no data: URLs, no inline script.
    assetsInlineLimit: 0,
    rolldownOptions: {
      // The portal is a page of its own: nothing of the dashboard's pages is loaded where it is framed.
      input: ['index.html', 'portal.html'],
    },
    modulePreload: { polyfill: false },
  },
})
