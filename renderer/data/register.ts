import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useDesk } from './desk.tsx'
import { invalidate, keys } from './keys.ts'

export function useRegisterRows(from: string, to: string) {
  const desk = useDesk()
  return useQuery({
    queryKey: keys.registerRows(from, to),
    queryFn: () => desk.register.rows.query({ from, to }),
    placeholderData: keepPreviousData,
  })
}

export function useBooks() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.books, queryFn: () => desk.register.books.query() })
}

export function useYearCount(year: number) {
  const desk = useDesk()
  return useQuery({ queryKey: keys.yearCount(year), queryFn: () => desk.register.countYear.query({ year }) })
}

export function useRegisterActions() {
  const desk = useDesk()
  const client = useQueryClient()
  const onSettled = () => invalidate(client, 'register')
  return {
    print: useMutation({
      mutationFn: (period: { readonly from: string; readonly to: string }) => desk.register.print.query(period),
    }),
    openBook: useMutation({ mutationFn: () => desk.register.openBook.mutate(), onSettled }),
    nextBook: useMutation({ mutationFn: () => desk.register.nextBook.mutate(), onSettled }),
    closeYear: useMutation({ mutationFn: (year: number) => desk.register.closeYear.mutate({ year }), onSettled }),
  }
}
