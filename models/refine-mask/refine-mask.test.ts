import { describe, expect, test } from 'vitest'
import { GraphBuilder } from '../test-graphs/graph-builder.ts'
import { packHere } from '../test-graphs/run-here.ts'
import { cropLength } from './crop.ts'
import { RefineMask, sideBySide } from './refine-mask.ts'
import { keyPlanes, stepPlanes } from './sight.ts'

const places = 24 * 24

/** A memory is the mean of the key's mask in every place; what is added to the mask is the mean of all memories. */
function standIn() {
  const memorise = new GraphBuilder()
  const mask = memorise.slice(
    memorise.node('Cast', [memorise.input('key', [1, 4, 192, 192], 'uint8')], { to: 1 }),
    1,
    3,
    4,
  )
  memorise.output(
    'memory',
    memorise.expand(memorise.reshape(memorise.mean(mask, 1, 2, 3), 1, 1, 1), 1, 97, places),
    [1, 97, places],
  )
  const refine = new GraphBuilder()
  const step = refine.node('Cast', [refine.input('step', [1, 9, 192, 192], 'uint8')], { to: 1 })
  const memory = refine.input('memory', [1, 97, 2 * places])
  const shown = refine.times(refine.slice(step, 1, 4, 5), refine.floats([0], [1]))
  const remembered = refine.reshape(refine.mean(memory, 1, 2), 1, 1, 1, 1)
  refine.output('delta', refine.add(shown, remembered), [1, 1, 192, 192])
  return packHere(
    { memorise: memorise.graph(), refine: refine.graph() },
    { role: 'refine-mask', contract: 'inbetween-refine', id: 'stand-in', version: '2.1.0' },
  )
}

function key(mask: number): Uint8Array {
  return new Uint8Array(keyPlanes * cropLength).fill(mask, 3 * cropLength)
}

describe('our network behind its graphs', () => {
  test('remembers a key mask, and is asked with what is remembered of both', async () => {
    const pack = standIn()
    const network = new RefineMask(pack)
    const [left, right] = [await network.memorise(key(40)), await network.memorise(key(80))]
    expect(left).toHaveLength(97 * places)
    const delta = await network.refine(new Uint8Array(stepPlanes * cropLength), [left, right])
    expect(delta).toHaveLength(cropLength)
    expect(delta[7]).toBeCloseTo(60, 3)
  })

  test('is asked with one memory twice, where there is but one', async () => {
    const network = new RefineMask(standIn())
    const only = await network.memorise(key(40))
    const delta = await network.refine(new Uint8Array(stepPlanes * cropLength), [only])
    expect(delta[0]).toBeCloseTo(40, 3)
  })

  test('is named by pack and version, so that a run is not resumed with another', () => {
    expect(new RefineMask(standIn()).id).toBe('stand-in 2.1.0')
  })
})

describe('memories side by side', () => {
  test('keep their rows', () => {
    const [one, other] = [Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6, 7, 8)]
    expect([...sideBySide([one, other], 2, 2)]).toEqual([1, 2, 5, 6, 3, 4, 7, 8])
    expect([...sideBySide([one], 2, 2)]).toEqual([1, 2, 1, 2, 3, 4, 3, 4])
  })
})
