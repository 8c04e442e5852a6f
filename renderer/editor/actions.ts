/** Every user action, shared by menus, shortcuts, the palette, buttons and tests. The order decides who has a key that two want. */
import type { Action } from './action.ts'
import { classActions } from './actions/class-actions.ts'
import { editActions } from './actions/edit-actions.ts'
import { fileActions } from './actions/file-actions.ts'
import { frameActions } from './actions/frame-actions.ts'
import { helpActions } from './actions/help-actions.ts'
import { keyframeActions } from './actions/keyframe-actions.ts'
import { maskActions } from './actions/mask-actions.ts'
import { mediaActions } from './actions/media-actions.ts'
import { networkActions } from './actions/network-actions.ts'
import { objectActions } from './actions/object-actions.ts'
import { packActions } from './actions/pack-actions.ts'
import { propagateActions } from './actions/propagate-actions.ts'
import { reviewActions } from './actions/review-actions.ts'
import { toolActions } from './actions/tool-actions.ts'
import { viewActions } from './actions/view-actions.ts'

export const actions: readonly Action[] = [
  ...fileActions,
  ...editActions,
  ...frameActions,
  ...keyframeActions,
  ...maskActions,
  ...objectActions,
  ...classActions,
  ...mediaActions,
  ...propagateActions,
  ...networkActions,
  ...packActions,
  ...reviewActions,
  ...toolActions,
  ...viewActions,
  ...helpActions,
]

export const actionById: ReadonlyMap<string, Action> = new Map(actions.map((action) => [action.id, action]))
