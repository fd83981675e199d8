import { createTheme, type MantineColorsTuple } from '@mantine/core'

/** Deep blue of the desk: 7 is the main colour in light, 4–5 in dark. */
const blue: MantineColorsTuple = [
  '#eef3fb',
  '#dae5f5',
  '#b6cbea',
  '#8fafde',
  '#6f97d4',
  '#4a76bd',
  '#2f5fae',
  '#1f4b94',
  '#1a3f7d',
  '#132f5e',
]

/** Red is for the seal and for errors only. */
const red: MantineColorsTuple = [
  '#fdf0f0',
  '#f9dcdc',
  '#f1b6b6',
  '#ea8d8d',
  '#e46a6a',
  '#cf3f3f',
  '#c62f2f',
  '#b01f1f',
  '#951818',
  '#741010',
]

/** Amber: the practice office and deadlines that come near. */
const yellow: MantineColorsTuple = [
  '#fff8e6',
  '#fdeec6',
  '#f9dc8f',
  '#f5c957',
  '#f0b92e',
  '#d99a0b',
  '#b57c00',
  '#8a5d00',
  '#6f4a00',
  '#533700',
]

const green: MantineColorsTuple = [
  '#eaf7f0',
  '#d2eddf',
  '#a6dbc0',
  '#76c89f',
  '#4fb884',
  '#2f9e69',
  '#1f8355',
  '#176a44',
  '#125637',
  '#0c4029',
]

const gray: MantineColorsTuple = [
  '#f7f8fa',
  '#eff1f5',
  '#e3e7ed',
  '#d3d9e2',
  '#b9c1cd',
  '#8a94a4',
  '#667085',
  '#4b5565',
  '#323b49',
  '#1d2430',
]

const dark: MantineColorsTuple = [
  '#d8dde6',
  '#b7bfcc',
  '#98a2b3',
  '#6e798b',
  '#414b5c',
  '#343d4c',
  '#262e3b',
  '#1c232e',
  '#151b24',
  '#0f141b',
]

/**
 * The one theme. Overlays do not lock the page's scrolling: the shell never scrolls as a whole, and the lock would write a `<style>`
 * element that the Content-Security-Policy forbids.
 */
export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: { light: 7, dark: 5 },
  colors: { blue, red, yellow, green, gray, dark },
  black: '#1d2430',
  fontFamily: "'Be Vietnam Pro', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', Consolas, 'DejaVu Sans Mono', monospace",
  headings: {
    fontFamily: "'Be Vietnam Pro', sans-serif",
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.4' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  fontSizes: { xs: '0.75rem', sm: '0.8438rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.55', xl: '1.5' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '0.1875rem', sm: '0.3125rem', md: '0.5rem', lg: '0.75rem', xl: '1rem' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    ModalRoot: {
      defaultProps: {
        lockScroll: false,
        centered: true,
        radius: 'md',
        transitionProps: { duration: 0 },
        returnFocus: false,
      },
    },
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    ModalOverlay: { defaultProps: { backgroundOpacity: 0.45 } },
    Button: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true } },
    TextInput: { defaultProps: { size: 'sm' } },
    NumberInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', allowDeselect: false, checkIconPosition: 'right' } },
    Textarea: { defaultProps: { size: 'sm' } },
  },
})
