/** HTTP for the whole program: what asks services outside asks through here. */
export {
  createHttpClient,
  type HttpAnswer,
  type HttpClient,
  type HttpClientSettings,
  type HttpRequest,
  type PostedFile,
} from './client.ts'
export { HttpFault, type HttpFaultKind } from './fault.ts'
export { isPublicAddress } from './public-address.ts'
