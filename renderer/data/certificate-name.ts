/** The common name in a distinguished name like "CN=CA …, O=…, C=VN"; the whole of it where there is none. */
export function commonName(distinguishedName: string): string {
  return /(?:^|,\s*)CN=((?:\\.|[^,\\])+)/.exec(distinguishedName)?.[1]?.replace(/\\(.)/g, '$1') ?? distinguishedName
}
