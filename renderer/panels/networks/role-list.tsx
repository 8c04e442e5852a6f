import {
  askedRoles,
  type ModelList,
  type ModelRole,
  modelRoles,
  type PackInfo,
} from '../../../main/core/models.ts'
import { Choice, type ChoiceOption } from '../parts/choice.tsx'
import { useEditor } from '../window-context.tsx'
import { roleWords, stateWords } from './pack-words.ts'

/** No pack has such an id. */
const own = '.own'

/** Every job that a network can do, what does it now, and what else could. */
export function RoleList({ models }: { readonly models: ModelList }) {
  const isUsed = (role: ModelRole) => askedRoles.has(role)
  const only = modelRoles.filter((role) => !isUsed(role) && models.packs.some((pack) => pack.role === role))
  const roles = [...modelRoles.filter(isUsed), ...only]
  return (
    <section className="stack tight" aria-label="What does which job">
      <h3>What does which job</h3>
      <ul className="roles">
        {roles.map((role) => (
          <RoleRow key={role} role={role} models={models} />
        ))}
      </ul>
    </section>
  )
}

function RoleRow({ role, models }: { readonly role: ModelRole; readonly models: ModelList }) {
  const editor = useEditor()
  const { name, what, own: ownName } = roleWords[role]
  const chosen = models.chosen[role]
  const packs = models.packs.filter((pack) => pack.role === role)
  const gone = chosen !== null && !packs.some(({ id }) => id === chosen)
  const options: readonly ChoiceOption<string>[] = [
    { value: own, label: ownName },
    ...packs.map(optionOf),
    ...(gone ? [{ value: chosen, label: chosen, hint: 'not here' }] : []),
  ]
  return (
    <li className="role">
      <span>
        {name}
        <span className="faint">
          {askedRoles.has(role) ? what : `${what}: nothing in Inbetween asks for it yet`}
        </span>
      </span>
      {options.length === 1 ? (
        <span className="quiet role-only">{options[0]?.label}</span>
      ) : (
        <Choice
          hideLabel
          label={`What does: ${name}`}
          value={chosen ?? own}
          options={options}
          onChange={(value) => void editor.run('pack.choose', { role, packId: value === own ? null : value })}
        />
      )}
    </li>
  )
}

function optionOf({ id, name, version, state }: PackInfo): ChoiceOption<string> {
  return { value: id, label: name, hint: state === 'ready' ? version : stateWords[state].toLowerCase() }
}
