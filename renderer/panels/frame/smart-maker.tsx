import { smartMaskMaker, smartMaskPacks } from '../../editor/actions/smart-actions.ts'
import { Segments } from '../parts/fields.tsx'
import { useEditor, useReading } from '../window-context.tsx'

/** No pack has such an id. */
const own = '.own'

/** Who makes the smart mask, where a network could: a press switches, and marks that are made are answered anew. */
export function SmartMaker() {
  const editor = useEditor()
  const maker = useReading((editor) => smartMaskMaker(editor) ?? own)
  const packs = useReading(smartMaskPacks)
  if (packs.length === 0 && maker === own) return null
  return (
    <Segments
      label="What makes the mask"
      value={maker}
      options={[
        { value: own, label: 'Inbetween' },
        ...packs.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      onChange={(packId) =>
        void (packId === own ? editor.run('smart.own') : editor.run('smart.network', { packId }))
      }
    />
  )
}
