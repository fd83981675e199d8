import { type UseMutationOptions, useMutation } from '@tanstack/react-query'
import { useRef } from 'react'

/** A mutation told a PIN or a password. It is handed on and kept nowhere: the answer is looked at without what was asked. */
export function useSecret<Secret>(
  send: (secret: Secret) => Promise<unknown>,
  then: Pick<UseMutationOptions, 'onSuccess' | 'onSettled'>,
) {
  const asked = useRef<Secret | null>(null)
  const { mutateAsync, error, isPending } = useMutation({
    mutationFn: async () => {
      const secret = asked.current
      asked.current = null
      if (secret !== null) await send(secret)
    },
    gcTime: 0,
    ...then,
  })
  /** @returns whether it was done; else `error` says why */
  const tell = (secret: Secret): Promise<boolean> => {
    asked.current = secret
    return mutateAsync().then(
      () => true,
      () => false,
    )
  }
  return { tell, error, isPending }
}
