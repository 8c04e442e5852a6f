import { Ban, X } from 'lucide-react'
import { Button, Disclosure, DisclosurePanel } from 'react-aria-components'
import type { JobInfo } from '../../../main/core/api.ts'
import type { Editor } from '../../editor/editor.ts'
import { remainingSeconds } from '../../editor/remaining-time.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { Progress } from '../parts/progress.tsx'
import { TextButton } from '../parts/text-button.tsx'
import { sentenceOf } from '../sentence-of.ts'
import { useEditor, useEditorState } from '../window-context.tsx'
import { countOf, countText, msText, secondsText } from '../words.ts'

/** Work that waits, and work that ended with something to say; what runs is in the timeline's own line. */
export function JobList() {
  const all = useEditorState((state) => state.jobs)
  const shown = all.find((job) => job.state === 'running')
  const jobs = all.filter((job) => job !== shown && hasSomethingToSay(job))
  if (jobs.length === 0) return null
  return (
    <section className="jobs" aria-label="Jobs">
      {jobs.map((job) => (
        <JobCard key={job.id} job={job} />
      ))}
    </section>
  )
}

function hasSomethingToSay(job: JobInfo): boolean {
  return job.state !== 'done' || job.sentence !== null || job.notes.length > 0 || job.report !== null
}

function JobCard({ job }: { readonly job: JobInfo }) {
  const editor = useEditor()
  const active = job.state === 'running' || job.state === 'queued'
  return (
    <article className={`job ${job.state}`} aria-label={jobTitle(job)}>
      <div className="across">
        <strong className="grow cut">{jobTitle(job)}</strong>
        {active ? (
          <IconButton
            small
            label={`Cancel ${job.label}`}
            icon={Ban}
            onPress={() => void editor.run('job.cancel', { jobId: job.id })}
          />
        ) : (
          <IconButton
            small
            label={`Dismiss ${job.label}`}
            icon={X}
            onPress={() => void editor.run('job.dismiss', { jobId: job.id })}
          />
        )}
      </div>
      {job.state === 'running' ? (
        <>
          <Progress label={job.label} done={job.done} total={job.done > 0 ? job.total : 0} />
          <p className="quiet numbers">{progressText(job)}</p>
        </>
      ) : null}
      <p className="selectable">
        <span className="quiet">{stateWords[job.state]}</span> {job.sentence}
      </p>
      {job.notes.length > 0 ? <Notes notes={job.notes} /> : null}
      <JobButtons job={job} />
    </article>
  )
}

/** What can be done with a job that has ended. */
function JobButtons({ job }: { readonly job: JobInfo }) {
  const editor = useEditor()
  const canResume = job.state === 'interrupted' || job.state === 'cancelled' || job.state === 'failed'
  if (!canResume && !job.report) return null
  return (
    <div className="across job-buttons">
      {job.state === 'failed' ? (
        <TextButton small look="plain" onPress={() => void navigator.clipboard.writeText(detailsOf(job))}>
          Copy details
        </TextButton>
      ) : null}
      {canResume ? (
        <TextButton small onPress={() => resume(editor, job)}>
          Resume
        </TextButton>
      ) : null}
      {job.report ? (
        <TextButton small onPress={() => editor.openDialog({ type: 'report', jobId: job.id })}>
          Report
        </TextButton>
      ) : null}
    </div>
  )
}

const stateWords: Readonly<Record<JobInfo['state'], string>> = {
  queued: 'Waits for the job before it.',
  running: '',
  interrupted: 'Interrupted.',
  cancelled: 'Cancelled.',
  failed: 'Failed.',
  done: 'Done.',
}

/** 'Propagate 3 objects with EdgeTAM'. */
function jobTitle({ label, network }: JobInfo): string {
  return network ? `${label} with ${network}` : label
}

/** 'EdgeTAM: dog, frame 118 · 118 of 240 · 21 ms a frame · 3 s left'. */
export function progressText(job: JobInfo): string {
  const count = job.total > 0 ? `${countText(job.done)} of ${countText(job.total)}` : ''
  const speed = job.msPerFrame === null ? '' : `${msText(job.msPerFrame)} a frame`
  const left = remainingSeconds(job)
  const at = job.at || job.label
  return [
    job.network ? `${job.network}: ${at}` : at,
    count,
    speed,
    left === null ? '' : `${secondsText(left)} left`,
  ]
    .filter(Boolean)
    .join(' · ')
}

/** Folded: many notes must not push the objects out of sight. */
function Notes({ notes }: { readonly notes: readonly string[] }) {
  return (
    <Disclosure className="notes">
      <Button slot="trigger" className="button link">
        {countOf(notes.length, 'note')}
      </Button>
      <DisclosurePanel>
        <ul>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      </DisclosurePanel>
    </Disclosure>
  )
}

/** Failed jobs too: what made them fail may be gone. */
function resume(editor: Editor, job: JobInfo): void {
  editor.host.resumeJob(job.id).catch((error: unknown) => editor.say(sentenceOf(error), 'failed'))
}

function detailsOf(job: JobInfo): string {
  return JSON.stringify(job, null, 2)
}
