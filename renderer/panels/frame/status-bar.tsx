import { useSyncExternalStore } from 'react'
import { labelledFrameCount } from '../../editor/labelled-frames.ts'
import { unlabelledHere } from '../../editor/unlabelled.ts'
import { useEditor, useEditorState, useFollowed, useSlowRecords } from '../window-context.tsx'
import { countOf, countText, smallPercentText } from '../words.ts'
import { useCacheMegabytes } from './cache-size.ts'
import { WorkStatus } from './work-status.tsx'

/** What the work runs on and how far it is: always there, never in the way. */
export function StatusBar() {
  const info = useEditorState((state) => state.hostInfo)
  const settings = useEditorState((state) => state.settings)
  const sentence = useEditorState((state) => state.sentence)
  const toolNote = useEditorState((state) => state.toolNote)
  const cacheMegabytes = useCacheMegabytes()
  const { objectCount, labelledCount, frameCount } = useLabelledFrames()
  if (!info) return null
  return (
    <footer className="status-bar">
      <WorkStatus info={info} />
      <span title={`At most ${countText(settings?.cacheMegabytes ?? 0)} MB, see Settings`}>
        cache {countText(cacheMegabytes)} MB
      </span>
      <span>
        {countOf(objectCount, 'object')}, {countText(labelledCount)} of {countOf(frameCount, 'frame')}{' '}
        labelled
      </span>
      <Unlabelled />
      <span className="grow cut said">{toolNote || (sentence?.tone === 'info' ? sentence.text : '')}</span>
      <span>
        {info.mode === 'desktop' ? 'Desktop' : 'Served'} {info.version}
      </span>
    </footer>
  )
}

/** Only where every pixel is meant to have an owner: elsewhere what is left is simply the background. */
function Unlabelled() {
  const editor = useEditor()
  const playing = useEditorState((state) => state.playing)
  const arrivals = useSyncExternalStore(
    (told) => editor.shapes.listen(told),
    () => editor.shapes.arrivals,
  )
  const part = useFollowed(unlabelledHere, [arrivals], playing)
  if (part === null) return null
  return (
    <span title="Part of this frame that belongs to no object. It is counted because keyframes of this video are labelled all over.">
      {part === 0 ? 'every pixel labelled' : `${smallPercentText(part)} unlabelled`}
    </span>
  )
}

function useLabelledFrames() {
  const mediaId = useEditorState((state) => state.mediaId)
  return useSlowRecords(
    (editor) => {
      const { objects } = editor
      const tracks = objects.map((object) => editor.tracks.track(object.id))
      return {
        objectCount: objects.length,
        labelledCount: labelledFrameCount(tracks),
        frameCount: editor.media?.frameCount ?? 0,
      }
    },
    [mediaId],
  )
}
