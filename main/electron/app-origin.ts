/** The page's own address: the built view behind a scheme of our own, so that it has an origin and needs no server. */
export const appScheme = 'app'
export const mediaScheme = 'media'
export const appOrigin = `${appScheme}://inbetween`

/** The development server's address, where `electron-vite dev` started us; never in an installed program. */
export function viewUrl(developmentUrl: string | undefined): string {
  return developmentUrl ?? `${appOrigin}/`
}

/** Whether a frame's address belongs to the app. */
export function isOurs(url: string, view: string): boolean {
  try {
    const { protocol, host } = new URL(url)
    const own = new URL(view)
    return protocol === own.protocol && host === own.host
  } catch {
    return false
  }
}
