import { Play } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Estimate as EstimateAnswer, PropagateSpec } from '../../../main/core/api.ts'
import type { Editor } from '../../editor/editor.ts'
import { TextButton } from '../parts/text-button.tsx'
import { sentenceOf } from '../sentence-of.ts'
import { useEditor, useEditorState } from '../window-context.tsx'
import { countOf, msText, secondsText } from '../words.ts'
import { EngineChoice } from './engine-choice.tsx'

export interface EstimateProps {
  readonly direction: PropagateSpec['direction']
  readonly reach: PropagateSpec['reach']
  readonly range?: PropagateSpec['range']
  readonly onStarted: () => void
}

function startRun(editor: Editor, spec: PropagateSpec): void {
  editor.toolbox.complete()
  editor.session
    .settled()
    .then(() => editor.host.startJob(spec))
    .catch((error: unknown) => editor.say(sentenceOf(error), 'refused'))
}

/** What a run would do and take, asked before it starts; when it would do nothing, why. */
export function Estimate({ direction, reach, range = null, onStarted }: EstimateProps) {
  const editor = useEditor()
  const { mediaId, selected, playheadFrame, followerId, correctorId } = useEditorState((state) => ({
    mediaId: state.mediaId,
    selected: state.selectedObjectIds,
    playheadFrame: state.frameIndex,
    // Who follows the objects and who corrects masks: either takes another time.
    followerId: state.models?.chosen['segment-video'] ?? null,
    correctorId: state.models?.chosen['refine-mask'] ?? null,
  }))
  const [answer, setAnswer] = useState<EstimateAnswer | string | null>(null)
  const objectIds = selected.length > 0 ? selected : null
  const spec: PropagateSpec | null = mediaId && {
    type: 'propagate',
    mediaId,
    objectIds,
    direction,
    range,
    reach,
    playheadFrame,
  }
  const key = JSON.stringify([spec, followerId, correctorId])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the spec and what runs, by value
  useEffect(() => {
    if (!spec) return
    let stale = false
    editor.host.estimate(spec).then(
      (next) => stale || setAnswer(next),
      (error: unknown) => stale || setAnswer(sentenceOf(error)),
    )
    return () => {
      stale = true
    }
  }, [editor, key])
  if (!spec) return null
  const refusal = typeof answer === 'string' ? answer : (answer?.sentence ?? null)
  return (
    <div className="stack">
      <EngineChoice />
      <div className="estimate" aria-live="polite">
        {refusal ? (
          <p>{refusal}</p>
        ) : answer && typeof answer !== 'string' ? (
          <>
            <strong className="numbers">About {secondsText(answer.seconds)}</strong>
            <p className="quiet numbers">
              {objectIds ? 'Selected: ' : ''}
              {countOf(answer.objectCount, 'object')}, {countOf(answer.frameCount, 'frame')},{' '}
              {msText(answer.msPerFrame)} a frame
            </p>
          </>
        ) : (
          <p className="faint">Estimating</p>
        )}
      </div>
      <TextButton
        look="primary"
        icon={Play}
        disabled={refusal !== null || answer === null}
        onPress={() => {
          onStarted()
          startRun(editor, spec)
        }}
      >
        Run
      </TextButton>
    </div>
  )
}
