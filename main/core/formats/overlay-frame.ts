import { forEachColumnRun, type Rle } from '../mask/rle.ts'

/** Paints masks over a picture: half transparent, with a one-pixel line of the full colour around each. */
export function paintOverlay(
  rgb: Uint8Array,
  width: number,
  masks: readonly { readonly rle: Rle; readonly color: string }[],
): void {
  for (const { rle, color } of masks) {
    const number = Number.parseInt(color.slice(1), 16)
    const parts = [number >> 16, (number >> 8) & 255, number & 255]
    const mark = new Uint8Array(rle.width * rle.height)
    forEachColumnRun(rle, (x, from, to) => {
      for (let i = from * width + x; i < to * width; i += width) mark[i] = 1
    })
    forEachColumnRun(rle, (x, from, to) => {
      for (let y = from; y < to; y++) {
        const i = y * width + x
        const inside = y > 0 && y + 1 < rle.height && x > 0 && x + 1 < width
        const edge = !inside || !mark[i - 1] || !mark[i + 1] || !mark[i - width] || !mark[i + width]
        for (let c = 0; c < 3; c++) rgb[i * 3 + c] = edge ? parts[c]! : (rgb[i * 3 + c]! + parts[c]!) >> 1
      }
    })
  }
}
