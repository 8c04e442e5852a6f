/**
 * A picture that says which frame it is, robustly enough for any codec: two rows of 16 blocks, the lower the inverse of the
 * upper. A block is a 1 where its upper half is the lighter one. 12 bits of number (least significant left), a parity bit, and
 * the fixed pattern 1 0 1 that tells a mirrored or turned picture from a right one.
 */
const blockCount = 16

/** RGB24 of a moving background with the number (0 to 4095) on it. */
export function numberedPicture(number: number, width: number, height: number): Uint8Array {
  const rgb = new Uint8Array(width * height * 3)
  const bits = numberBits(number)
  const [top, middle, bottom] = [Math.floor(height * 0.3), Math.floor(height * 0.5), Math.floor(height * 0.7)]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3
      const band = y >= top && y < bottom
      if (band) {
        const bit = bits[Math.floor((x * blockCount) / width)] as number
        rgb.fill((y < middle ? bit === 1 : bit === 0) ? 230 : 25, at, at + 3)
      } else {
        rgb[at] = (x * 3 + number * 7) & 255
        rgb[at + 1] = (y * 2 + number * 3) & 255
        rgb[at + 2] = 128 + 80 * Math.sin((x + y + number * 4) / 20)
      }
    }
  }
  return rgb
}

/** The number in a picture of any size, `channels` bytes a pixel; -1 when it cannot be read beyond doubt. */
export function readFrameNumber(
  pixels: ArrayLike<number>,
  width: number,
  height: number,
  channels = 3,
): number {
  const bits: number[] = []
  for (let block = 0; block < blockCount; block++) {
    const x = Math.floor(((block + 0.5) * width) / blockCount)
    const difference =
      lightness(pixels, width, x, Math.floor(height * 0.4), channels) -
      lightness(pixels, width, x, Math.floor(height * 0.6), channels)
    if (Math.abs(difference) < 60) return -1
    bits.push(difference > 0 ? 1 : 0)
  }
  const number = bits.slice(0, 12).reduce((sum, bit, index) => sum + bit * 2 ** index, 0)
  return numberBits(number).every((bit, index) => bit === bits[index]) ? number : -1
}

function numberBits(number: number): number[] {
  const bits = Array.from({ length: 12 }, (_, index) => (number >> index) & 1)
  const parity = bits.reduce((sum, bit) => sum + bit, 0) & 1
  return [...bits, parity, 1, 0, 1]
}

function lightness(pixels: ArrayLike<number>, width: number, x: number, y: number, channels: number): number {
  let sum = 0
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const at = ((y + dy) * width + x + dx) * channels
      sum += ((pixels[at] as number) + (pixels[at + 1] as number) + (pixels[at + 2] as number)) / 27
    }
  }
  return sum
}
