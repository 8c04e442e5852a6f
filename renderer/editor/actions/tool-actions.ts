import { type Action, type Availability, action } from '../action.ts'
import { allOf, hasMedia } from '../availability.ts'
import type { Editor } from '../editor.ts'
import type { ToolId, ToolOptions } from '../editor-state.ts'
import { smartActions } from './smart-actions.ts'

function tool(id: ToolId, label: string, key: string): Action {
  return action({
    id: `tool.${id}`,
    label,
    keys: [key],
    checked: (editor) => editor.now.tool === id,
    when: hasMedia,
    run: (editor) => editor.toolbox.choose(id),
  })
}

function canSegment(editor: Editor): Availability {
  const engine = editor.now.hostInfo?.engine
  return allOf(hasMedia(editor), engine && 'error' in engine ? engine.error : true)
}

export const smallestBrush = 1
export const largestBrush = 500

/** By a tenth, and at least one pixel, so that few presses lead from a point to a broad brush. */
function resizeBrush(editor: Editor, direction: 1 | -1): void {
  const { brushSize } = editor.now.toolOptions
  const next = brushSize + direction * Math.max(1, Math.round(brushSize / 10))
  editor.setToolOptions({ brushSize: Math.min(Math.max(next, smallestBrush), largestBrush) })
}

export const toolActions: readonly Action[] = [
  tool('select', 'Select', 'S'),
  { ...tool('smart', 'Smart mask', 'A'), when: canSegment },
  tool('box', 'Box', 'W'),
  tool('polygon', 'Polygon', 'P'),
  tool('brush', 'Brush', 'B'),
  tool('eraser', 'Eraser', 'G'),
  tool('fill', 'Flood fill', 'U'),
  tool('lasso', 'Lasso', 'Shift+A'),
  tool('pan', 'Pan', 'V'),
  action({
    id: 'tool.smaller-brush',
    label: 'Smaller brush',
    keys: ['['],
    when: hasMedia,
    run: (editor) => resizeBrush(editor, -1),
  }),
  action({
    id: 'tool.larger-brush',
    label: 'Larger brush',
    keys: [']'],
    when: hasMedia,
    run: (editor) => resizeBrush(editor, 1),
  }),
  action({
    id: 'tool.accept',
    label: 'Accept what is being drawn',
    keys: [],
    when: (editor) => allOf(hasMedia(editor), editor.now.toolState !== 'idle' || 'Nothing is being drawn.'),
    run: (editor) => {
      editor.toolbox.key('Enter')
    },
  }),
  action({
    id: 'tool.snap-to-edges',
    label: 'Snap the polygon to edges',
    keys: ['Alt+P'],
    checked: (editor) => editor.now.toolOptions.snapToEdges,
    when: hasMedia,
    run: (editor) => {
      const snapToEdges = !editor.now.toolOptions.snapToEdges
      editor.setToolOptions({ snapToEdges })
      editor.say(snapToEdges ? 'The polygon snaps to edges.' : 'The polygon draws straight lines.')
    },
  }),
  action<Partial<ToolOptions>>({
    id: 'tool.set-options',
    label: 'Set tool options',
    keys: [],
    needsArgs: true,
    when: hasMedia,
    run: (editor, options) => editor.setToolOptions(options),
  }),
  ...smartActions,
]
