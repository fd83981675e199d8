import { onlineManager } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { newQueryClient } from '../../../renderer/data/query-client.ts'

beforeEach(() => onlineManager.setOnline(false))
afterEach(() => onlineManager.setOnline(true))

test('while the PC has no network the office is asked all the same', async () => {
  const client = newQueryClient()
  expect(await client.fetchQuery({ queryKey: ['copies'], queryFn: () => 'answered' })).toBe('answered')
})

test('while the PC has no network a change is made at once: no typed PIN waits for one', async () => {
  const client = newQueryClient()
  const options = client.defaultMutationOptions({ mutationFn: async () => 'done' })
  expect(await client.getMutationCache().build(client, options).execute(undefined)).toBe('done')
})

test('a change that failed is not tried again by itself: a wrong PIN would be used up twice', async () => {
  const client = newQueryClient()
  let tries = 0
  const mutationFn = async () => {
    tries++
    throw new Error('refused')
  }
  const options = client.defaultMutationOptions({ mutationFn })
  await expect(client.getMutationCache().build(client, options).execute(undefined)).rejects.toThrow('refused')
  expect(tries).toBe(1)
})
