/** Places on the net to which the program may send a person; their own browser opens them. */
const allowedHosts: ReadonlySet<string> = new Set(['dichvucong.gov.vn', 'neac.gov.vn', 'vbpl.vn', 'vneid.gov.vn'])

/** The address if it may be opened outside: https, a known host (or a name below it), nothing hidden in front of it. Null otherwise. */
export function allowedExternal(address: string): string | null {
  let url: URL
  try {
    url = new URL(address)
  } catch {
    return null
  }
  if (url.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '') return null
  const known = [...allowedHosts].some(host => url.hostname === host || url.hostname.endsWith(`.${host}`))
  return known ? url.href : null
}
