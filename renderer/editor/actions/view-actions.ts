import { type Action, action } from '../action.ts'
import { hasMedia } from '../availability.ts'
import type { Editor } from '../editor.ts'
import { initialLook, type Look } from '../editor-state.ts'
import { fittedView, zoomedView } from '../view-transform.ts'

const zoomStep = 1.25

/** About the viewport's middle. */
function zoomTo(editor: Editor, zoom: number): void {
  const { view } = editor.now
  const { media } = editor
  if (media) editor.set({ view: zoomedView(view, media, zoom, { x: view.width / 2, y: view.height / 2 }) })
}

function toggle(
  id: string,
  label: string,
  keys: readonly string[],
  field: 'patterns' | 'onionSkin' | 'ghosts' | 'pixelGrid',
): Action {
  return action({
    id,
    label,
    keys,
    menu: { name: 'view', group: 3 },
    checked: (editor) => editor.now.look[field],
    when: hasMedia,
    run: (editor) => editor.setLook({ [field]: !editor.now.look[field] }),
  })
}

function opacity(id: string, label: string, key: string, by: number): Action {
  return action({
    id,
    label,
    keys: [key],
    menu: { name: 'view', group: 3 },
    when: hasMedia,
    run: (editor) => {
      const next = Math.round((editor.now.look.maskOpacity + by) * 10) / 10
      editor.setLook({ maskOpacity: Math.min(Math.max(next, 0), 1) })
    },
  })
}

export const viewActions: readonly Action[] = [
  action({
    id: 'view.zoom-in',
    label: 'Zoom in',
    keys: ['Mod+=', 'Mod++', '+', '='],
    menu: { name: 'view', group: 2 },
    when: hasMedia,
    run: (editor) => zoomTo(editor, editor.now.view.zoom * zoomStep),
  }),
  action({
    id: 'view.zoom-out',
    label: 'Zoom out',
    keys: ['Mod+-', '-'],
    menu: { name: 'view', group: 2 },
    when: hasMedia,
    run: (editor) => zoomTo(editor, editor.now.view.zoom / zoomStep),
  }),
  action({
    id: 'view.fit',
    label: 'Fit the picture',
    keys: ['0', 'Mod+0'],
    menu: { name: 'view', group: 2 },
    checked: (editor) => editor.now.view.fitted,
    when: hasMedia,
    run: (editor) => {
      if (editor.media) editor.set({ view: fittedView(editor.now.view, editor.media) })
    },
  }),
  action({
    id: 'view.actual-size',
    label: 'Show at 100 %',
    keys: ['Mod+1'],
    menu: { name: 'view', group: 2 },
    when: hasMedia,
    // One picture pixel on one device pixel.
    run: (editor) => zoomTo(editor, 1 / editor.now.view.pixelRatio),
  }),
  action({
    id: 'view.outline',
    label: 'Outlines instead of fills',
    keys: ['T'],
    menu: { name: 'view', group: 3 },
    checked: (editor) => editor.now.look.maskStyle === 'outline',
    when: hasMedia,
    run: (editor) =>
      editor.setLook({ maskStyle: editor.now.look.maskStyle === 'outline' ? 'fill' : 'outline' }),
  }),
  action({
    id: 'view.hide-masks',
    label: 'Hide all masks',
    keys: ['Z'],
    menu: { name: 'view', group: 3 },
    checked: (editor) => editor.now.look.maskStyle === 'hidden',
    when: hasMedia,
    run: (editor) =>
      editor.setLook({ maskStyle: editor.now.look.maskStyle === 'hidden' ? 'fill' : 'hidden' }),
  }),
  toggle('view.onion-skin', 'Onion skin of the previous keyframe', ['Y'], 'onionSkin'),
  toggle('view.ghosts', 'Ghosts of left and right results', ['Shift+T'], 'ghosts'),
  toggle('view.patterns', 'Patterns on masks', [], 'patterns'),
  toggle('view.pixel-grid', 'Pixel grid', [], 'pixelGrid'),
  opacity('view.less-opacity', 'Fainter masks', ',', -0.1),
  opacity('view.more-opacity', 'Stronger masks', '.', 0.1),
  action<Partial<Look>>({
    id: 'view.set-look',
    label: 'Set how things look',
    keys: [],
    needsArgs: true,
    when: hasMedia,
    run: (editor, look) => editor.setLook(look),
  }),
  action({
    id: 'view.reset-picture',
    label: 'Reset brightness and contrast',
    keys: [],
    menu: { name: 'view', group: 3 },
    when: hasMedia,
    run: (editor) => editor.setLook({ brightness: initialLook.brightness, contrast: initialLook.contrast }),
  }),
]
