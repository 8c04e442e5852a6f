import type { ExportFormat, FrameChoice } from '../../../main/core/api.ts'
import { Choice } from '../parts/choice.tsx'
import { Checkbox, NumberInput, Segments, TextInput, ValueSlider } from '../parts/fields.tsx'
import { TextButton } from '../parts/text-button.tsx'
import { usePathPicker } from '../path-picker.tsx'
import { useEditor } from '../window-context.tsx'
import { percentText } from '../words.ts'
import { FrameRange } from './frame-range.tsx'
import type { ExportDraft } from './use-export-spec.ts'

const formats: readonly { readonly value: ExportFormat; readonly label: string; readonly hint: string }[] = [
  { value: 'davis', label: 'DAVIS 2017', hint: 'palette PNG' },
  { value: 'youtube-vos', label: 'YouTube-VOS', hint: 'palette PNG' },
  { value: 'viposeg', label: 'VIPOSeg', hint: 'palette PNG' },
  { value: 'youtube-vis', label: 'YouTube-VIS', hint: 'JSON, RLE' },
  { value: 'coco', label: 'COCO instances', hint: 'JSON, RLE' },
  { value: 'overlay', label: 'Overlay video', hint: 'H.264' },
  { value: 'frame-table', label: 'Frame table', hint: 'CSV' },
]
const splits: readonly ExportFormat[] = ['davis', 'youtube-vos', 'viposeg', 'youtube-vis', 'coco']

export function ExportForm({ draft }: { readonly draft: ExportDraft }) {
  const { choice, set } = draft
  return (
    <div className="stack">
      <Choice label="Format" value={choice.format} options={formats} onChange={(format) => set({ format })} />
      <Target draft={draft} />
      <Videos draft={draft} />
      {choice.format === 'frame-table' ? null : <Frames draft={draft} />}
      {splits.includes(choice.format) ? <Split draft={draft} /> : null}
      <div className="stack tight">
        {splits.includes(choice.format) ? (
          <Checkbox selected={choice.includeFrames} onChange={(includeFrames) => set({ includeFrames })}>
            Write the pictures too
          </Checkbox>
        ) : null}
        <Checkbox selected={choice.overwrite} onChange={(overwrite) => set({ overwrite })}>
          Replace the folder if it is there
        </Checkbox>
      </div>
    </div>
  )
}

function Target({ draft }: { readonly draft: ExportDraft }) {
  const pick = usePathPicker()
  const { choice, set } = draft
  async function choose() {
    const picked = await pick({ kind: 'folder', title: 'Export into' })
    if (picked?.paths[0]) set({ target: { ref: picked.paths[0], name: picked.names[0] ?? '' } })
  }
  return (
    <>
      <div className="field">
        <span className="label">Into</span>
        <div className="across">
          <span className="grow cut input-like">{choice.target?.name ?? 'Not chosen yet'}</span>
          <TextButton onPress={choose}>Choose</TextButton>
        </div>
      </div>
      <TextInput
        label="New folder"
        value={choice.folderName}
        onChange={(folderName) => set({ folderName })}
      />
    </>
  )
}

function Videos({ draft }: { readonly draft: ExportDraft }) {
  const editor = useEditor()
  const media = [...editor.store.ofKind('media')]
  const { choice, set } = draft
  if (media.length < 2) return null
  return (
    <fieldset className="videos">
      <legend className="label">Videos</legend>
      {media.map((item) => (
        <Checkbox
          key={item.id}
          selected={choice.mediaIds.includes(item.id)}
          onChange={(on) =>
            set({
              mediaIds: media
                .map(({ id }) => id)
                .filter((id) => (id === item.id ? on : choice.mediaIds.includes(id))),
            })
          }
        >
          {item.name}
        </Checkbox>
      ))}
    </fieldset>
  )
}

const frameTypes: readonly { readonly value: FrameChoice['type']; readonly label: string }[] = [
  { value: 'all', label: 'All with masks' },
  { value: 'keyframes', label: 'Keyframes' },
  { value: 'confirmed', label: 'Confirmed' },
  { value: 'every', label: 'Every n-th' },
  { value: 'range', label: 'A range' },
]

function Frames({ draft }: { readonly draft: ExportDraft }) {
  const editor = useEditor()
  const { frames } = draft.choice
  const last = (editor.media?.frameCount ?? 1) - 1
  const set = (next: FrameChoice) => draft.set({ frames: next })
  return (
    <>
      <Choice
        label="Frames"
        value={frames.type}
        options={frameTypes}
        onChange={(type) =>
          set(
            type === 'every'
              ? { type, step: 5 }
              : type === 'range'
                ? { type, firstFrame: 0, lastFrame: last }
                : { type },
          )
        }
      />
      {frames.type === 'every' ? (
        <NumberInput
          label="Every"
          value={frames.step}
          min={1}
          max={Math.max(1, last)}
          onChange={(step) => set({ type: 'every', step })}
        />
      ) : null}
      {frames.type === 'range' ? (
        <FrameRange range={frames} last={last} onChange={(range) => set({ type: 'range', ...range })} />
      ) : null}
    </>
  )
}

function Split({ draft }: { readonly draft: ExportDraft }) {
  const { choice, set } = draft
  return (
    <>
      <ValueSlider
        label="Share for validation"
        value={choice.valShare}
        min={0}
        max={0.5}
        step={0.05}
        format={{ style: 'percent' }}
        text={percentText}
        onChange={(valShare) => set({ valShare })}
      />
      {choice.format === 'viposeg' || choice.format === 'youtube-vos' ? (
        <div className="field">
          <span className="label">Layout</span>
          <Segments
            label="Layout"
            value={choice.layout}
            options={[
              { value: 'train', label: 'Train' },
              { value: 'valid', label: 'Valid' },
            ]}
            onChange={(layout) => set({ layout })}
          />
        </div>
      ) : null}
    </>
  )
}
