/** Jobs that carry masks to other frames, and what can be done to any job. */
import type { JobInfo, PropagateSpec } from '../../../main/core/api.ts'
import { staleSpans } from '../../../main/core/track/staleness.ts'
import { type Action, type Availability, action } from '../action.ts'
import { allOf, canWriteMedia, hasProject } from '../availability.ts'
import type { Editor } from '../editor.ts'
import { updateSettings } from '../update-settings.ts'

type Reach = Pick<PropagateSpec, 'direction' | 'reach' | 'range'>

const forward: Reach = { direction: 'forward', reach: 'all', range: null }
const backward: Reach = { direction: 'backward', reach: 'all', range: null }
const both: Reach = { direction: 'both', reach: 'all', range: null }
const toNext: Reach = { direction: 'forward', reach: 'next', range: null }
const stale: Reach = { direction: 'both', reach: 'stale', range: null }

export const propagateActions: readonly Action[] = [
  propagate('propagate.both', 'Propagate both ways', ['Shift+P'], both),
  propagate('propagate.forward', 'Propagate forward', ['Shift+F'], forward),
  propagate('propagate.backward', 'Propagate backward', ['Shift+B'], backward),
  propagate('propagate.next', 'Propagate to the next keyframe', ['Shift+R'], toNext),
  action({
    id: 'propagate.stale',
    label: 'Propagate stale spans again',
    keys: ['Shift+S'],
    menu: { name: 'propagate', group: 1 },
    when: (editor) => allOf(canPropagate(editor), hasStale(editor) ? true : 'Nothing is stale.'),
    run: (editor) => start(editor, stale),
  }),
  action({
    id: 'propagate.after-correction',
    label: 'Re-propagate after a correction',
    keys: ['Alt+Shift+S'],
    menu: { name: 'propagate', group: 1 },
    checked: (editor) => editor.now.settings?.repropagate ?? true,
    when: (editor) => (editor.now.settings ? true : 'The settings are still being read.'),
    run: (editor) => updateSettings(editor, { repropagate: !(editor.now.settings?.repropagate ?? true) }),
  }),
  action<{ firstFrame?: number; lastFrame?: number; direction?: PropagateSpec['direction'] }>({
    id: 'propagate.range',
    label: 'Propagate over a range…',
    keys: ['Shift+E'],
    menu: { name: 'propagate', group: 1 },
    when: canPropagate,
    run: (editor, { firstFrame, lastFrame, direction = 'both' }) => {
      const chosen = editor.now.range
      if (firstFrame !== undefined && lastFrame !== undefined)
        return start(editor, { direction, reach: 'all', range: [firstFrame, lastFrame] })
      if (chosen)
        return start(editor, { direction, reach: 'all', range: [chosen.firstFrame, chosen.lastFrame] })
      return editor.openDialog({ type: 'propagate-range' })
    },
  }),
  action<{ jobId?: string }>({
    id: 'job.cancel',
    label: 'Cancel the job',
    keys: ['Shift+Escape'],
    menu: { name: 'propagate', group: 2 },
    when: (editor) => (runningJobs(editor).length > 0 ? true : 'No job is running.'),
    run: async (editor, { jobId = runningJobs(editor)[0]?.id }) => {
      if (jobId) await editor.host.cancelJob(jobId)
    },
  }),
  action<{ jobId?: string }>({
    id: 'job.resume',
    label: 'Resume the job',
    keys: [],
    menu: { name: 'propagate', group: 2 },
    when: (editor) =>
      allOf(
        hasProject(editor),
        editor.readOnly ?? true,
        resumable(editor).length > 0 || 'No job waits to be resumed.',
      ),
    run: async (editor, { jobId = resumable(editor).at(-1)?.id }) => {
      if (jobId) await editor.host.resumeJob(jobId)
    },
  }),
  action<{ jobId: string }>({
    id: 'job.dismiss',
    label: 'Take a job off the list',
    keys: [],
    needsArgs: true,
    when: hasProject,
    run: async (editor, { jobId }) => {
      await editor.host.dismissJob(jobId)
      editor.set({ jobs: editor.now.jobs.filter(({ id }) => id !== jobId) })
    },
  }),
  action<{ jobId: string }>({
    id: 'job.show-report',
    label: 'Show the report',
    keys: [],
    needsArgs: true,
    when: hasProject,
    run: (editor, { jobId }) => editor.openDialog({ type: 'report', jobId }),
  }),
]

function propagate(id: string, label: string, keys: readonly string[], reach: Reach): Action {
  return action({
    id,
    label,
    keys,
    menu: { name: 'propagate', group: 1 },
    when: canPropagate,
    run: (editor) => start(editor, reach),
  })
}

async function start(editor: Editor, reach: Reach): Promise<void> {
  editor.toolbox.complete()
  await editor.session.settled()
  const spec = propagateSpec(editor, reach)
  if (spec) await editor.host.startJob(spec)
}

/** The job that a propagation from here would be: of the selected objects, of all when none is selected. */
export function propagateSpec(editor: Editor, reach: Reach): PropagateSpec | null {
  const { media } = editor
  const { selectedObjectIds, frameIndex } = editor.now
  if (!media) return null
  const objectIds = selectedObjectIds.length > 0 ? selectedObjectIds : null
  return { type: 'propagate', mediaId: media.id, objectIds, ...reach, playheadFrame: frameIndex }
}

function candidates(editor: Editor) {
  return editor.now.selectedObjectIds.length > 0 ? editor.selectedObjects : editor.objects
}

/** The sentences for what can never produce anything; the host says the rest, from what it finds. */
function canPropagate(editor: Editor): Availability {
  const writable = canWriteMedia(editor)
  if (writable !== true) return writable
  const objects = candidates(editor)
  if (objects.length === 0) return 'There is no object yet: draw one on a frame first.'
  const open = objects.filter((object) => !object.locked)
  if (open.length === 0)
    return objects.length === 1 ? `${objects[0]!.name} is locked.` : 'Every object is locked.'
  const keyed = open.some(({ id }) => editor.tracks.track(id).keys.some(({ shape }) => shape !== null))
  if (!keyed)
    return open.length === 1
      ? `${open[0]!.name} has no keyframe yet: draw it on a frame first.`
      : 'No object has a keyframe yet: draw one on a frame first.'
  return true
}

function hasStale(editor: Editor): boolean {
  return candidates(editor).some(
    ({ id, locked }) => !locked && staleSpans(editor.tracks.track(id)).length > 0,
  )
}

export function runningJobs(editor: Editor): JobInfo[] {
  return editor.now.jobs.filter(({ state }) => state === 'running' || state === 'queued')
}

function resumable(editor: Editor): JobInfo[] {
  return editor.now.jobs.filter(({ state }) => state === 'interrupted' || state === 'cancelled')
}
