/**
 * Chromium alone knows no scheme of ours, so `app://desk/…` is shown to it as `https://desk.app.invalid/…`: a secure origin under a
 * top-level domain that can never exist (RFC 2606). The main process only ever sees the former.
 */
const TOP_LEVEL = '.invalid'

export function toChromium(address: string, schemes: ReadonlySet<string>): string {
  const own = /^([a-z][a-z0-9]*):\/\/([^/?#]*)(.*)$/.exec(address)
  const [, scheme, host, rest] = own ?? []
  if (scheme === undefined || host === undefined || !schemes.has(scheme)) return address
  return `https://${host}.${scheme}${TOP_LEVEL}${rest}`
}

export function fromChromium(address: string, schemes: ReadonlySet<string>): string {
  const mapped = /^https:\/\/([^/?#]*)\.([a-z][a-z0-9]*)\.invalid(?=[/?#]|$)(.*)$/.exec(address)
  const [, host, scheme, rest] = mapped ?? []
  if (host === undefined || scheme === undefined || !schemes.has(scheme)) return address
  return `${scheme}://${host}${rest}`
}

/** The origin as Electron names it: "app://desk", "https://example.org", "null". */
export function originOf(address: string): string {
  try {
    const url = new URL(address)
    return url.origin === 'null' && url.host !== '' ? `${url.protocol}//${url.host}` : url.origin
  } catch {
    return 'null'
  }
}
