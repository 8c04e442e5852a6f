/**
 * What a page of ours may load: its own files, and media by id from `mediaOrigin` (a scheme such as `media:` in the
 * desktop app, nothing more than itself in served mode). No inline script, no eval, nothing from anywhere else.
 * `blob:` is for pictures and workers that the page makes itself; WebAssembly is for decoders.
 * In a meta element `frame-ancestors` has no meaning, so it is left out there.
 */
export function contentPolicy(options: { readonly mediaOrigin?: string; readonly inMeta?: boolean }): string {
  const media = options.mediaOrigin ? ` ${options.mediaOrigin}` : ''
  const directives = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    "style-src 'self'",
    `img-src 'self' data: blob:${media}`,
    `media-src 'self' blob:${media}`,
    "font-src 'self'",
    `connect-src 'self'${media}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "object-src 'none'",
  ]
  if (!options.inMeta) directives.push("frame-ancestors 'none'")
  return directives.join('; ')
}

/** Headers that go with every answer to a page of ours, beside the policy. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=()',
}
