import { chosenEngine, ownEngineName, runEngines } from '../../editor/run-engine.ts'
import { Choice } from '../parts/choice.tsx'
import { useEditor, useEditorState } from '../window-context.tsx'

/** What the run will use, and the way to something else where there is any. */
export function EngineChoice() {
  const editor = useEditor()
  const models = useEditorState((state) => state.models)
  const engines = runEngines(models)
  const chosen = chosenEngine(models)
  if (engines.length === 1) return <p className="quiet">Runs on {ownEngineName} engine.</p>
  const choose = async (key: string) => {
    const engine = engines.find((each) => each.key === key)
    for (const choice of engine?.choices ?? [])
      if (models?.chosen[choice.role] !== choice.packId) await editor.run('pack.choose', choice)
  }
  return (
    <>
      <Choice
        label="Runs on"
        value={chosen.key}
        options={engines.map(({ key, name, sentence }) => ({
          value: key,
          label: name,
          hint: sentence ? 'broken' : undefined,
        }))}
        onChange={(key) => void choose(key)}
      />
      {chosen.sentence ? <p role="alert">{chosen.sentence}</p> : null}
    </>
  )
}
