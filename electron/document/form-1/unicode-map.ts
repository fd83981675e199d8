/** A code of two bytes as it stands in a CMap and in a text-showing operator. */
export function hexadecimal(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, '0')
}

/** ToUnicode CMap (ISO 32000-1 §9.10.3) of the codes 1, 2, …; a block holds at most 100 entries. */
export function unicodeMap(letters: readonly string[]): string {
  const entries = letters.map(
    (letter, index) =>
      `<${hexadecimal(index + 1)}> <${Buffer.from(letter, 'utf16le').swap16().toString('hex').toUpperCase()}>`,
  )
  const blocks: string[] = []
  for (let start = 0; start < entries.length; start += 100) {
    const block = entries.slice(start, start + 100)
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`)
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
${blocks.join('\n')}
endcmap
CMapName currentdict /CMap defineresource pop
end
end`
}
