/** Work that tells how far it is, as news: each time the newest, without what nobody has read in time. @returns what the work answers */
export async function* withProgress<News extends object, Answer>(
  work: (tell: (news: News) => void) => Promise<Answer>,
): AsyncGenerator<News, Answer> {
  let newest: News | null = null
  let wake = () => {}
  const state = { over: false }
  const answer = work(news => {
    newest = news
    wake()
  })
  const end = () => {
    state.over = true
    wake()
  }
  // A fault is thrown below, where the answer is awaited.
  answer.then(end, end)
  while (!state.over) {
    const news: News | null = newest
    newest = null
    if (news) yield news
    else
      await new Promise<void>(resolve => {
        wake = resolve
      })
  }
  return await answer
}
