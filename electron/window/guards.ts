import type { Session, WebContents } from 'electron'
import { allowedExternal } from './external-links.ts'
import { isOwnAddress } from './origin.ts'

/**
 * Keeps a window on the program's own page: no navigation, redirect, second window, frame or webview leads anywhere else. The one way out
 * is `openExternal`, for addresses that `allowedExternal` knows.
 */
export function guardNavigation(contents: WebContents, openExternal: (address: string) => void): void {
  contents.on('will-navigate', details => {
    if (!isOwnAddress(details.url)) details.preventDefault()
  })
  contents.on('will-redirect', details => {
    if (!isOwnAddress(details.url)) details.preventDefault()
  })
  contents.on('will-frame-navigate', details => {
    if (!details.isMainFrame || !isOwnAddress(details.url)) details.preventDefault()
  })
  contents.on('will-attach-webview', event => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    const address = allowedExternal(url)
    if (address !== null) openExternal(address)
    return { action: 'deny' }
  })
}

/** Nothing that a page could ask of the machine is granted, except to write what was just selected into the clipboard. */
export function guardPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === 'clipboard-sanitized-write' && isOwnAddress(origin),
  )
  session.setDevicePermissionHandler(() => false)
}
