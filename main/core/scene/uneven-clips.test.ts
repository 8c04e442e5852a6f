import { describe, expect, it } from 'vitest'
import { unevenClip, unevenClips } from './uneven-clips.ts'

describe('an uneven clip', () => {
  it.each(unevenClips)('$name: long, calm for most of its time, with all it is about in view', (spec) => {
    const clip = unevenClip(spec)
    expect(spec.frameCount).toBeGreaterThanOrEqual(300)
    const hard = clip.bursts.reduce((sum, [first, last]) => sum + last - first + 1, 0)
    expect(clip.bursts).toHaveLength(spec.burstCount)
    expect(hard).toBeLessThan(spec.frameCount / 3)
    for (const entity of spec.followed)
      expect(clip.frame(0).index.filter((owner) => owner === entity).length).toBeGreaterThan(80)
  })

  it('changes far more from frame to frame within a burst than outside', () => {
    const clip = unevenClip(unevenClips[0]!)
    const [[first, last]] = clip.bursts as [[number, number]]
    const change = (frame: number) => {
      const [a, b] = [clip.frame(frame).rgb, clip.frame(frame + 1).rgb]
      return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length
    }
    const middle = Math.round((first + last) / 2)
    expect(change(middle)).toBeGreaterThan(3 * change(first - 10))
  })
})
