import {
  ChevronFirst,
  ChevronLast,
  Pause,
  Play,
  SkipBack,
  SkipForward,
  StepBack,
  StepForward,
} from 'lucide-react'
import { Toolbar } from 'react-aria-components'
import { ActionIcon } from '../parts/action-button.tsx'
import { useEditorState } from '../window-context.tsx'
import { FrameCounter } from './frame-counter.tsx'
import { PropagateButtons } from './propagate-buttons.tsx'
import { RunLine } from './run-line.tsx'

/** Moving in time, propagating, and what is running. */
export function Transport() {
  const playing = useEditorState((state) => state.playing)
  return (
    <div className="transport">
      <Toolbar className="transport-group" aria-label="Playback">
        <ActionIcon id="frame.first" icon={ChevronFirst} />
        <ActionIcon id="frame.previous-keyframe" icon={SkipBack} />
        <ActionIcon id="frame.previous" icon={StepBack} />
        <ActionIcon id="playback.toggle" icon={playing ? Pause : Play} label={playing ? 'Pause' : 'Play'} />
        <ActionIcon id="frame.next" icon={StepForward} />
        <ActionIcon id="frame.next-keyframe" icon={SkipForward} />
        <ActionIcon id="frame.last" icon={ChevronLast} />
      </Toolbar>
      <FrameCounter />
      <PropagateButtons />
      <RunLine />
    </div>
  )
}
