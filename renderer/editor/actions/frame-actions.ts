import { nextDoubtfulFrame } from '../../../main/core/track/doubt.ts'
import { maskPosition, type Track } from '../../../main/core/track/track.ts'
import { type Action, action } from '../action.ts'
import { hasMedia } from '../availability.ts'
import type { Editor } from '../editor.ts'

function step(id: string, label: string, keys: readonly string[], byFrames: number, group: number): Action {
  return action({
    id,
    label,
    keys,
    menu: { name: 'view', group },
    when: hasMedia,
    run: (editor) => {
      editor.playback.stop()
      editor.showFrame(editor.now.frameIndex + byFrames)
    },
  })
}

export const frameActions: readonly Action[] = [
  action({
    id: 'playback.toggle',
    label: 'Play or pause',
    keys: ['Space'],
    menu: { name: 'view', group: 1 },
    checked: (editor) => editor.now.playing,
    when: (editor) => {
      const media = hasMedia(editor)
      if (media !== true) return media
      return editor.now.frameTimesUs ? true : 'The table of frames is still being read.'
    },
    run: (editor) => (editor.now.playing ? editor.playback.stop() : editor.playback.start()),
  }),
  step('frame.previous', 'Previous frame', ['D', 'ArrowLeft'], -1, 1),
  step('frame.next', 'Next frame', ['F', 'ArrowRight'], 1, 1),
  step('frame.back-ten', '10 frames back', ['Shift+ArrowLeft'], -10, 1),
  step('frame.forward-ten', '10 frames forward', ['Shift+ArrowRight'], 10, 1),
  step('frame.first', 'First frame', ['Home'], Number.NEGATIVE_INFINITY, 1),
  step('frame.last', 'Last frame', ['End'], Number.POSITIVE_INFINITY, 1),
  action({
    id: 'frame.previous-keyframe',
    label: 'Previous keyframe',
    keys: ['E'],
    menu: { name: 'view', group: 1 },
    when: hasMedia,
    run: (editor) => showKeyframe(editor, -1),
  }),
  action({
    id: 'frame.next-keyframe',
    label: 'Next keyframe',
    keys: ['R'],
    menu: { name: 'view', group: 1 },
    when: hasMedia,
    run: (editor) => showKeyframe(editor, 1),
  }),
  action({
    id: 'frame.next-doubtful',
    label: 'Next doubtful frame in time',
    keys: ['Alt+X'],
    menu: { name: 'view', group: 1 },
    when: hasMedia,
    run: showDoubtful,
  }),
  action<{ frameIndex: number }>({
    id: 'frame.show',
    label: 'Go to frame',
    keys: [],
    needsArgs: true,
    when: hasMedia,
    run: (editor, { frameIndex }) => {
      editor.playback.stop()
      editor.showFrame(frameIndex)
    },
  }),
  action<{ firstFrame?: number; lastFrame?: number }>({
    id: 'frame.set-range',
    label: 'Choose a range of frames',
    keys: [],
    needsArgs: true,
    when: hasMedia,
    run: (editor, { firstFrame, lastFrame }) => {
      if (firstFrame === undefined || lastFrame === undefined) return editor.set({ range: null })
      const last = (editor.media?.frameCount ?? 1) - 1
      const clamp = (frame: number) => Math.min(Math.max(0, Math.round(frame)), last)
      const ends = [clamp(firstFrame), clamp(lastFrame)].sort((a, b) => a - b)
      editor.set({ range: { firstFrame: ends[0]!, lastFrame: ends[1]! } })
    },
  }),
]

/** The tracks that a jump looks at: those of the selected objects, else all. */
function watchedTracks(editor: Editor): Track[] {
  const { selectedObjectIds } = editor.now
  const ids = selectedObjectIds.length > 0 ? selectedObjectIds : editor.objects.map(({ id }) => id)
  return ids.map((id) => editor.tracks.track(id))
}

function showKeyframe(editor: Editor, direction: -1 | 1): void {
  editor.playback.stop()
  const { frameIndex } = editor.now
  let nearest: number | null = null
  for (const { keys } of watchedTracks(editor)) {
    const found =
      direction === 1 ? keys[maskPosition(keys, frameIndex + 1)] : keys[maskPosition(keys, frameIndex) - 1]
    if (found && (nearest === null || (found.frameIndex - nearest) * direction < 0))
      nearest = found.frameIndex
  }
  if (nearest !== null) {
    editor.showFrame(nearest)
    return
  }
  editor.say(
    direction === 1 ? 'There is no keyframe after this frame.' : 'There is no keyframe before this frame.',
  )
}

/** Selects what is doubtful there, unless the user looks at certain objects already. */
function showDoubtful(editor: Editor): void {
  editor.playback.stop()
  const { selectedObjectIds, frameIndex, doubtThreshold } = editor.now
  const objects = editor.objects.filter((object) => !object.hidden)
  const chosen =
    selectedObjectIds.length > 1 ? objects.filter(({ id }) => selectedObjectIds.includes(id)) : objects
  const tracks = chosen.map(({ id }) => [id, editor.tracks.track(id)] as const)
  const found = nextDoubtfulFrame(tracks, frameIndex, doubtThreshold)
  if (!found) {
    editor.say('Nothing is doubtful.')
    return
  }
  editor.showFrame(found.frameIndex)
  if (selectedObjectIds.length <= 1 && !found.objectIds.some((id) => selectedObjectIds.includes(id)))
    editor.select(found.objectIds.slice(0, 1))
}
