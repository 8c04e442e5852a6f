import { type Scene, sceneOf } from '../main/core/scene/scene.ts'
import { sceneClip } from '../main/core/scene/scene-clips.ts'
import type { ImagePoint } from './app.ts'

/** What the sample's film shows, from the scene it is rendered from. */
export const sampleScene: Scene = sceneOf(sceneClip('sample'))
export const sampleSize = { width: sampleScene.spec.width, height: sampleScene.spec.height }

/** Outline of an entity as a person would click it round: `count` points where rays from its middle leave it. */
export function clickedOutline(entityName: string, frameIndex: number, count = 14): ImagePoint[] {
  const entity = sampleScene.entities.find(({ name }) => name === entityName)
  if (!entity) throw new Error(`The sample shows no ${entityName}.`)
  const { index } = sampleScene.frame(frameIndex)
  const { width, height } = sampleSize
  const owns = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && index[y * width + x] === entity.index
  const pixels: ImagePoint[] = []
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) if (owns(x, y)) pixels.push({ x: x + 0.5, y: y + 0.5 })
  if (pixels.length === 0) throw new Error(`${entityName} is not in view on frame ${frameIndex}.`)
  const middle = {
    x: pixels.reduce((sum, { x }) => sum + x, 0) / pixels.length,
    y: pixels.reduce((sum, { y }) => sum + y, 0) / pixels.length,
  }
  return Array.from({ length: count }, (_, turn) => {
    const angle = (turn / count) * 2 * Math.PI
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)]
    let reach = 1
    while (owns(Math.floor(middle.x + dx * (reach + 1)), Math.floor(middle.y + dy * (reach + 1)))) reach++
    return { x: middle.x + dx * reach, y: middle.y + dy * reach }
  })
}
