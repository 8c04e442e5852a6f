import { ChevronRight } from 'lucide-react'
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components'
import type { CatalogueEntry } from '../../../main/core/models.ts'
import { bytesText } from '../words.ts'
import { Address } from './copy-button.tsx'
import { Commercial, LicenceLine } from './licence-line.tsx'
import { roleWords } from './pack-words.ts'

/** Networks that are known, with their official sources: fetched by the person, who sees the licence there. */
export function CatalogueList({ entries }: { readonly entries: readonly CatalogueEntry[] }) {
  return (
    <section className="stack tight" aria-label="Known networks">
      <h3>Known networks</h3>
      <p className="quiet">
        Inbetween fetches none of these by itself: get one from its official source, make a pack of it with{' '}
        <code>inbetween models draft</code> (docs/model-packs.md says how), and add that.
      </p>
      <div className="catalogue">
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </div>
    </section>
  )
}

function Entry({ entry }: { readonly entry: CatalogueEntry }) {
  const { name, role, licence, byteLength, tried, note, sources } = entry
  return (
    <Disclosure className="catalogue-entry">
      <Heading level={4}>
        <Button slot="trigger" className="catalogue-trigger">
          <ChevronRight aria-hidden />
          <span className="cut grow">{name}</span>
          {tried ? null : <span className="tag">Not run here</span>}
          <span className="cut entry-licence">{licence.spdx}</span>
          <Commercial licence={licence} />
          <span className="faint entry-role">{roleWords[role].name}</span>
        </Button>
      </Heading>
      <DisclosurePanel>
        <div className="catalogue-body stack">
          {note ? <p className="selectable">{note}</p> : null}
          <dl className="facts">
            <div>
              <dt>Licence</dt>
              <dd className="across">
                <LicenceLine licence={licence} />
                <Address label={`the address of the licence of ${name}`} url={licence.url} />
              </dd>
              {licence.note ? <dd className="quiet note">{licence.note}</dd> : null}
            </div>
            <div>
              <dt>Sources</dt>
              {sources.map(({ what, url }) => (
                <dd key={url} className="source">
                  <span>{what}</span>
                  <Address label={`the address of ${what} of ${name}`} url={url} />
                </dd>
              ))}
            </div>
            {byteLength === null ? null : (
              <div>
                <dt>Size</dt>
                <dd className="numbers">{bytesText(byteLength)}</dd>
              </div>
            )}
          </dl>
        </div>
      </DisclosurePanel>
    </Disclosure>
  )
}
