import { describe, expect, it } from 'vitest'
import { cat, dog, staleFrames, withAnimals } from './testing/animals.ts'
import { MemoryHost } from './testing/memory-host.ts'
import { Person, video } from './testing/person.ts'

describe('every action', () => {
  it('has an id of its own, a label, and answers whether it can run', async () => {
    const person = await withAnimals()
    const ids = person.editor.actions.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const action of person.editor.actions) {
      expect(action.label).not.toBe('')
      const available = action.when(person.editor)
      expect(available === true || available.endsWith('.')).toBe(true)
    }
  })

  it('says why nothing can be done without a project, and throws nowhere', async () => {
    const person = await Person.sitsDown(new MemoryHost([]))
    for (const id of ['tool.brush', 'propagate.forward', 'object.new', 'frame.next', 'mask.keyframe']) {
      expect(await person.editor.run(id)).toBe(false)
      expect(person.sentence).toBe('There is no video yet: import one first.')
    }
  })

  it('changes nothing that is written down in a read-only project', async () => {
    const host = new MemoryHost([video, dog, cat])
    host.readOnly = 'The folder cannot be written.'
    const person = await Person.sitsDown(host)
    person.selects('dog')
    for (const action of person.editor.actions) {
      if (/^(file|help|tool|view|frame|playback|media\.(show|next|prev))/.test(action.id)) continue
      await person.editor.run(action.id, { objectId: dog.id, fields: { name: 'x' }, name: 'x', jobId: 'j' })
      person.editor.closeDialog()
    }
    expect(host.log).toEqual([])
    expect(host.startedJobs).toEqual([])
  })
})

describe('going through frames', () => {
  it('steps, jumps and stays within the clip', async () => {
    const person = await withAnimals()
    await person.types('F', 'F', 'ArrowRight', 'D')
    expect(person.editor.now.frameIndex).toBe(2)
    await person.types('Shift+ArrowRight')
    expect(person.editor.now.frameIndex).toBe(12)
    await person.types('End')
    expect(person.editor.now.frameIndex).toBe(99)
    await person.types('F')
    expect(person.editor.now.frameIndex).toBe(99)
    await person.types('Home')
    expect(person.editor.now.frameIndex).toBe(0)
  })

  it('goes from keyframe to keyframe of what is selected', async () => {
    const person = await withAnimals()
    person.selects('dog')
    await person.types('R')
    expect(person.editor.now.frameIndex).toBe(20)
    await person.types('R')
    expect(person.sentence).toBe('There is no keyframe after this frame.')
    await person.types('E')
    expect(person.editor.now.frameIndex).toBe(0)
  })

  it('goes to the next doubtful frame and selects what is doubtful there', async () => {
    const person = await withAnimals()
    await person.types('X')
    expect(person.editor.now.frameIndex).toBe(10)
    expect(person.editor.selectedObjects.map(({ name }) => name)).toEqual(['dog'])
    await person.types('Enter', 'X')
    expect(person.mask('dog', 10)?.state).toBe('confirmed')
    expect(person.sentence).toBe('Nothing is doubtful.')
  })

  it('plays at the pace of the table, not of the clock that ticks', async () => {
    let nowMs = 0
    let tick: (() => void) | null = null
    const host = new MemoryHost([video])
    host.frameTimesUs = Float64Array.of(0, 10_000, 100_000, 110_000, 120_000)
    const person = await Person.sitsDown(host, {
      now: () => nowMs,
      nextTick: (callback) => {
        tick = () => callback(nowMs)
        return () => {
          tick = null
        }
      },
    })
    await person.rest()
    await person.types('Space')
    expect(person.editor.now.playing).toBe(true)
    const shown: number[] = []
    for (nowMs = 0; nowMs <= 130 && tick; nowMs += 15) {
      ;(tick as () => void)()
      shown.push(person.editor.now.frameIndex)
    }
    expect(shown).toEqual([0, 1, 1, 1, 1, 1, 1, 2, 4])
    expect(person.editor.now.playing).toBe(false)
  })
})

describe('keyframes', () => {
  it('K makes a propagated mask a keyframe as it is; drawing on it makes its two spans stale', async () => {
    const person = await withAnimals()
    await person.findsPropagated('dog', 15, [25, 10, 40, 40])
    await person.findsPropagated('dog', 30, [35, 10, 40, 40])
    person.editor.showFrame(10)
    person.selects('dog')
    await person.types('K')
    expect(person.mask('dog')).toMatchObject({ state: 'keyframe', confidence: null })
    expect(staleFrames(person, 'dog')).toEqual([])
    person.takes('brush').click([150, 50])
    expect(staleFrames(person, 'dog')).toEqual([5, 15])
    await person.types('Mod+Z', 'Mod+Z')
    expect(staleFrames(person, 'dog')).toEqual([])
    expect(person.mask('dog', 10)?.state).toBe('propagated')
  })

  it('K takes a keyframe back: the mask stays, as one to be computed again', async () => {
    const person = await withAnimals()
    person.editor.showFrame(20)
    person.selects('dog')
    await person.types('K')
    expect(person.mask('dog')?.state).toBe('propagated')
    expect(staleFrames(person, 'dog')).toEqual([5, 10, 20])
  })

  it('O ends the object here, until the next keyframe', async () => {
    const person = await withAnimals()
    await person.findsPropagated('dog', 30, [30, 10, 40, 40])
    person.editor.showFrame(7)
    person.selects('dog')
    await person.types('O')
    expect(person.mask('dog', 7)).toMatchObject({ outside: true, state: 'keyframe', shape: null })
    expect(person.mask('dog', 10)).toBeUndefined()
    expect(person.mask('dog', 5)).toBeDefined()
    expect(person.mask('dog', 30)).toBeDefined()
    await person.types('F', 'O')
    expect(person.sentence).toBe('dog is outside since frame 7: draw it here to bring it back.')
    await person.types('D', 'O')
    expect(person.mask('dog', 7)).toBeUndefined()
  })

  it('Q marks what is partly hidden', async () => {
    const person = await withAnimals()
    person.selects('dog')
    await person.types('Q')
    expect(person.mask('dog')?.occluded).toBe(true)
    await person.types('Q')
    expect(person.mask('dog')?.occluded).toBe(false)
  })

  it('Enter confirms all of a frame while nothing is selected', async () => {
    const person = await withAnimals()
    person.editor.showFrame(10)
    await person.types('Enter')
    expect([person.mask('dog')?.state, person.mask('cat')?.state]).toEqual(['confirmed', 'confirmed'])
    await person.types('Enter')
    expect(person.sentence).toBe('There is nothing to confirm on this frame.')
  })

  it('says which mask there is not', async () => {
    const person = await withAnimals()
    person.editor.showFrame(50)
    person.selects('dog')
    await person.types('K')
    expect(person.sentence).toBe('There is no mask of dog on frame 50.')
  })
})

describe('masks', () => {
  it('interpolates boxes linearly and leaves keyframes alone, in one step', async () => {
    const person = await Person.sitsDown()
    person.takes('box').press([0, 0]).drag([20, 20]).release()
    person.editor.showFrame(10)
    person.press([100, 40]).drag([120, 60]).release()
    person.editor.showFrame(5)
    await person.rest()
    const steps = person.host.log.length
    await person.types('I')
    await person.rest()
    expect(person.mask('object 1', 5)).toMatchObject({
      state: 'propagated',
      method: 'interpolation',
      box: [50, 20, 20, 20],
      outline: { type: 'box', box: [50, 20, 20, 20] },
    })
    expect(person.editor.store.track(person.object('object 1').id).size).toBe(11)
    expect(person.host.log).toHaveLength(steps + 1)
    expect(staleFrames(person, 'object 1')).toEqual([])
  })

  it('blends masks by their distances: a moving square stays a square', async () => {
    const person = await withAnimals()
    person.editor.showFrame(10)
    person.selects('dog')
    await person.types('I')
    await person.rest()
    const mask = person.mask('dog', 10)
    expect(mask?.box).toEqual([20, 10, 40, 40])
    expect(mask?.area).toBeGreaterThan(1500)
  })

  it('needs a keyframe on each side to interpolate', async () => {
    const person = await withAnimals()
    person.editor.showFrame(30)
    person.selects('dog')
    await person.types('I')
    expect(person.sentence).toBe('Interpolation needs a keyframe on each side of this frame.')
  })

  it('copies to frames and leaves other keyframes as they are', async () => {
    const person = await withAnimals()
    person.selects('dog')
    await person.editor.run('mask.copy-to-frames', { firstFrame: 15, lastFrame: 25 })
    expect(person.mask('dog', 18)).toMatchObject({ state: 'keyframe', method: 'copy', box: [10, 10, 40, 40] })
    expect(person.mask('dog', 20)?.box).toEqual([30, 10, 40, 40])
    expect(person.sentence).toBe('Copied to 10 frames. 1 keyframes were left as they are.')
  })

  it('fills holes, removes islands, grows and shrinks', async () => {
    const person = await withAnimals()
    await person.editor.run('tool.set-options', { brushSize: 6 })
    person.selects('dog').takes('eraser').click([30, 30])
    await person.editor.run('mask.fill-holes')
    expect(person.mask('dog')?.area).toBe(1600)
    person.takes('brush').click([150, 80])
    await person.editor.run('mask.remove-islands')
    expect(person.mask('dog')?.area).toBe(1600)
    await person.editor.run('mask.grow')
    expect(person.mask('dog')?.box).toEqual([9, 9, 42, 42])
    await person.editor.run('mask.shrink')
    expect(person.mask('dog')?.box).toEqual([10, 10, 40, 40])
  })

  it('deletes the mask of one frame', async () => {
    const person = await withAnimals()
    person.selects('dog')
    await person.types('Shift+Delete')
    expect(person.mask('dog')).toBeUndefined()
    expect(person.mask('dog', 20)).toBeDefined()
  })
})

describe('propagation', () => {
  it('starts a job of the selected objects from the playhead', async () => {
    const person = await withAnimals()
    person.editor.showFrame(4)
    person.selects('dog')
    await person.types('Shift+F')
    expect(person.host.startedJobs).toEqual([
      {
        type: 'propagate',
        mediaId: video.id,
        objectIds: [dog.id],
        direction: 'forward',
        reach: 'all',
        range: null,
        playheadFrame: 4,
      },
    ])
  })

  it('takes all objects when none is selected, and the chosen range', async () => {
    const person = await withAnimals()
    await person.editor.run('frame.set-range', { firstFrame: 9, lastFrame: 3 })
    await person.types('Shift+E')
    expect(person.host.startedJobs[0]).toMatchObject({ objectIds: null, range: [3, 9], direction: 'both' })
  })

  it('says why nothing could come of it', async () => {
    const person = await Person.sitsDown(new MemoryHost([video, dog]))
    await person.types('Shift+B')
    expect(person.sentence).toBe('dog has no keyframe yet: draw it on a frame first.')
    await person.types('Shift+S')
    expect(person.host.startedJobs).toEqual([])
  })

  it('offers stale spans only where there are any', async () => {
    const person = await withAnimals()
    expect(person.editor.can('propagate.stale')).toBe('Nothing is stale.')
    person.editor.showFrame(20)
    person.selects('dog').takes('brush').click([150, 50])
    expect(person.editor.can('propagate.stale')).toBe(true)
    await person.types('Shift+S')
    expect(person.host.startedJobs[0]).toMatchObject({ reach: 'stale' })
  })

  it('is on disk before the job starts', async () => {
    const person = await withAnimals()
    person.selects('dog').takes('brush').click([150, 50])
    await person.types('Shift+F')
    const { calls } = person.host
    expect(calls.lastIndexOf('commit')).toBeLessThan(calls.indexOf('startJob'))
  })
})
