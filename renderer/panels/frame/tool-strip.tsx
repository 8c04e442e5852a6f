import { Contrast, Diamond, EyeOff, LogOut, Maximize, RefreshCw } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, Dialog, DialogTrigger, Popover, Toolbar, TooltipTrigger } from 'react-aria-components'
import type { ToolId, ToolOptions } from '../../editor/editor-state.ts'
import { maskInView } from '../../editor/shown-masks.ts'
import { ActionIcon, ActionText } from '../parts/action-button.tsx'
import { Checkbox, NumberInput, Segments, ValueSlider } from '../parts/fields.tsx'
import { TextButton } from '../parts/text-button.tsx'
import { Tip } from '../parts/tip.tsx'
import { useAction } from '../use-action.ts'
import { useEditor, useEditorState, useReading } from '../window-context.tsx'
import { percentText } from '../words.ts'
import { SmartMaker } from './smart-maker.tsx'

/** The options of the tool in hand, what can be done to the mask, and how the canvas looks. */
export function ToolStrip() {
  const { tool, toolOptions } = useEditorState((state) => ({
    tool: state.tool,
    toolOptions: state.toolOptions,
  }))
  return (
    <Toolbar className="tool-strip" aria-label="Tool options">
      <strong className="tool-name">{toolNames[tool]}</strong>
      <div className="strip-options">
        <OptionsOf tool={tool} options={toolOptions} />
      </div>
      <span className="grow" />
      <ActionIcon id="propagate.after-correction" icon={RefreshCw} side="bottom" />
      <ActionIcon id="mask.keyframe" icon={Diamond} side="bottom" />
      <ActionIcon id="mask.outside" icon={LogOut} side="bottom" />
      <ActionIcon id="mask.occluded" icon={EyeOff} side="bottom" />
      <span className="strip-line" />
      <LookButton />
      <ZoomButton />
    </Toolbar>
  )
}

const toolNames: Readonly<Record<ToolId, string>> = {
  select: 'Select',
  smart: 'Smart mask',
  box: 'Box',
  polygon: 'Polygon',
  brush: 'Brush',
  eraser: 'Eraser',
  fill: 'Fill',
  lasso: 'Lasso',
  pan: 'Pan',
}

const snapHint = (mac: boolean) =>
  `Click along the outline: the line follows edges, straight while ${mac ? '⌘' : 'Ctrl'} is held.`

const hints: Partial<Record<ToolId, string>> = {
  select: 'Click an object. Shift adds to the selection.',
  pan: 'Drag the picture. Space does the same with any tool.',
  polygon: 'Click corners, Enter closes. Drag a corner to move it, click an edge to add one.',
}

function OptionsOf({ tool, options }: { readonly tool: ToolId; readonly options: ToolOptions }): ReactNode {
  const editor = useEditor()
  const set = (patch: Partial<ToolOptions>) => editor.setToolOptions(patch)
  const combine = (
    <Segments
      label="What it does to the mask"
      value={options.combine}
      options={[
        { value: 'add', label: 'Add' },
        { value: 'subtract', label: 'Subtract' },
        { value: 'replace', label: 'Replace' },
      ]}
      onChange={(value) => set({ combine: value })}
    />
  )
  switch (tool) {
    case 'brush':
    case 'eraser':
      return (
        <>
          <ValueSlider
            label="Size"
            value={options.brushSize}
            min={1}
            max={200}
            step={1}
            onChange={(brushSize) => set({ brushSize })}
          />
          <Checkbox selected={options.brushPressure} onChange={(brushPressure) => set({ brushPressure })}>
            Pressure
          </Checkbox>
          {tool === 'brush' ? <Overlap options={options} set={set} /> : null}
          <MaskRepairs options={options} set={set} />
        </>
      )
    case 'fill':
      return (
        <>
          <Segments
            label="What a click fills"
            value={options.fillSource}
            options={[
              { value: 'picture', label: 'Like colours' },
              { value: 'hole', label: 'Hole in mask' },
            ]}
            onChange={(fillSource) => set({ fillSource })}
          />
          {options.fillSource === 'picture' ? (
            <ValueSlider
              label="Tolerance"
              value={options.fillTolerance}
              min={0}
              max={128}
              step={1}
              onChange={(fillTolerance) => set({ fillTolerance })}
            />
          ) : null}
          {combine}
        </>
      )
    case 'box':
    case 'lasso':
      return (
        <>
          {combine}
          <MaskRepairs options={options} set={set} />
        </>
      )
    case 'smart':
      return <SmartOptions />
    case 'polygon':
      return (
        <>
          <ActionCheck id="tool.snap-to-edges">Snap to edges</ActionCheck>
          <span className="quiet cut">
            {options.snapToEdges ? snapHint(editor.platform === 'mac') : hints.polygon}
          </span>
        </>
      )
    default:
      return <span className="quiet cut">{hints[tool]}</span>
  }
}

/** What a mark would do here, and with marks made what becomes of them. */
function SmartOptions() {
  const { isMarking, hasMask } = useReading((editor) => {
    const [object, ...others] = editor.selectedObjects
    const mask = object && others.length === 0 ? maskInView(editor, object.id, editor.now.frameIndex) : null
    return { isMarking: editor.now.toolState !== 'idle', hasMask: Boolean(mask?.shape) }
  })
  if (!isMarking)
    return (
      <>
        <SmartMaker />
        <span className="quiet cut">{hasMask ? smartHints.correct : smartHints.begin}</span>
      </>
    )
  return (
    <>
      <ActionText small id="tool.accept" text="Accept" />
      <ActionText small id="edit.cancel" text="Drop" />
      <SmartMaker />
      <span className="quiet cut">{smartHints.more}</span>
    </>
  )
}

const smartHints = {
  begin: 'Drag a box round the object, or click on it.',
  correct: 'Click or scribble what belongs; right button or Alt: what does not. Shift+drag: a box.',
  more: 'Click or scribble: belongs. Right button or Alt: does not.',
}

/** An action that is a choice, with its key as the tooltip. */
function ActionCheck({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  const action = useAction(id)
  return (
    <TooltipTrigger delay={500} closeDelay={50}>
      <Checkbox
        selected={action.checked ?? false}
        disabled={action.available !== true}
        onChange={() => action.run()}
      >
        {children}
      </Checkbox>
      <Tip label={action.label} keys={action.keys} />
    </TooltipTrigger>
  )
}

interface OptionsProps {
  readonly options: ToolOptions
  readonly set: (patch: Partial<ToolOptions>) => void
}

function Overlap({ options, set }: OptionsProps) {
  return (
    <Segments
      label="Where it meets other objects"
      value={options.overlap}
      options={[
        { value: 'order', label: 'By order' },
        { value: 'take', label: 'Take pixels' },
        { value: 'keep', label: 'Keep off' },
      ]}
      onChange={(overlap) => set({ overlap })}
    />
  )
}

/** What mends a mask as a whole. */
function MaskRepairs({ options, set }: OptionsProps) {
  return (
    <DialogTrigger>
      <Button className="button plain small" data-keeps-focus>
        Mend mask
      </Button>
      <Popover className="popover padded" placement="bottom start" offset={4}>
        <Dialog className="stack" aria-label="Mend mask">
          <NumberInput
            label="Pixels to grow or shrink by"
            value={options.growBy}
            min={1}
            max={100}
            onChange={(growBy) => set({ growBy })}
          />
          <div className="across">
            <ActionText small id="mask.grow" />
            <ActionText small id="mask.shrink" />
          </div>
          <NumberInput
            label="Islands are smaller than (pixels)"
            value={options.islandArea}
            min={1}
            max={100_000}
            onChange={(islandArea) => set({ islandArea })}
          />
          <div className="across">
            <ActionText small id="mask.remove-islands" />
            <ActionText small id="mask.fill-holes" />
            <ActionText small id="mask.largest-region" />
          </div>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

function LookButton() {
  const editor = useEditor()
  const look = useEditorState((state) => state.look)
  return (
    <DialogTrigger>
      <Button className="icon-button" aria-label="How the canvas looks" data-keeps-focus>
        <Contrast aria-hidden />
      </Button>
      <Popover className="popover padded" placement="bottom end" offset={4}>
        <Dialog className="look stack" aria-label="How the canvas looks">
          <Segments
            label="Masks"
            value={look.maskStyle}
            options={[
              { value: 'fill', label: 'Fill' },
              { value: 'outline', label: 'Outline' },
              { value: 'hidden', label: 'Hidden' },
            ]}
            onChange={(maskStyle) => editor.setLook({ maskStyle })}
          />
          <ValueSlider
            label="Opacity"
            value={look.maskOpacity}
            min={0}
            max={1}
            step={0.05}
            format={{ style: 'percent' }}
            text={percentText}
            onChange={(maskOpacity) => editor.setLook({ maskOpacity })}
          />
          <ValueSlider
            label="Brightness"
            value={look.brightness}
            min={-1}
            max={1}
            step={0.05}
            onChange={(brightness) => editor.setLook({ brightness })}
          />
          <ValueSlider
            label="Contrast"
            value={look.contrast}
            min={-1}
            max={1}
            step={0.05}
            onChange={(contrast) => editor.setLook({ contrast })}
          />
          <div className="stack tight">
            <Checkbox selected={look.patterns} onChange={(patterns) => editor.setLook({ patterns })}>
              Patterns beside colours
            </Checkbox>
            <Checkbox selected={look.onionSkin} onChange={(onionSkin) => editor.setLook({ onionSkin })}>
              Outline of the previous keyframe
            </Checkbox>
            <Checkbox selected={look.ghosts} onChange={(ghosts) => editor.setLook({ ghosts })}>
              Left and right results where they disagree
            </Checkbox>
            <Checkbox selected={look.pixelGrid} onChange={(pixelGrid) => editor.setLook({ pixelGrid })}>
              Pixel grid when close
            </Checkbox>
          </div>
          <TextButton small onPress={() => editor.setLook({ brightness: 0, contrast: 0 })}>
            Picture as it is
          </TextButton>
          <p className="faint hint-line">Brightness and contrast change the view only.</p>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

function ZoomButton() {
  const zoom = useReading((editor) => percentText(editor.now.view.zoom * editor.now.view.pixelRatio))
  return (
    <>
      <ActionIcon id="view.fit" icon={Maximize} side="bottom" />
      <span className="zoom quiet numbers">{zoom}</span>
    </>
  )
}
