/** Colours of new objects on screen: Okabe-Ito without black, then hues a golden angle apart in two lightnesses. */

const okabeIto = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7'] as const

/** `#rrggbb` of the nth object; never ends. */
export function paletteColor(index: number): string {
  const named = okabeIto[index]
  if (named) return named
  const n = index - okabeIto.length
  const hue = (40 + n * 137.508) % 360
  const lightness = n % 2 === 0 ? 0.58 : 0.72
  return hslHex(hue, 0.62, lightness)
}

/** The first palette colour that nothing in use has. */
export function freePaletteColor(used: Iterable<string>): string {
  const taken = new Set([...used].map((color) => color.toLowerCase()))
  for (let index = 0; ; index++) {
    const color = paletteColor(index)
    if (!taken.has(color)) return color
  }
}

function hslHex(hue: number, saturation: number, lightness: number): string {
  const spread = saturation * Math.min(lightness, 1 - lightness)
  const channel = (n: number) => {
    const k = (n + hue / 30) % 12
    const value = lightness - spread * Math.max(-1, Math.min(k - 3, 9 - k, 1))
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0')
  }
  return `#${channel(0)}${channel(8)}${channel(4)}`
}
