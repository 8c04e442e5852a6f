import { Film } from 'lucide-react'
import { GridList, GridListItem } from 'react-aria-components'
import type { RecentProject } from '../../../main/core/api.ts'
import { dayText } from '../words.ts'

export interface RecentProjectsProps {
  readonly projects: readonly RecentProject[] | null
  readonly onOpen: (project: RecentProject) => void
}

export function RecentProjects({ projects, onOpen }: RecentProjectsProps) {
  if (projects?.length === 0) return null
  return (
    <section className="recent">
      <h2>Recent projects</h2>
      {projects ? (
        <GridList
          className="recent-list"
          aria-label="Recent projects"
          layout="grid"
          items={projects.map((project) => ({ ...project, id: project.folder }))}
          disabledBehavior="all"
          disabledKeys={projects.filter((project) => project.missing).map((project) => project.folder)}
          onAction={(key) => {
            const project = projects.find((item) => item.folder === key)
            if (project) onOpen(project)
          }}
        >
          {(project) => (
            <GridListItem className="recent-card" textValue={project.name}>
              <span className="thumbnail">
                {project.thumbnail ? <img src={project.thumbnail} alt="" /> : <Film aria-hidden />}
              </span>
              <span className="recent-words">
                <strong className="cut">{project.name}</strong>
                <span className="faint cut" title={project.folder}>
                  {project.missing ? 'Its folder is gone' : dayText(project.openedAt, Date.now())}
                </span>
              </span>
            </GridListItem>
          )}
        </GridList>
      ) : (
        <div className="recent-list" aria-busy>
          {[0, 1, 2].map((place) => (
            <div key={place} className="recent-card skeleton" />
          ))}
        </div>
      )}
    </section>
  )
}
