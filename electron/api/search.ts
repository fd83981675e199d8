/** Text as searched: without accents and case, "đ" as "d", so that "nguyen dinh" finds "Nguyễn Đình". */
export function searchable(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase()
}

/** Whether every word searched for stands somewhere in the texts. */
export function matches(search: string, texts: readonly (string | null)[]): boolean {
  const text = searchable(texts.filter(each => each !== null).join('\n'))
  return searchable(search)
    .split(/\s+/)
    .every(word => text.includes(word))
}
