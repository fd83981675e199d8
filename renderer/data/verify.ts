import { useMutation } from '@tanstack/react-query'
import { useDesk } from './desk.tsx'
import { upload } from './uploads.ts'

/** Judges a signed PDF of this PC. */
export function useVerification() {
  const desk = useDesk()
  return useMutation({
    mutationFn: async (file: File) => desk.verify.file.query({ uploadId: await upload(desk, file) }),
  })
}
