/** The few globals that every JavaScript runtime has and `lib: es2024` does not name. Only core compiles with this file. */
interface AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
  throwIfAborted(): void
}
declare const AbortController: { new (): { readonly signal: AbortSignal; abort(reason?: unknown): void } }
type AbortController = InstanceType<typeof AbortController>
declare const TextEncoder: { new (): { encode(text: string): Uint8Array<ArrayBuffer> } }
declare const TextDecoder: {
  new (label?: string, options?: { fatal?: boolean }): { decode(bytes: Uint8Array): string }
}
