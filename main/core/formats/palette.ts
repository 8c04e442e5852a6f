/**
 * The PASCAL VOC colour map that DAVIS, YouTube-VOS and VIPOSeg masks carry: 256 entries of red, green, blue. The bits
 * of the index are dealt out to the three colours in turn, highest colour bit first. Readers go by the index alone.
 */
export function davisPalette(): Uint8Array {
  const palette = new Uint8Array(256 * 3)
  for (let index = 0; index < 256; index++) {
    let rest = index
    for (let bit = 7; rest > 0; bit--, rest >>= 3) {
      palette[index * 3]! |= (rest & 1) << bit
      palette[index * 3 + 1]! |= ((rest >> 1) & 1) << bit
      palette[index * 3 + 2]! |= ((rest >> 2) & 1) << bit
    }
  }
  return palette
}
