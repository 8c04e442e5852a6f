/** A folder of a test with packs in it, and a host that keeps its own beside them. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { TestPack } from '../../../models/test-pack.ts'
import type { HostApi, PackRef } from '../../core/api.ts'
import type { PackPlan, PackProgress, PackReport } from '../../core/models.ts'

/** The pack as a folder; returns where. */
export function writePack(folder: string, { manifest, files }: TestPack): string {
  for (const [path, bytes] of files) {
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, bytes)
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'manifest.json'), manifestText({ manifest }))
  return folder
}

export function manifestText({ manifest }: Pick<TestPack, 'manifest'>): string {
  return JSON.stringify(manifest)
}

export const atPath = (path: string): PackRef => ({ type: 'path', path })
export const atUrl = (url: string): PackRef => ({ type: 'url', url })

/** What a stream of steps ends with, and the progress on the way. */
export async function lastStep<Step extends { readonly type: string }>(
  steps: AsyncIterable<Step>,
): Promise<{ readonly last: Exclude<Step, PackProgress>; readonly progress: readonly PackProgress[] }> {
  const progress: PackProgress[] = []
  let last: Exclude<Step, PackProgress> | null = null
  for await (const step of steps)
    if (step.type === 'progress') progress.push(step as unknown as PackProgress)
    else last = step as Exclude<Step, PackProgress>
  if (!last) throw new Error('The steps ended without a result')
  return { last, progress }
}

export async function planned(host: HostApi, ref: PackRef): Promise<PackPlan> {
  return (await lastStep(host.planPack(ref))).last.plan
}

/** As a person does it: the plan is looked at, and what it says is added. */
export async function added(host: HostApi, ref: PackRef, signal?: AbortSignal): Promise<PackReport> {
  const { manifestHash } = await planned(host, ref)
  return (await lastStep(host.addPack(ref, manifestHash, signal))).last.report
}

export async function verified(host: HostApi, id: string): Promise<PackReport> {
  return (await lastStep(host.verifyPack(id))).last.report
}
