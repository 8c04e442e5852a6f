/** How numbers are written in the window: thousands separators, units with a space, times as m:ss.mmm. */

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })

export function countText(count: number): string {
  return whole.format(count)
}

/** '1 frame', '1,376 frames'. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${whole.format(count)} ${count === 1 ? one : many}`
}

export function bytesText(byteLength: number): string {
  if (byteLength < 1000) return `${byteLength} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  let value = byteLength / 1000
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${value < 10 ? value.toFixed(1) : whole.format(value)} ${units[unit]}`
}

/** '63 s', '2 min 10 s', '1 h 5 min'. */
export function secondsText(seconds: number): string {
  const rounded = Math.max(1, Math.round(seconds))
  if (rounded < 100) return `${rounded} s`
  const minutes = Math.floor(rounded / 60)
  if (minutes < 60) return `${minutes} min ${rounded % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

export function msText(milliseconds: number): string {
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : whole.format(milliseconds)} ms`
}

/** '12:04:31' by this machine's clock. */
export function clockText(timeMs: number): string {
  return new Date(timeMs).toLocaleTimeString('en-GB')
}

/** 'today 12:04', 'yesterday', '3 March 2026'. */
export function dayText(timeMs: number, nowMs: number): string {
  const day = (time: number) => new Date(time).toDateString()
  if (day(timeMs) === day(nowMs)) return `today ${clockText(timeMs).slice(0, 5)}`
  if (day(timeMs) === day(nowMs - 86_400_000)) return 'yesterday'
  return new Date(timeMs).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })
}

export function percentText(share: number): string {
  return `${Math.round(share * 100)} %`
}

/** A part that matters when it is small: '3.2 %', 'under 0.1 %', from ten on without decimals. */
export function smallPercentText(share: number): string {
  const percent = 100 * share
  if (percent > 0 && percent < 0.1) return 'under 0.1 %'
  return `${percent < 9.95 ? percent.toFixed(1) : Math.round(percent)} %`
}

/** 'Cycle forest on 2 threads'; where only the slower kernels run, it says so. */
export function engineText(
  engine: { readonly name: string; readonly kernels: 'addon' | 'wasm' },
  threadCount: number,
): string {
  return engine.kernels === 'addon'
    ? `${engine.name} on ${countOf(threadCount, 'thread')}`
    : `${engine.name} as WebAssembly, slower: the fast kernels could not be built at install`
}
