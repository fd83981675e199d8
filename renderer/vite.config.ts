import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { firstFonts } from './build/first-fonts.ts'
import { mantineStyles } from './build/mantine-styles.ts'
import { themeVariables } from './build/theme-variables.ts'

/** The page of the desktop program: `vite build --config renderer/vite.config.ts` writes `dist/renderer/`. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react(), mantineStyles(), themeVariables(), firstFonts()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome140',
    // Nothing inline and nothing as data: address, so that the strict Content-Security-Policy holds.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
  },
})
