import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MediaId } from '../core/records.ts'
import { testMask, testMedia, testObject } from '../core/test-records.ts'
import { isUserError } from '../core/user-error.ts'
import { migrations } from './migrations/migrations.ts'
import { Project } from './project.ts'
import { firstWords, type TestProcess, testProcess } from './test-process.ts'
import {
  bytesOnDisk,
  changeTo,
  drawnMask,
  newTestProject,
  type TestFolder,
  testFolder,
  testOptions,
} from './test-projects.ts'

const scene = [testMedia('m1'), testObject('o1', 'm1')]

let place: TestFolder
beforeEach(() => {
  place = testFolder()
})
afterEach(() => place.remove())

function refusal(work: () => unknown): { code: string; message: string } {
  try {
    work()
  } catch (error) {
    if (isUserError(error)) return { code: error.code, message: error.message }
    throw error
  }
  throw new Error('It was not refused')
}

/** A closed project with one mask in it. */
function closedProject(): string {
  const project = newTestProject(place.path, scene)
  const { record, shape } = drawnMask('o1', 0, 5)
  project.commit(changeTo(project, [record], [shape]))
  project.close()
  return project.folders.project
}

async function otherProcessWith(folder: string): Promise<TestProcess> {
  const script = fileURLToPath(new URL('./test-host-process.ts', import.meta.url))
  const child = testProcess([script, join(place.path, 'settings'), folder, 'hold'])
  await firstWords(child)
  return child
}

describe('a project that another process has', () => {
  it('is refused with who has it, may be read, and is free again the moment that process is killed', async () => {
    const folder = closedProject()
    const child = await otherProcessWith(folder)
    const refused = refusal(() => Project.open(folder, testOptions))
    expect(refused.code).toBe('project-locked')
    expect(refused.message).toContain(folder)
    expect(refused.message).toMatch(
      new RegExp(`process ${child.pid} on \\S+, since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d`),
    )
    const reader = Project.open(folder, { ...testOptions, readOnly: true })
    expect(reader.info().readOnly).toMatch(/read-only/)
    expect(reader.store.has('o1@0' as never)).toBe(true)
    expect(refusal(() => reader.commit(changeTo(reader, [testMask('o1', 1)]))).code).toBe('read-only')
    expect(refusal(() => reader.undo()).code).toBe('read-only')
    reader.close()
    child.kill('SIGKILL')
    await once(child, 'exit')
    Project.open(folder, testOptions).close()
  })

  it('stays theirs when nothing there refers to it any more and garbage is collected', async () => {
    const folder = closedProject()
    const child = testProcess([
      '--expose-gc',
      '--input-type=module-typescript',
      '--eval',
      `import { setTimeout as sleep } from 'node:timers/promises'
      import { lockProject } from '${new URL('./project-lock.ts', import.meta.url)}'
      lockProject('${folder}', Date.now())
      for (let round = 0; round < 5; round++) await sleep(20, gc())
      console.log('collected')
      setInterval(() => {}, 1000)`,
    ])
    await firstWords(child)
    expect(refusal(() => Project.open(folder, testOptions)).code).toBe('project-locked')
  })

  it('is followed by one who only reads', () => {
    const folder = closedProject()
    const writer = Project.open(folder, testOptions)
    const heard: string[] = []
    const reader = Project.open(folder, {
      ...testOptions,
      readOnly: true,
      onChange: (change) => heard.push(change.label),
    })
    const { record, shape } = drawnMask('o1', 4, 9)
    const drawn = changeTo(writer, [record], [shape])
    writer.commit(drawn)
    writer.undo()
    writer.redo()
    reader.follow()
    expect(heard).toEqual([drawn.label, drawn.label, drawn.label])
    expect(reader.store.get(record.id)).toEqual(record)
    expect(reader.history()).toEqual(writer.history())
    reader.close()
    writer.close()
  })

  it('cannot be had twice by one process either', () => {
    const folder = closedProject()
    const first = Project.open(folder, testOptions)
    expect(refusal(() => Project.open(folder, testOptions)).code).toBe('project-locked')
    first.close()
    Project.open(folder, testOptions).close()
  })
})

describe('a project of another format', () => {
  const next = {
    version: migrations.length + 1,
    sql: `alter table record add column note text; update record set note = 'new'`,
  }

  it('of a newer program is refused by name and not touched', () => {
    const folder = closedProject()
    const file = join(folder, 'project.db')
    const db = new Sqlite(file)
    db.pragma('user_version = 7')
    db.close()
    const before = readFileSync(file)
    for (const readOnly of [false, true]) {
      const refused = refusal(() => Project.open(folder, { ...testOptions, readOnly }))
      expect(refused.code).toBe('newer-project')
      expect(refused.message).toContain(
        `was made by a newer Inbetween (format 7; this one reads up to ${migrations.length})`,
      )
    }
    expect(readFileSync(file).equals(before)).toBe(true)
    // The refusal lets go of the project.
    expect(refusal(() => Project.open(folder, testOptions)).code).toBe('newer-project')
  })

  it('of an older program is copied first and then brought up to date', () => {
    const folder = closedProject()
    const before = bytesOnDisk(folder)
    const project = Project.open(folder, { ...testOptions, migrations: [...migrations, next] })
    expect(project.store.has('o1@0' as never)).toBe(true)
    project.close()
    const copy = join(folder, `project.format-${migrations.length}.db`)
    const restored = join(place.path, 'Restored')
    mkdirSync(restored)
    renameSync(copy, join(restored, 'project.db'))
    const old = Project.open(restored, testOptions)
    expect(old.database.integrity()).toBe('ok')
    old.close()
    expect(bytesOnDisk(restored)).toBe(before)
  })

  it('is left as it was when a step of the migration fails, and can be opened by the program that made it', () => {
    const folder = closedProject()
    const before = bytesOnDisk(folder)
    const broken = {
      version: next.version,
      sql: `${next.sql}; delete from record; insert into nothing values (1)`,
    }
    expect(() => Project.open(folder, { ...testOptions, migrations: [...migrations, broken] })).toThrow()
    expect(bytesOnDisk(folder)).toBe(before)
    Project.open(folder, testOptions).close()
    Project.open(folder, { ...testOptions, migrations: [...migrations, next] }).close()
    expect(
      readdirSync(folder)
        .filter((name) => name.includes('format'))
        .sort(),
    ).toEqual(['project.format-1.2.db', 'project.format-1.db'])
  })

  it('is not migrated by one who only reads', () => {
    const folder = closedProject()
    const refused = refusal(() =>
      Project.open(folder, { ...testOptions, readOnly: true, migrations: [...migrations, next] }),
    )
    expect(refused).toMatchObject({
      code: 'older-project',
      message: expect.stringContaining('Open it once for writing'),
    })
  })
})

describe('what is no project', () => {
  it('is named', () => {
    expect(refusal(() => Project.open(join(place.path, 'nowhere'), testOptions))).toMatchObject({
      code: 'no-project',
      message: expect.stringContaining('it has no project.db'),
    })
    const folder = closedProject()
    for (const name of readdirSync(folder)) if (name.startsWith('project.db')) rmSync(join(folder, name))
    writeFileSync(join(folder, 'project.db'), 'these are no pages of a database at all'.repeat(400))
    expect(refusal(() => Project.open(folder, testOptions)).code).toBe('damaged')
    rmSync(join(folder, 'project.db'))
    const other = new Sqlite(join(folder, 'project.db'))
    other.exec('create table bookmarks (url text)')
    other.close()
    expect(refusal(() => Project.open(folder, testOptions))).toMatchObject({
      code: 'no-project',
      message: expect.stringContaining('another program’s'.replace('’', "'")),
    })
  })

  it('cannot be made with a name that is none, or over something', () => {
    for (const name of ['', '  ', '..', 'a/b', 'a\\b', 'what?', 'dot.', 'x'.repeat(200)])
      expect(refusal(() => Project.create(place.path, name, testOptions)).code).toBe('bad-name')
    closedProject()
    expect(refusal(() => newTestProject(place.path, [])).code).toBe('exists')
  })
})

describe('a project that moves', () => {
  const video = (folder: string) => {
    writeFileSync(join(folder, 'dog.mp4'), 'x')
    return testMedia('m1', {
      source: { type: 'video', path: '../dog.mp4', byteLength: 1, hash: '', streamIndex: 0 },
    })
  }

  it('finds media that moved along with it', () => {
    mkdirSync(join(place.path, 'work'))
    const project = newTestProject(join(place.path, 'work'), [video(join(place.path, 'work'))])
    project.close()
    renameSync(join(place.path, 'work'), join(place.path, 'archive'))
    const moved = Project.open(join(place.path, 'archive', 'Test'), testOptions)
    const media = moved.store.get('m1' as MediaId)!
    expect(moved.mediaSource(media)).toMatchObject({ path: join(place.path, 'archive', 'dog.mp4') })
    expect(media.source).toMatchObject({ path: '../dog.mp4' })
    moved.close()
  })

  it('finds media that stayed where they were', () => {
    const project = newTestProject(place.path, [video(place.path)])
    Project.open(project.folders.project, { ...testOptions, readOnly: true }).close()
    project.close()
    Project.open(project.folders.project, testOptions).close()
    mkdirSync(join(place.path, 'deeper', 'still'), { recursive: true })
    renameSync(project.folders.project, join(place.path, 'deeper', 'still', 'Renamed'))
    const moved = Project.open(join(place.path, 'deeper', 'still', 'Renamed'), testOptions)
    const media = moved.store.get('m1' as MediaId)!
    expect(moved.mediaSource(media)).toMatchObject({ path: join(place.path, 'dog.mp4') })
    expect(media.source).toMatchObject({ path: '../../../dog.mp4' })
    expect(moved.nextUndo()).toBeNull()
    moved.close()
  })
})

/** A file system of its own; null where none may be mounted. */
function mountedDisk(
  options: string,
): { path: string; remount(options: string): void; unmount(): void } | null {
  const path = join(place.path, 'disk')
  mkdirSync(path)
  const mount = (...args: string[]) => execFileSync('mount', args, { stdio: 'pipe' })
  try {
    mount('-t', 'tmpfs', '-o', options, 'tmpfs', path)
  } catch {
    return null
  }
  return {
    path,
    remount: (changed) => mount('-o', `remount,${changed}`, path),
    unmount: () => execFileSync('umount', [path]),
  }
}

describe('a disk', () => {
  it('that is full refuses a change with a sentence; memory stays with what the disk has, and goes on when there is room', (context) => {
    const disk = mountedDisk('size=1m')
    if (!disk) return context.skip('Mounting a small disk takes root and the right to mount.')
    try {
      const project = newTestProject(disk.path, scene)
      let drawnCount = 0
      const draw = () => {
        const { record, shape } = drawnMask('o1', drawnCount, drawnCount * 31)
        project.commit(changeTo(project, [record], [shape]))
        drawnCount++
      }
      const refused = refusal(() => {
        for (;;) draw()
      })
      expect(refused.code).toBe('disk-full')
      expect(refused.message).toContain('Free some space')
      expect(refused.message).toContain(project.folders.project)
      expect(drawnCount).toBeGreaterThan(10)
      expect([...project.store.ofKind('mask')]).toHaveLength(drawnCount)
      const inMemory = [...project.store.all()].map((record) => JSON.stringify(record)).sort()
      const onDisk = (JSON.parse(bytesOnDisk(project.folders.project)) as { records: { json: string }[] })
        .records
      expect(onDisk.map((row) => row.json).sort()).toEqual(inMemory)
      disk.remount('size=8m')
      draw()
      expect(project.database.integrity()).toBe('ok')
      project.close()
    } finally {
      disk.unmount()
    }
  })

  it('that is read-only lets a project be read, and says why it cannot be changed', (context) => {
    const disk = mountedDisk('size=4m')
    if (!disk) return context.skip('Mounting a small disk takes root and the right to mount.')
    try {
      const made = newTestProject(disk.path, scene)
      const { record, shape } = drawnMask('o1', 0, 5)
      made.commit(changeTo(made, [record], [shape]))
      made.close()
      disk.remount('ro')
      const project = Project.open(made.folders.project, testOptions)
      expect(project.info().readOnly).toMatch(/cannot be written to.*Copy the project/)
      expect(Buffer.from(project.readShape(shape.hash))).toEqual(Buffer.from(shape.bytes))
      expect(refusal(() => project.commit(changeTo(project, [testMask('o1', 1)]))).code).toBe('read-only')
      project.close()
      expect(refusal(() => Project.create(disk.path, 'Another', testOptions)).code).toBe('not-writable')
    } finally {
      disk.unmount()
    }
  })

  it('folder without write permission is read-only too', () => {
    const folder = closedProject()
    chmodSync(folder, 0o555)
    try {
      // Root may write anyway; then there is nothing to see here.
      if (process.getuid?.() === 0) return
      const project = Project.open(folder, testOptions)
      expect(project.info().readOnly).toMatch(/cannot be written to/)
      project.close()
    } finally {
      chmodSync(folder, 0o755)
    }
  })

  it('keeps no lock file in the way of anyone after closing', () => {
    const folder = closedProject()
    expect(existsSync(join(folder, 'owner.json'))).toBe(false)
  })
})
