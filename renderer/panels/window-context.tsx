import { createContext, startTransition, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { HostApi, HostInfo, ShellApi } from '../../main/core/api.ts'
import type { Editor } from '../editor/editor.ts'
import type { EditorState } from '../editor/editor-state.ts'
import { Followers, nextAnimationFrame } from './followers.ts'
import { isSameReading, steadyReading } from './same-reading.ts'

const EditorContext = createContext<Editor | null>(null)
export const EditorProvider = EditorContext.Provider

export function useEditor(): Editor {
  const editor = useContext(EditorContext)
  if (!editor) throw new Error('useEditor is called outside EditorProvider')
  return editor
}

/** A part of the editor's state; the panel draws again only when that part differs, one level deep. */
export function useEditorState<T>(part: (state: EditorState) => T): T {
  return useStore(useEditor().state, useShallow(part))
}

/** Something read from the records and the state, read again when one of the two changes. */
export function useReading<T>(read: (editor: Editor) => T): T {
  const editor = useEditor()
  return useStore(
    editor.state,
    useShallow(() => read(editor)),
  )
}

/**
 * Like useReading for readings that cost something: read again only when `revision` or one of `inputs` changes. The panel
 * draws again only when what was read differs, item by item: a run changes records many times a second, and most panels
 * show none of them.
 */
export function useRecords<T>(read: (editor: Editor) => T, inputs: readonly unknown[]): T {
  const editor = useEditor()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller names what its reading depends on
  const reading = useMemo(() => onceARevision(editor, read), [editor, ...inputs])
  return useStore(editor.state, reading)
}

/**
 * Like useReading for what is drawn beside the picture: read at most once a frame, drawn when the window has the time,
 * and with the rows of the last reading that show the same. While `paused` it stays as it is.
 */
export function useFollowed<T>(
  read: (editor: Editor) => T,
  inputs: readonly unknown[] = [],
  paused = false,
): T {
  return useReadAgain(read, inputs, paused ? notAtAll : everyFrame)
}

/** Like useFollowed for what takes long or is read by nobody at once: at most twice a second while a job writes. */
export function useSlowRecords<T>(read: (editor: Editor) => T, inputs: readonly unknown[]): T {
  return useReadAgain(read, inputs, twiceASecond)
}

/** Calls `check` after changes, until what is returned is called. */
type Following = (editor: Editor, check: () => void) => () => void

function useReadAgain<T>(read: (editor: Editor) => T, inputs: readonly unknown[], following: Following): T {
  const editor = useEditor()
  const [turn, setTurn] = useState(0)
  const last = useRef<{ readonly read: (editor: Editor) => T; readonly value: T } | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller names what its reading depends on
  const value = useMemo(
    () => (last.current ? steadyReading(last.current.value, read(editor)) : read(editor)),
    [editor, turn, ...inputs],
  )
  useEffect(() => {
    last.current = { read, value }
  })
  useEffect(() => {
    const check = () => {
      const { current } = last
      if (current && !isSameReading(current.value, current.read(editor)))
        startTransition(() => setTurn((before) => before + 1))
    }
    const stop = following(editor, check)
    // What changed between drawing and now.
    if (following !== notAtAll) check()
    return stop
  }, [editor, following])
  return value
}

const followersOf = new WeakMap<Editor, Followers>()

function everyFrame(editor: Editor, check: () => void): () => void {
  let followers = followersOf.get(editor)
  if (!followers) {
    followers = new Followers(editor.state, nextAnimationFrame)
    followersOf.set(editor, followers)
  }
  return followers.follow(check)
}

function twiceASecond(editor: Editor, check: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null
  const stop = editor.state.subscribe((state, before) => {
    if (state.revision === before.revision || timer) return
    timer = setTimeout(() => {
      timer = null
      check()
    }, slowMs)
  })
  return () => {
    stop()
    if (timer) clearTimeout(timer)
  }
}

const notAtAll: Following = () => () => {}

function onceARevision<T>(editor: Editor, read: (editor: Editor) => T): () => T {
  let known: { readonly revision: number; readonly value: T } | null = null
  return () => {
    const { revision } = editor.now
    if (known?.revision === revision) return known.value
    const value = read(editor)
    known = { revision, value: known && isSameReading(known.value, value) ? known.value : value }
    return known.value
  }
}

const slowMs = 400

export interface Program {
  readonly host: HostApi
  /** Null in a browser. */
  readonly shell: ShellApi | null
  /** What the program said of itself; null before the first answer. */
  readonly info: HostInfo | null
}

/** The program behind the window. */
export function useProgram(): Program {
  const editor = useEditor()
  const info = useStore(editor.state, (state) => state.hostInfo)
  return { host: editor.host, shell: editor.shell, info }
}
