import { useEffect } from 'react'
import { ClassList } from '../classes/class-list.tsx'
import { Inspector } from '../inspector/inspector.tsx'
import { JobList } from '../jobs/job-list.tsx'
import { ObjectList } from '../objects/object-list.tsx'
import { Splitter } from '../parts/splitter.tsx'
import { DoubtQueue } from '../queue/doubt-queue.tsx'
import { Timeline } from '../timeline/timeline.tsx'
import { useEditor, useEditorState, useReading } from '../window-context.tsx'
import { ProjectBanners } from './banners.tsx'
import { CanvasHost } from './canvas-host.tsx'
import { MenuBar } from './menu-bar.tsx'
import { NoMedia } from './no-media.tsx'
import { SidePanel } from './side-panel.tsx'
import { StatusBar } from './status-bar.tsx'
import { ToolRail } from './tool-rail.tsx'
import { ToolStrip } from './tool-strip.tsx'
import { useLayout } from './use-layout.ts'

const sideWidth = { initial: 296, min: 232, max: 560 }
/** At first a fifth of the window, so that a small screen leaves the picture its room. */
const timelineHeight = {
  initial: Math.round(Math.min(264, Math.max(152, window.innerHeight * 0.22))),
  min: 112,
  max: 640,
}

/** The window of an open project. */
export function Workspace() {
  const side = useLayout('sideWidth', sideWidth.initial)
  const timeline = useLayout('timelineHeight', timelineHeight.initial)
  useKeptThreshold()
  const hasMedia = useReading((editor) => editor.media !== null)
  return (
    <div className="workspace">
      <MenuBar />
      <ProjectBanners />
      <div className="middle">
        <ToolRail />
        <main className="canvas-column" aria-label="Picture">
          <ToolStrip />
          {hasMedia ? <CanvasHost /> : <NoMedia />}
        </main>
        <Splitter
          kind="column"
          label="Width of the side panel"
          size={side.value}
          min={sideWidth.min}
          max={sideWidth.max}
          onChange={side.show}
          onEnd={side.keep}
          onReset={() => side.keep(sideWidth.initial)}
        />
        <aside className="side" style={{ width: side.value }} aria-label="Panels">
          <div className="side-scroll">
            <SidePanel id="objects" title="Objects" grows>
              <ObjectList />
            </SidePanel>
            <SidePanel id="queue" title="Doubtful frames">
              <DoubtQueue />
            </SidePanel>
            <SidePanel id="inspector" title="Inspector">
              <Inspector />
            </SidePanel>
            <SidePanel id="classes" title="Classes" closedAtFirst>
              <ClassList />
            </SidePanel>
          </div>
          <JobList />
        </aside>
      </div>
      <Splitter
        kind="row"
        label="Height of the timeline"
        size={timeline.value}
        min={timelineHeight.min}
        max={timelineHeight.max}
        onChange={timeline.show}
        onEnd={timeline.keep}
        onReset={() => timeline.keep(timelineHeight.initial)}
      />
      <section className="timeline" style={{ height: timeline.value }} aria-label="Timeline">
        <Timeline />
      </section>
      <StatusBar />
    </div>
  )
}

/** The threshold chosen in the queue holds from the start, whether the queue is open or folded. */
function useKeptThreshold(): void {
  const editor = useEditor()
  const kept = useEditorState((state) => state.settings?.layout.doubtThreshold)
  useEffect(() => {
    if (typeof kept === 'number') editor.set({ doubtThreshold: kept })
  }, [editor, kept])
}
