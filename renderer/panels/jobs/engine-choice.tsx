import { chosenEngine, ownEngineName, runEngines } from '../../editor/run-engine.ts'
import { Choice } from '../parts/choice.tsx'
import { useEditor, useEditorState } from '../window-context.tsx'

const own = 'own'

/** What the run will use, and the way to something else where there is any. */
export function EngineChoice() {
  const editor = useEditor()
  const models = useEditorState((state) => state.models)
  const engines = runEngines(models)
  const chosen = chosenEngine(models)
  if (engines.length === 1) return <p className="quiet">Runs on {ownEngineName} engine.</p>
  return (
    <>
      <Choice
        label="Runs on"
        value={chosen.packId ?? own}
        options={engines.map(({ packId, name, sentence }) => ({
          value: packId ?? own,
          label: name,
          hint: sentence ? 'broken' : undefined,
        }))}
        onChange={(value) =>
          void editor.run('pack.choose', { role: 'segment-video', packId: value === own ? null : value })
        }
      />
      {chosen.sentence ? <p role="alert">{chosen.sentence}</p> : null}
    </>
  )
}
