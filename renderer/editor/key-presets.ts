/**
 * Keys people bring from other tools. A preset names only what differs from Inbetween's own keys; an empty list takes a
 * key away because the preset gives it to something else.
 */
import type { Settings } from '../../main/core/api.ts'

type Keys = Readonly<Record<string, readonly string[]>>

/** As in CVAT 2: D, F, C, V step; N draws; Ctrl+B copies on. */
const cvat: Keys = {
  'frame.previous': ['D'],
  'frame.next': ['F'],
  'frame.back-ten': ['C'],
  'frame.forward-ten': ['V'],
  'frame.previous-keyframe': ['E'],
  'frame.next-keyframe': ['R'],
  'mask.copy-to-frames': ['Mod+B'],
  'tool.pan': [],
  'edit.redo': ['Mod+Shift+Z', 'Mod+Y'],
}

/** As in labelme: A, D step; Ctrl+N a polygon; Ctrl+R a rectangle; Ctrl+J edits. */
const labelme: Keys = {
  'frame.previous': ['A', 'ArrowLeft'],
  'frame.next': ['D', 'ArrowRight'],
  'tool.polygon': ['Mod+N', 'P'],
  'tool.box': ['Mod+R', 'W'],
  'tool.select': ['Mod+J', 'S'],
  'tool.smart': ['F'],
  'object.hide': ['Mod+H', 'H'],
  'view.fit': ['Mod+F'],
  'view.actual-size': ['Mod+0'],
  'file.import-media': ['Mod+O'],
  'file.open-project': ['Mod+U'],
}

/** As in video editors: J, K, L shuttle; up and down go from edit to edit; M marks. */
const videoEditor: Keys = {
  'frame.previous': ['ArrowLeft', 'J'],
  'frame.next': ['ArrowRight', 'L'],
  'playback.toggle': ['Space', 'K'],
  'frame.previous-keyframe': ['ArrowUp'],
  'frame.next-keyframe': ['ArrowDown'],
  'object.previous': [],
  'object.next': [],
  'mask.keyframe': ['M'],
  'object.merge': ['Alt+J'],
  'object.split': ['Mod+B'],
  'object.lock': ['Alt+L'],
  'tool.select': ['V', 'S'],
  'tool.pan': [],
  'tool.lasso': ['F'],
  'view.fit': ['Shift+Z'],
  'review.accept': ['Shift+A'],
}

export const presetKeys: Readonly<Record<Settings['keyPreset'], Keys>> = {
  inbetween: {},
  cvat,
  labelme,
  'video-editor': videoEditor,
}
