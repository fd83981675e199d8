import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from '@mantine/core'
import type { Plugin } from 'vite'
import { theme } from '../design/theme.ts'

const NAME = 'virtual:theme-variables.css'

/**
 * Writes the theme's CSS variables into a file at build time. Mantine would put them into a `<style>` element while running, which the
 * page's Content-Security-Policy (`style-src 'self'`) forbids.
 */
export function themeVariables(): Plugin {
  return {
    name: 'theme-variables',
    resolveId: id => (id === NAME ? `\0${NAME}` : null),
    load: id =>
      id === `\0${NAME}`
        ? convertCssVariables(defaultCssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme)))
        : null,
  }
}
