import { FolderOpen, Play, Upload } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { RecentProject } from '../../../main/core/api.ts'
import { SentenceLine } from '../frame/banners.tsx'
import { Notice } from '../parts/notice.tsx'
import { Progress } from '../parts/progress.tsx'
import { TextButton } from '../parts/text-button.tsx'
import { usePathPicker } from '../path-picker.tsx'
import { mediaFilters } from '../pick-filters.ts'
import type { ProjectDoor } from '../project-door.tsx'
import { useProgram } from '../window-context.tsx'
import { engineText } from '../words.ts'
import { Mark } from './mark.tsx'
import { RecentProjects } from './recent-projects.tsx'

const steps = [
  ['Mark', 'Open a video and draw an object on one or two frames.'],
  ['Propagate', 'Press one key. Every frame in between gets its mask.'],
  ['Correct and export', 'Fix what is doubtful; the rest follows. Export what your training code reads.'],
]

/** What is seen while no project is open. */
export function WelcomeScreen({ door }: { readonly door: ProjectDoor }) {
  const { host, info } = useProgram()
  const pick = usePathPicker()
  const [recent, setRecent] = useState<readonly RecentProject[] | null>(null)
  useEffect(() => {
    host.recentProjects().then(setRecent, () => setRecent([]))
  }, [host])

  async function pickVideo() {
    const picked = await pick({ kind: 'files', title: 'Choose a video or images', filters: mediaFilters })
    if (picked) door.askForNew(picked)
  }
  async function pickProject() {
    const picked = await pick({ kind: 'folder', title: 'Open a project folder' })
    if (picked?.paths[0]) door.open(picked.paths[0])
  }
  return (
    <main className="welcome">
      <div className="welcome-column">
        <header className="welcome-head">
          <Mark size={40} />
          <div>
            <h1>Inbetween</h1>
            <p className="quiet">Label the keyframes. Get the inbetweens.</p>
          </div>
        </header>
        <ol className="steps">
          {steps.map(([name, text], index) => (
            <li key={name}>
              <span className="step-number">{index + 1}</span>
              <p>
                <strong>{name}.</strong> <span className="quiet">{text}</span>
              </p>
            </li>
          ))}
        </ol>
        <section className="drop" aria-label="Begin">
          <Upload aria-hidden />
          <p>
            {info?.mode === 'desktop'
              ? 'Drop a video or a folder of images here'
              : 'Begin with a video or a folder of images'}
          </p>
          <div className="across">
            <TextButton look="primary" onPress={pickVideo}>
              New project from a video
            </TextButton>
            <TextButton icon={Play} onPress={door.openSample}>
              Open the sample
            </TextButton>
            <TextButton icon={FolderOpen} onPress={pickProject}>
              Open a project
            </TextButton>
          </div>
          {door.busy ? (
            <div className="drop-busy" role="status">
              <span>{door.busy}</span>
              <Progress label={door.busy} done={0} total={0} />
            </div>
          ) : null}
        </section>
        <SentenceLine />
        {info && 'error' in info.engine ? <Notice tone="warn">{info.engine.error}</Notice> : null}
        {info && 'error' in info.ffmpeg ? <Notice tone="warn">{info.ffmpeg.error}</Notice> : null}
        <RecentProjects projects={recent} onOpen={(project) => door.open(project.folder)} />
        <footer className="welcome-foot faint">
          {info ? <span>Version {info.version}</span> : null}
          {info && !('error' in info.engine) ? (
            <span>{engineText(info.engine, info.threadCount)}</span>
          ) : null}
          <span>Everything stays on this machine</span>
        </footer>
      </div>
    </main>
  )
}
