import { enableCompileCache } from 'node:module'

// as ctdesk itself does; static imports would be read before it
enableCompileCache()
await import('./ours-engine.ts')
