import { describe, expect, it } from 'vitest'
import { type SceneSpec, sceneOf } from './scene.ts'
import { sceneClip, sceneClips } from './scene-clips.ts'

const small: SceneSpec = { ...sceneClip('short-test'), width: 160, height: 90 }

function areaOf(index: Uint8Array, entity: number): number {
  let area = 0
  for (const value of index) if (value === entity) area++
  return area
}

describe('a scene', () => {
  it('gives the same bytes for the same spec and frame, in any order', () => {
    const one = sceneOf(small)
    const there = one.frame(3)
    one.frame(17)
    const again = sceneOf(small).frame(3)
    expect(Buffer.compare(there.rgb, again.rgb)).toBe(0)
    expect(Buffer.compare(there.index, again.index)).toBe(0)
    expect(Buffer.compare(one.frame(3).rgb, there.rgb)).toBe(0)
  })

  it('changes with the seed', () => {
    const other = sceneOf({ ...small, seed: small.seed + 3 }).frame(3)
    expect(Buffer.compare(sceneOf(small).frame(3).index, other.index)).not.toBe(0)
  })

  it('gives every pixel an owner among its entities', () => {
    const scene = sceneOf(small)
    const known = new Set(scene.entities.map((entity) => entity.index))
    for (const value of new Set(scene.frame(0).index)) expect(known.has(value)).toBe(true)
  })

  it('shows every one of 40 objects', () => {
    const scene = sceneOf(sceneClip('crowd-test'))
    const { index } = scene.frame(6)
    const things = scene.entities.filter((entity) => !entity.stuff)
    expect(things).toHaveLength(40)
    expect(new Set(things.map((thing) => thing.name)).size).toBe(40)
    for (const thing of things) expect(areaOf(index, thing.index), thing.name).toBeGreaterThan(20)
  })

  it('lets an object leave and come back', () => {
    const scene = sceneOf(sceneClip('exit-test'))
    const areas = Array.from({ length: 48 }, (_, i) => areaOf(scene.frame(i).index, 1))
    expect(areas[4]).toBeGreaterThan(50)
    expect(Math.min(...areas.slice(20, 29))).toBe(0)
    expect(Math.max(...areas.slice(36))).toBeGreaterThan(50)
  })

  it('hides an object behind the tree', () => {
    const spec: SceneSpec = { ...small, frameCount: 48, objectCount: 1, events: ['occlusion'] }
    const hidden = sceneOf(spec)
    const open = sceneOf({ ...spec, events: [] })
    const covered = areaOf(hidden.frame(24).index, 1) / areaOf(open.frame(24).index, 1)
    expect(covered).toBeLessThan(0.85)
  })

  it('cuts to another place in one frame', () => {
    const scene = sceneOf(sceneClip('cut-test'))
    const [cut] = scene.cuts
    const change = (a: number, b: number) => {
      const [p, q] = [scene.frame(a).rgb, scene.frame(b).rgb]
      return p.reduce((sum, value, i) => sum + Math.abs(value - q[i]!), 0) / p.length
    }
    expect(cut).toBe(23)
    expect(change(cut! - 1, cut!)).toBeGreaterThan(4 * change(cut! - 2, cut! - 1))
  })

  it('darkens when the light changes and blurs what moves', () => {
    const mean = (rgb: Uint8Array) => rgb.reduce((sum, value) => sum + value, 0) / rgb.length
    const lit = sceneOf({ ...small, events: ['light'] })
    expect(mean(lit.frame(12).rgb)).toBeLessThan(0.8 * mean(lit.frame(0).rgb))
    const sharp = sceneOf({ ...small, events: [] }).frame(8)
    const blurred = sceneOf({ ...small, events: ['blur'] }).frame(8)
    expect(Buffer.compare(sharp.rgb, blurred.rgb)).not.toBe(0)
    expect(Buffer.compare(sharp.index, blurred.index)).toBe(0)
  })

  it('draws odd sizes and refuses what it cannot draw', () => {
    expect(sceneOf({ ...small, width: 101, height: 57 }).frame(0).rgb).toHaveLength(101 * 57 * 3)
    expect(() => sceneOf({ ...small, objectCount: 41 })).toThrow(/1 to 40 objects/)
    expect(() => sceneOf(small).frame(24)).toThrow(/frames 0 to 23/)
  })

  it('keeps its promises about the named clips', () => {
    const sample = sceneClips.sample
    expect(sample.frameCount / sample.framesPerSecond).toBeCloseTo(10)
    expect(sample.objectCount).toBeGreaterThanOrEqual(4)
    expect(sceneOf(sample).cuts).toHaveLength(1)
    for (const [name, spec] of Object.entries(sceneClips)) expect(spec.name).toBe(name)
  })
})
