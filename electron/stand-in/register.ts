import { registerHooks } from 'node:module'

/** `node --import electron/stand-in/register.ts <built main>`: whoever imports `electron` gets the stand-in. */
const standIn = new URL('./index.ts', import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context),
})
