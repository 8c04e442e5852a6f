import { smooth, wander } from './noise.ts'
import type { Matrix } from './outline.ts'

/** The stage is 480 units high; x is 0 in the middle; its horizon, and the nearest ground. */
export const stageHeight = 480
export const horizonY = 214

export interface CameraMoves {
  readonly pan: boolean
  readonly zoom: boolean
  readonly shake: boolean
}

/** A camera at one moment, with the picture that it makes. */
export interface View {
  /** Stage units that the camera has moved. */
  readonly x: number
  readonly y: number
  /** Pixels a stage unit. */
  readonly scale: number
  readonly width: number
  readonly height: number
}

/** `share` of the shot in [0, 1]. */
export function viewAt(
  moves: CameraMoves,
  seed: number,
  share: number,
  seconds: number,
  shotSeconds: number,
  width: number,
  height: number,
): View {
  const reach = Math.min(95, 16 * shotSeconds)
  const direction = seed % 2 === 0 ? 1 : -1
  let x = moves.pan ? direction * reach * (smooth(share) - 0.5) : 0
  let y = 0
  if (moves.shake) {
    const amount = 5 * Math.max(0, 1 - Math.abs(share - 0.76) / 0.1)
    x += amount * wander(seed + 11, seconds * 7)
    y += amount * wander(seed + 12, seconds * 8)
  }
  const zoom = moves.zoom ? 1.02 + 0.16 * smooth(share) : 1.02
  return { x, y, scale: (height / stageHeight) * zoom, width, height }
}

/** How far a thing that stands at stage height y follows the camera: far things little, near ones all of it. */
export function nearness(y: number): number {
  return 0.3 + (0.85 * Math.max(0, y - horizonY)) / (stageHeight - horizonY)
}

export function toPixels(view: View, near: number): Matrix {
  const { scale } = view
  return [
    scale,
    0,
    0,
    scale,
    view.width / 2 - view.x * near * scale,
    view.height / 2 - (stageHeight / 2 + view.y) * scale,
  ]
}

/** Stage height of a pixel row's centre. */
export function stageY(view: View, row: number): number {
  return (row + 0.5 - view.height / 2) / view.scale + stageHeight / 2 + view.y
}

/** Pixel row of a stage height. */
export function rowOf(view: View, y: number): number {
  return (y - stageHeight / 2 - view.y) * view.scale + view.height / 2
}
