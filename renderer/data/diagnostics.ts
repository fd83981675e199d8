import { useQuery } from '@tanstack/react-query'
import { useDesk } from './desk.tsx'
import { keys } from './keys.ts'

export function useDiagnostics() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.diagnostics, queryFn: () => desk.diagnostics.report.query() })
}
