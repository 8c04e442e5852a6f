/**
 * Size as shown, in square pixels. Pixels that are not square are made so by stretching the side that must grow (as Chromium
 * does), so no detail is lost: for an aspect of 4:3 width = round(width x 4 / 3), for 3:4 height = round(height x 4 / 3),
 * halves up. Then a quarter turn swaps the sides.
 */
export function displaySize(
  codedWidth: number,
  codedHeight: number,
  [numerator, denominator]: readonly [numerator: number, denominator: number],
  rotation: 0 | 90 | 180 | 270,
): { readonly width: number; readonly height: number } {
  const wide = numerator >= denominator
  const width = wide ? Math.round((codedWidth * numerator) / denominator) : codedWidth
  const height = wide ? codedHeight : Math.round((codedHeight * denominator) / numerator)
  return rotation === 90 || rotation === 270 ? { width: height, height: width } : { width, height }
}
