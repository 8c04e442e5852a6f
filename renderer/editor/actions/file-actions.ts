import type { PathRef, PickOptions } from '../../../main/core/api.ts'
import type { MediaId } from '../../../main/core/records.ts'
import { isUserError } from '../../../main/core/user-error.ts'
import { type Action, action } from '../action.ts'
import { allOf, always, canWrite, canWriteMedia, hasMedia, hasProject } from '../availability.ts'
import type { Editor } from '../editor.ts'

interface Picked {
  /** What a file dialog gave; absent: ask first. */
  readonly paths?: readonly PathRef[]
}

export const fileActions: readonly Action[] = [
  action<{ parent?: PathRef; name?: string }>({
    id: 'file.new-project',
    label: 'New project…',
    keys: ['Mod+Shift+N'],
    menu: { name: 'file', group: 1 },
    when: always,
    run: async (editor, { parent, name }) => {
      if (parent === undefined || !name) return editor.openDialog({ type: 'new-project' })
      await leaveProject(editor)
      await editor.host.createProject(parent, name)
      await editor.session.refresh()
      editor.closeDialog()
    },
  }),
  action<Picked & { readOnly?: boolean }>({
    id: 'file.open-project',
    label: 'Open project…',
    keys: ['Mod+O'],
    menu: { name: 'file', group: 1 },
    when: always,
    run: async (editor, args) => {
      const paths = await picked(editor, 'file.open-project', args, { kind: 'folder', title: 'Open project' })
      if (paths) await openProject(editor, paths[0]!, args.readOnly ?? false)
    },
  }),
  action({
    id: 'file.open-sample',
    label: 'Open the sample project',
    keys: [],
    menu: { name: 'file', group: 1 },
    when: always,
    run: async (editor) => {
      await leaveProject(editor)
      await editor.host.openSample()
      await editor.session.refresh()
    },
  }),
  action({
    id: 'file.close-project',
    label: 'Close project',
    keys: [],
    menu: { name: 'file', group: 1 },
    when: hasProject,
    run: async (editor) => {
      await leaveProject(editor)
      await editor.host.closeProject()
      await editor.session.refresh()
    },
  }),
  action<Picked>({
    id: 'file.import-media',
    label: 'Import video or images…',
    keys: ['Mod+I'],
    menu: { name: 'file', group: 2 },
    when: canWrite,
    run: async (editor, args) => {
      const paths = await picked(editor, 'file.import-media', args, {
        kind: 'files',
        title: 'Import video or images',
      })
      if (paths) await editor.host.startJob({ type: 'import-media', paths })
    },
  }),
  action<Picked>({
    id: 'file.import-image-folder',
    label: 'Import a folder of images…',
    keys: [],
    menu: { name: 'file', group: 2 },
    when: canWrite,
    run: async (editor, args) => {
      const options: PickOptions = { kind: 'folder', title: 'Import a folder of images' }
      const paths = await picked(editor, 'file.import-image-folder', args, options)
      if (paths) await editor.host.startJob({ type: 'import-media', paths })
    },
  }),
  action<Picked>({
    id: 'file.import-annotations',
    label: 'Import annotations for this video…',
    keys: [],
    menu: { name: 'file', group: 2 },
    when: canWriteMedia,
    run: async (editor, args) => {
      const { mediaId } = editor.now
      const options: PickOptions = { kind: 'files', title: 'Import annotations' }
      const paths = await picked(editor, 'file.import-annotations', args, options)
      if (paths && mediaId)
        await editor.host.startJob({ type: 'import-annotations', mediaId, path: paths[0]! })
    },
  }),
  action<Picked>({
    id: 'file.import-annotation-folder',
    label: 'Import a folder of masks for this video…',
    keys: [],
    menu: { name: 'file', group: 2 },
    when: canWriteMedia,
    run: async (editor, args) => {
      const { mediaId } = editor.now
      const options: PickOptions = { kind: 'folder', title: 'Import a folder of masks' }
      const paths = await picked(editor, 'file.import-annotation-folder', args, options)
      if (paths && mediaId)
        await editor.host.startJob({ type: 'import-annotations', mediaId, path: paths[0]! })
    },
  }),
  action<Picked>({
    id: 'file.import-classes',
    label: 'Import a class list…',
    keys: [],
    menu: { name: 'file', group: 2 },
    when: canWrite,
    run: async (editor, args) => {
      const filters = [{ name: 'Class lists', extensions: ['txt', 'json', 'names', 'csv'] }]
      const options: PickOptions = { kind: 'files', title: 'Import a class list', filters }
      const paths = await picked(editor, 'file.import-classes', args, options)
      if (paths) editor.say((await editor.host.importClasses(paths[0]!)).sentence)
    },
  }),
  action({
    id: 'file.export',
    label: 'Export…',
    keys: ['Mod+E'],
    menu: { name: 'file', group: 2 },
    when: hasMedia,
    run: (editor) => {
      editor.toolbox.complete()
      editor.openDialog({ type: 'export' })
    },
  }),
  action<Picked & { mediaId?: MediaId }>({
    id: 'file.relink',
    label: 'Relink video…',
    keys: [],
    menu: { name: 'file', group: 3 },
    when: (editor) => allOf(hasMedia(editor), editor.readOnly ?? true),
    run: async (editor, { paths, mediaId = editor.now.mediaId ?? undefined }) => {
      if (!mediaId) return
      if (!paths?.[0]) return editor.openDialog({ type: 'relink', mediaId })
      const status = await editor.host.relink(mediaId, paths[0])
      editor.set({ mediaStatus: { ...editor.now.mediaStatus, [mediaId]: status } })
      if (status.problem) editor.say(status.problem, 'failed')
      else editor.closeDialog()
    },
  }),
  action({
    id: 'file.check-media',
    label: 'Look for moved or changed files',
    keys: [],
    menu: { name: 'file', group: 3 },
    when: hasMedia,
    run: async (editor) => {
      const all = await editor.host.checkMedia()
      editor.set({ mediaStatus: Object.fromEntries(all.map((media) => [media.mediaId, media])) })
      editor.say(
        all.find(({ problem }) => problem !== null)?.problem ?? 'Every file is where it was, unchanged.',
      )
    },
  }),
  action({
    id: 'file.settings',
    label: 'Settings…',
    keys: ['Mod+,'],
    menu: { name: 'file', group: 4 },
    when: always,
    run: (editor) => editor.openDialog({ type: 'settings' }),
  }),
]

/** The paths given, or those picked in the shell's dialog; without a shell the window's own dialog runs the action again. */
async function picked(
  editor: Editor,
  actionId: string,
  args: Picked,
  options: PickOptions,
): Promise<readonly PathRef[] | null> {
  if (args.paths) return args.paths.length > 0 ? args.paths : null
  if (editor.shell) {
    const paths = await editor.shell.pick(options)
    return paths && paths.length > 0 ? paths : null
  }
  const purpose = options.kind === 'files' ? 'files' : 'folder'
  editor.openDialog({ type: 'pick', title: options.title, purpose, actionId, args })
  return null
}

/** Whatever is under way is on disk before the project goes. */
async function leaveProject(editor: Editor): Promise<void> {
  editor.playback.stop()
  editor.toolbox.complete()
  await editor.session.settled()
}

async function openProject(editor: Editor, folder: PathRef, readOnly: boolean): Promise<void> {
  await leaveProject(editor)
  try {
    await editor.host.openProject(folder, { readOnly })
  } catch (error) {
    // Another process has it: reading is still possible, and is the user's choice.
    if (!readOnly && isUserError(error) && error.code === 'project-locked')
      return editor.openDialog({ type: 'open-read-only', folder, sentence: error.message })
    throw error
  }
  await editor.session.refresh()
  editor.closeDialog()
}
