import {
  Brush,
  Eraser,
  Hand,
  Lasso,
  MousePointer2,
  PaintBucket,
  Redo2,
  Spline,
  SquareDashed,
  Undo2,
  WandSparkles,
} from 'lucide-react'
import { Toolbar } from 'react-aria-components'
import { ActionIcon } from '../parts/action-button.tsx'

const tools = [
  ['tool.select', MousePointer2],
  ['tool.smart', WandSparkles],
  ['tool.box', SquareDashed],
  ['tool.polygon', Spline],
  ['tool.brush', Brush],
  ['tool.eraser', Eraser],
  ['tool.lasso', Lasso],
  ['tool.fill', PaintBucket],
  ['tool.pan', Hand],
] as const

export function ToolRail() {
  return (
    <Toolbar className="tool-rail" orientation="vertical" aria-label="Tools">
      {tools.map(([id, icon]) => (
        <ActionIcon key={id} id={id} icon={icon} side="right" />
      ))}
      <span className="rail-space" />
      <ActionIcon id="edit.undo" icon={Undo2} side="right" />
      <ActionIcon id="edit.redo" icon={Redo2} side="right" />
    </Toolbar>
  )
}
