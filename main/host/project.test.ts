import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { emptyDiff } from '../core/diff.ts'
import type { Change } from '../core/history.ts'
import type { ClassId, MediaId, ObjectId, ShapeHash } from '../core/records.ts'
import { testClass, testMask, testMedia, testObject, wishCount, wishOf } from '../core/test-records.ts'
import { Project } from './project.ts'
import {
  bytesOnDisk,
  change,
  changeTo,
  changeWithout,
  drawnMask,
  idOf,
  newTestProject,
  recordTable,
  replayedLog,
  type TestFolder,
  testFolder,
  testOptions,
} from './test-projects.ts'

const scene = [testMedia('m1'), testObject('o1', 'm1'), testObject('o2', 'm1'), testObject('o3', 'm1')]

let folder: TestFolder
let project: Project
const heard: Change[] = []
beforeEach(() => {
  folder = testFolder()
  heard.length = 0
  project = newTestProject(folder.path, scene, { onChange: (made) => heard.push(made) })
})
afterEach(() => {
  project.close()
  folder.remove()
})

const path = () => project.folders.project
function reopen(): void {
  project.close()
  project = Project.open(path(), testOptions)
}
function draw(objectId: string, frameIndex: number, seed: number): void {
  const { record, shape } = drawnMask(objectId, frameIndex, seed)
  project.commit(changeTo(project, [record], [shape]))
}

describe('a project', () => {
  it('has every change on disk when commit returns, as another process would read it', () => {
    draw('o1', 0, 5)
    const { record, shape } = drawnMask('o1', 0, 5)
    const other = Project.open(path(), { ...testOptions, readOnly: true })
    expect(other.store.get(record.id)).toEqual(record)
    expect(Buffer.from(other.readShape(shape.hash))).toEqual(Buffer.from(shape.bytes))
    other.close()
    expect(project.savedAt).toBe(heard.at(-1)!.time)
    expect(project.info()).toEqual({ name: 'Test', folder: path(), readOnly: null, savedAt: project.savedAt })
  })

  it('is the same after closing and opening', () => {
    draw('o1', 0, 5)
    draw('o2', 3, 9)
    project.commit(changeTo(project, [testObject('o1', 'm1', { name: 'dog' })]))
    const [records, history] = [[...project.store.all()], project.history()]
    reopen()
    expect(new Set(project.store.all())).toEqual(new Set(records))
    expect(project.history()).toEqual(history)
  })

  it('undoes everything back to the first byte and redoes it to the last, also across restarts', () => {
    const gestures = fc.array(fc.array(fc.nat(wishCount - 1), { minLength: 1, maxLength: 4 }).map(wishOf), {
      maxLength: 12,
    })
    fc.assert(
      fc.property(gestures, fc.nat(12), (list, restartAt) => {
        const place = testFolder()
        project.close()
        project = newTestProject(place.path, scene)
        const before = bytesOnDisk(path())
        const step = (index: number) => index === restartAt && reopen()
        for (const [index, wish] of list.entries()) {
          step(index)
          const known = withoutLostMasks(project, wish)
          project.commit(change(project.store.diffTo(withShapes(known)), shapesOf(known)))
        }
        const after = bytesOnDisk(path())
        const count = project.history().undo.length
        for (let index = 0; index < count; index++) {
          step(index)
          expect(project.undo().skippedCount).toBe(0)
        }
        expect(bytesOnDisk(path())).toBe(before)
        expect(project.undo().label).toBeNull()
        for (let index = 0; index < count; index++) {
          step(index)
          expect(project.redo().skippedCount).toBe(0)
        }
        expect(bytesOnDisk(path())).toBe(after)
        expect(project.redo().label).toBeNull()
        expect(replayedLog(path())).toBe(recordTable(path()))
        place.remove()
      }),
      { numRuns: 25 },
    )
  })

  it('takes an object’s masks along when it is deleted, and undo brings them back', () => {
    draw('o1', 0, 5)
    draw('o1', 7, 6)
    draw('o2', 0, 7)
    const before = bytesOnDisk(path())
    project.commit(changeWithout(project, 'o1'))
    expect(Object.keys(heard.at(-1)!.diff.removed).sort()).toEqual(['o1', 'o1@0', 'o1@7'])
    expect([...project.store.ofKind('mask')].map((mask) => mask.id)).toEqual(['o2@0'])
    expect(project.undo()).toEqual({ label: heard.at(-1)!.label, skippedCount: 0 })
    expect(bytesOnDisk(path())).toBe(before)
  })

  it('takes objects and masks along with their media, and only the class away from objects', () => {
    project.commit(changeTo(project, [testClass('c1'), testObject('o1', 'm1', { classId: 'c1' as ClassId })]))
    draw('o1', 0, 5)
    project.commit(changeWithout(project, 'c1'))
    expect(project.store.get('o1' as ObjectId)?.classId).toBeNull()
    project.commit(changeWithout(project, 'm1'))
    expect([...project.store.all()].map((record) => record.id)).toEqual(['project'])
    project.undo()
    project.undo()
    expect(project.store.get('o1' as ObjectId)?.classId).toBe('c1')
    expect(project.store.has(idOf('o1', 0) as never)).toBe(true)
  })

  it('makes a change that is sent twice only once', () => {
    const twice = changeTo(project, [testMask('o1', 0)])
    project.commit(twice)
    project.commit(twice)
    expect(heard.filter((made) => made.id === twice.id)).toHaveLength(1)
    expect(project.history().undo).toHaveLength(1)
  })

  it('carries a change over to what the program did meanwhile', () => {
    const media = project.store.get('m1' as MediaId)!
    const rename = change({ ...emptyDiff, updated: { m1: [media, { ...media, name: 'dog' }] } })
    project.commit(changeTo(project, [{ ...media, frameCount: 250 }]), 'system')
    project.commit(rename)
    expect(project.store.get('m1' as MediaId)).toEqual({ ...media, name: 'dog', frameCount: 250 })
    project.undo()
    expect(project.store.get('m1' as MediaId)).toEqual({ ...media, frameCount: 250 })
  })

  it('refuses, whole, a change that names pixels it does not bring or an object that is gone', () => {
    const before = bytesOnDisk(path())
    const { record, shape } = drawnMask('o1', 0, 5)
    const code = (work: () => void) => {
      try {
        work()
        return null
      } catch (error) {
        return (error as { code?: string }).code
      }
    }
    expect(code(() => project.commit(changeTo(project, [record])))).toBe('missing-shape')
    const damaged = { hash: shape.hash, bytes: shape.bytes.slice(1) }
    expect(code(() => project.commit(changeTo(project, [record], [damaged])))).toBe('broken-change')
    expect(code(() => project.commit(changeTo(project, [testMask('o9', 0), testMask('o1', 1)])))).toBe(
      'object-gone',
    )
    const misplaced = { ...testMask('o1', 0), id: idOf('o1', 1) } as never
    expect(code(() => project.commit(change({ ...emptyDiff, added: { 'o1@1': misplaced } })))).toBe(
      'broken-change',
    )
    const inherited = { ...testObject('constructor', 'm1') }
    expect(code(() => project.commit(change({ ...emptyDiff, added: { constructor: inherited } })))).toBe(
      'broken-change',
    )
    expect(bytesOnDisk(path())).toBe(before)
    expect(heard).toHaveLength(2)
  })

  it('keeps shapes as long as the log names them, and forgets both only when told to', () => {
    draw('o1', 0, 5)
    const { shape } = drawnMask('o1', 0, 5)
    project.commit(changeWithout(project, 'o1@0'))
    draw('o1', 1, 6)
    reopen()
    expect(project.database.hasShape(shape.hash)).toBe(true)
    const before = recordTable(path())
    project.compact()
    expect(project.database.hasShape(shape.hash)).toBe(false)
    expect(project.database.hasShape(drawnMask('o1', 1, 6).shape.hash)).toBe(true)
    expect(recordTable(path())).toBe(before)
    expect(project.undo().label).toBeNull()
    reopen()
    expect(project.undo().label).toBeNull()
  })

  it('takes and keeps every shape that a mask names: its pixels, those marked, those of either side', () => {
    const [whole, marked, left] = [5, 6, 7].map((value) => drawnMask('o1', 0, value).shape)
    const record = {
      ...drawnMask('o1', 0, 5).record,
      marked: marked!.hash,
      sides: [left!.hash, null] as const,
    }
    expect(() => project.commit(changeTo(project, [record], [whole!, marked!]))).toThrow(/pixels of o1@0/)
    project.commit(changeTo(project, [record], [whole!, marked!, left!]))
    project.compact()
    for (const shape of [whole, marked, left]) expect(project.database.hasShape(shape!.hash)).toBe(true)
  })
})

describe('a job’s changes', () => {
  const row = (id: string) => [{ info: { id } as never, cursor: 1 }]
  const job = (records: ReturnType<typeof drawnMask>[], id = 'job-1') =>
    project.commitJob(
      'job',
      {
        label: `Propagate ${records.length}`,
        diff: { ...emptyDiff, added: Object.fromEntries(records.map(({ record }) => [record.id, record])) },
        shapes: records.map(({ shape }) => shape),
      },
      row(id),
    )
  const made = (objectId: string, frameIndex: number) =>
    drawnMask(objectId, frameIndex, 50 + frameIndex, {
      state: 'propagated',
      method: 'propagation',
      confidence: 0.9,
    })

  it('are one step together, and undo leaves what the user has changed since', () => {
    const before = recordTable(path())
    for (let frameIndex = 0; frameIndex < 5; frameIndex++) job([made('o1', frameIndex)])
    expect(project.undo().skippedCount).toBe(0)
    expect(recordTable(path())).toBe(before)
    project.redo()
    draw('o1', 2, 9)
    job([made('o1', 6)])
    project.undo()
    expect(project.store.get(idOf('o1', 2) as never)).toEqual(made('o1', 2).record)
    project.redo()
    reopen()
    expect(project.nextUndo()).toBe(heard.at(-1)!.step)
    project.undo()
    project.undo()
    expect(recordTable(path())).toBe(before)
  })

  it('never write over the user’s masks, touch a locked object or bring back a deleted one', () => {
    draw('o1', 0, 5)
    project.commit(
      changeTo(
        project,
        [{ ...drawnMask('o1', 1, 6).record, state: 'confirmed' }],
        [drawnMask('o1', 1, 6).shape],
      ),
    )
    project.commit(changeTo(project, [testObject('o2', 'm1', { locked: true })]))
    project.commit(changeWithout(project, 'o3'))
    const before = recordTable(path())
    expect(job([made('o1', 0), made('o1', 1), made('o2', 0), made('o3', 0)])).toBe(4)
    expect(recordTable(path())).toBe(before)
    expect(job([made('o1', 0), made('o1', 2)])).toBe(1)
    expect(project.store.has(idOf('o1', 2) as never)).toBe(true)
  })
})

it('names a shape that it does not have', () => {
  expect(() => project.readShape('00' as ShapeHash)).toThrow(/has no shape 00/)
  expect(() => project.frameTable('m1' as MediaId)).toThrow(/frames of m1.mp4 are not known yet/)
})

type Wishes = ReturnType<typeof wishOf>

/** A gesture never draws on an object that is not there or that it deletes. */
function withoutLostMasks(project: Project, wish: Wishes): Wishes {
  const after = new Map(wish.map(([id, to]) => [id as string, to !== undefined]))
  const isThere = (objectId: ObjectId) => after.get(objectId) ?? project.store.has(objectId)
  return wish.filter(([, to]) => to?.kind !== 'mask' || isThere(to.objectId))
}

function withShapes(wish: Wishes): Wishes {
  return wish.map(([id, to]) =>
    to?.kind === 'mask' && to.shape !== null
      ? ([id, drawnMask(to.objectId, to.frameIndex, to.area).record] as const)
      : ([id, to] as const),
  )
}

function shapesOf(wish: Wishes) {
  return wish.flatMap(([, to]) =>
    to?.kind === 'mask' && to.shape !== null ? [drawnMask(to.objectId, to.frameIndex, to.area).shape] : [],
  )
}
