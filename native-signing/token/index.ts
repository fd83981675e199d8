/** Tokens through PKCS#11: list them, open one, sign. What is not exported here is the inside. */
export { certificateFromDer, checkSigningCertificate } from './certificate.ts'
export { type ChangePinOptions, changePin } from './change-pin.ts'
export {
  type Deadlines,
  forkModuleProcess,
  type LaunchModuleProcess,
  type ModuleProcess,
  usualDeadlines,
} from './host.ts'
export { keyFileInfo, openKeyFile } from './key-file.ts'
export { listTokens, type ModuleFailure, type ModuleOptions } from './list-tokens.ts'
export { installedModules, type KnownModule, type ModuleList, readModuleList } from './module-list.ts'
export { type OpenTokenOptions, openToken } from './open-token.ts'
export { type ConfiguredModules, p11KitFolders, p11KitModules } from './p11-kit.ts'
export { newPinLimits } from './pin.ts'
export { filePinAttempts, memoryPinAttempts, type PinAttempts } from './pin-attempts.ts'
export { severalTokens, single } from './selection.ts'
export { type Line, serveModule } from './serve.ts'
export { type WarmModules, warmModules } from './warm-modules.ts'
