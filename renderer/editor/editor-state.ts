/** Everything the view knows that is not a record: what is shown, chosen, under way. Plain values, replaced not mutated. */
import type { HostInfo, JobInfo, MediaStatus, ProjectInfo, Settings } from '../../main/core/api.ts'
import { emptyHistory, type History } from '../../main/core/history.ts'
import type { InferenceStatus, ModelList } from '../../main/core/models.ts'
import type { ClassId, MediaId, ObjectId } from '../../main/core/records.ts'
import type { FrameSpan } from '../../main/core/track/track.ts'
import { emptyPackDesk, type PackDeskState } from './pack-desk.ts'
import type { ViewTransform } from './view-transform.ts'
import type { LastAnswer } from './work-status.ts'

export type ToolId = 'select' | 'smart' | 'box' | 'polygon' | 'brush' | 'eraser' | 'fill' | 'lasso' | 'pan'

export interface ToolOptions {
  /** Diameter of the brush's and the eraser's tip in image pixels, at full pressure. */
  readonly brushSize: number
  /** Whether a pen's pressure changes the diameter. */
  readonly brushPressure: boolean
  /** What painting does to other objects: nothing (order decides), takes their pixels, or keeps off them. */
  readonly overlap: 'order' | 'take' | 'keep'
  /** How far colours may differ from the clicked one, 0 to 255. */
  readonly fillTolerance: number
  /** What a click of the fill tool fills: like-coloured pixels of the picture, or the hole in the mask. */
  readonly fillSource: 'picture' | 'hole'
  /** What the lasso, the box and the fill do to the mask without a modifier held. */
  readonly combine: 'add' | 'subtract' | 'replace'
  /** Whether the polygon's lines follow the edges of the picture. */
  readonly snapToEdges: boolean
  /** Islands of fewer pixels are removed. */
  readonly islandArea: number
  /** Pixels by which grow and shrink change the mask. */
  readonly growBy: number
  /** Class of the next new object while nothing is selected. */
  readonly classId: ClassId | null
}

export interface Look {
  /** 0 to 1. */
  readonly maskOpacity: number
  readonly maskStyle: 'fill' | 'outline' | 'hidden'
  readonly patterns: boolean
  readonly onionSkin: boolean
  /** Outlines of both results where the keyframes before and after disagree, and the last place of what is hidden. */
  readonly ghosts: boolean
  readonly pixelGrid: boolean
  /** -1 to 1; 0 shows the picture as it is. View only. */
  readonly brightness: number
  /** -1 to 1. */
  readonly contrast: number
}

/** What is open over the window. `pick` stands in for the shell's file dialogs in the browser. */
export type Dialog =
  | { readonly type: 'palette' | 'shortcuts' | 'settings' | 'new-project' | 'about' | 'copy-to-frames' }
  | { readonly type: 'models' }
  | { readonly type: 'export' }
  | { readonly type: 'propagate-range' }
  | { readonly type: 'relink'; readonly mediaId: MediaId }
  | { readonly type: 'delete-media'; readonly mediaId: MediaId }
  | { readonly type: 'open-read-only'; readonly folder: string; readonly sentence: string }
  | { readonly type: 'report'; readonly jobId: string }
  | {
      readonly type: 'pick'
      readonly title: string
      readonly purpose: PickPurpose
      readonly actionId: string
      readonly args: object
    }

/** `actionId` of a pick dialog is run again with `{ ...args, paths }`. */
export type PickPurpose = 'files' | 'folder'

export interface Sentence {
  readonly text: string
  readonly tone: 'info' | 'refused' | 'failed'
  /** Grows, so that the same words twice are announced twice. */
  readonly number: number
}

export interface EditorState {
  readonly connection: 'connecting' | 'connected' | 'lost'
  readonly hostInfo: HostInfo | null
  readonly settings: Settings | null
  /** What networks run on; null before the first answer. */
  readonly inference: InferenceStatus | null
  /** Packs of networks that are here, what they do, and those that can be had; null before the first answer. */
  readonly models: ModelList | null
  /** What is being done with them, and what came of it. */
  readonly packDesk: PackDeskState
  readonly project: ProjectInfo | null
  /** Milliseconds since 1970; null before anything was saved. */
  readonly savedAt: number | null
  /** Changes shown but not yet on disk. */
  readonly pendingCount: number
  readonly history: History
  readonly jobs: readonly JobInfo[]
  /** The last mask from marks that this window was answered with: how long it took, and on what. */
  readonly lastAnswer: LastAnswer | null
  readonly mediaStatus: Readonly<Record<string, MediaStatus>>
  /** Grows with every change of the store: subscribe to it to read records again. */
  readonly revision: number

  readonly mediaId: MediaId | null
  /** Presentation times of the shown media in microseconds; null while they are fetched. */
  readonly frameTimesUs: Float64Array | null
  readonly frameIndex: number
  /** The frame whose picture is on screen; null while there is none. Masks are drawn for this frame. */
  readonly shownFrameIndex: number | null
  readonly playing: boolean
  /** Chosen on the timeline, both inclusive; null: nothing. */
  readonly range: FrameSpan | null

  readonly selectedObjectIds: readonly ObjectId[]
  readonly hoverObjectId: ObjectId | null
  readonly tool: ToolId
  /** The name of the tool's state: 'idle', 'drawing', ... */
  readonly toolState: string
  /** The same in words, where a person should know; else ''. */
  readonly toolNote: string
  readonly toolOptions: ToolOptions
  readonly view: ViewTransform
  readonly look: Look
  readonly doubtThreshold: number

  readonly sentence: Sentence | null
  readonly dialog: Dialog | null
}

export const initialToolOptions: ToolOptions = {
  brushSize: 20,
  brushPressure: true,
  overlap: 'order',
  fillTolerance: 24,
  fillSource: 'picture',
  combine: 'add',
  snapToEdges: false,
  islandArea: 64,
  growBy: 1,
  classId: null,
}

export const initialLook: Look = {
  maskOpacity: 0.5,
  maskStyle: 'fill',
  patterns: true,
  onionSkin: false,
  ghosts: true,
  pixelGrid: true,
  brightness: 0,
  contrast: 0,
}

export const initialState: EditorState = {
  connection: 'connecting',
  hostInfo: null,
  settings: null,
  inference: null,
  models: null,
  packDesk: emptyPackDesk,
  project: null,
  savedAt: null,
  pendingCount: 0,
  history: emptyHistory,
  jobs: [],
  lastAnswer: null,
  mediaStatus: {},
  revision: 0,
  mediaId: null,
  frameTimesUs: null,
  frameIndex: 0,
  shownFrameIndex: null,
  playing: false,
  range: null,
  selectedObjectIds: [],
  hoverObjectId: null,
  tool: 'select',
  toolState: 'idle',
  toolNote: '',
  toolOptions: initialToolOptions,
  view: { zoom: 1, panX: 0, panY: 0, width: 0, height: 0, pixelRatio: 1, fitted: true },
  look: initialLook,
  doubtThreshold: 0.75,
  sentence: null,
  dialog: null,
}
