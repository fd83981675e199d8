/** The program's own scheme and the one address of its page. Nothing else is ever shown in the window. */
export const SCHEME = 'app'
export const ORIGIN = `${SCHEME}://desk`
export const START_PAGE = `${ORIGIN}/index.html`

/** Whether an address is the page's own: scheme and host exactly, no name or port before or after. */
export function isOwnAddress(address: string): boolean {
  let url: URL
  try {
    url = new URL(address)
  } catch {
    return false
  }
  return (
    url.protocol === `${SCHEME}:` &&
    url.hostname === 'desk' &&
    url.port === '' &&
    url.username === '' &&
    url.password === ''
  )
}
