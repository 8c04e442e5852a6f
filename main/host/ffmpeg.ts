/**
 * Which ffmpeg is used, and running it. The program always works on a process of its own: a crash in a decoder costs one
 * read, and killing it is a cancel that cannot fail. No ffprobe is needed (the npm builds have none), and everything asked
 * of ffmpeg exists from the 2018 builds (libavutil 56) to today's.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { accessSync, chmodSync, constants, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { UserError } from '../core/user-error.ts'

export interface Ffmpeg {
  readonly path: string
  /** As ffmpeg prints it: '5.1.9-0+deb12u1', 'N-47683-g0e8eb07980-static'. */
  readonly version: string
  /** Why this one: 'FFMPEG_PATH', 'ffmpeg-static', 'system' or '@ffmpeg-installer/ffmpeg'. */
  readonly origin: string
  /** Output arguments that keep every frame and its time as they are (the option's name changed in 5.1). */
  readonly keepEveryFrame: readonly string[]
}

export interface FfmpegRun {
  readonly stdin: Writable
  readonly stdout: Readable
  /** Resolves with the exit code and the last lines of stderr; rejects only when the process cannot start or was aborted. */
  readonly ended: Promise<FfmpegEnd>
  kill(): void
}

export interface FfmpegEnd {
  readonly exitCode: number | null
  /** The last lines that ffmpeg wrote to stderr, at most `stderrLineLimit`. */
  readonly lines: readonly string[]
}

export interface FfmpegOptions {
  readonly signal?: AbortSignal | undefined
  /** Called for each line of stderr as it comes. */
  readonly onLine?: (line: string) => void
}

const stderrLineLimit = 400
let resolved: Promise<Ffmpeg> | null = null

/** The ffmpeg to use, found once a process: FFMPEG_PATH, ffmpeg-static, the system's, @ffmpeg-installer/ffmpeg. */
export function resolveFfmpeg(): Promise<Ffmpeg> {
  resolved ??= findFfmpeg().catch((error: unknown) => {
    resolved = null
    throw error
  })
  return resolved
}

/** Looks anew on the next call: a person may have installed one meanwhile. */
export function forgetFfmpeg(): void {
  resolved = null
}

/** Tries each place in order; the first that runs is used. An explicit FFMPEG_PATH that does not run is an error. */
export async function findFfmpeg(environment: NodeJS.ProcessEnv = process.env): Promise<Ffmpeg> {
  const explicit = environment.FFMPEG_PATH
  if (explicit) {
    const found = await tryFfmpeg(explicit, 'FFMPEG_PATH')
    if (found) return found
    throw new UserError(
      'ffmpeg-not-runnable',
      `FFMPEG_PATH names ${explicit}, which does not run as ffmpeg. Correct it or unset it.`,
    )
  }
  for (const [path, origin] of ffmpegCandidates(environment)) {
    const found = await tryFfmpeg(path, origin)
    if (found) return found
  }
  throw new UserError(
    'ffmpeg-missing',
    'No ffmpeg was found. Install ffmpeg, or set FFMPEG_PATH to one, and start again.',
  )
}

function* ffmpegCandidates(
  environment: NodeJS.ProcessEnv,
): Generator<readonly [path: string, origin: string]> {
  const fixed = packagedBinary('ffmpeg-static', (value) => value)
  if (fixed) yield [fixed, 'ffmpeg-static']
  const name = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg'
  for (const folder of (environment.PATH ?? '').split(delimiter)) {
    if (folder && existsSync(join(folder, name))) yield [join(folder, name), 'system']
  }
  const installer = packagedBinary('@ffmpeg-installer/ffmpeg', (value) => (value as { path?: unknown }).path)
  if (installer) yield [installer, '@ffmpeg-installer/ffmpeg']
}

/** The path that an npm package of binaries exports; inside a packed app the binary lies beside the archive. */
function packagedBinary(packageName: string, pathOf: (exported: unknown) => unknown): string | null {
  try {
    const path = pathOf(createRequire(import.meta.url)(packageName))
    return typeof path === 'string' ? path.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked') : null
  } catch {
    return null
  }
}

async function tryFfmpeg(path: string, origin: string): Promise<Ffmpeg | null> {
  if (!existsSync(path)) return null
  makeExecutable(path)
  try {
    const run = startFfmpeg({ path }, ['-version'])
    const text = (await readAll(run.stdout)).toString('utf8')
    const { exitCode } = await run.ended
    return exitCode === 0 ? describeFfmpeg(path, origin, text) : null
  } catch {
    return null
  }
}

/** What `ffmpeg -version` printed, read; null when it is no ffmpeg. */
export function describeFfmpeg(path: string, origin: string, versionText: string): Ffmpeg | null {
  const version = /^ffmpeg version (\S+)/m.exec(versionText)?.[1]
  const library = /^\s*libavutil\s+(\d+)\.\s*(\d+)/m.exec(versionText)
  if (!version || !library) return null
  const [major, minor] = [Number(library[1]), Number(library[2])]
  const renamed = major > 57 || (major === 57 && minor >= 28)
  return {
    path,
    version,
    origin,
    keepEveryFrame: renamed ? ['-fps_mode', 'passthrough'] : ['-vsync', 'passthrough'],
  }
}

/** npm drops the executable bit of some tarballs' files. Where it cannot be set, running says so. */
function makeExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK)
  } catch {
    try {
      chmodSync(path, 0o755)
    } catch {
      return
    }
  }
}

/** Starts ffmpeg. Aborting the signal kills it, and then `ended` rejects with the signal's reason. */
export function startFfmpeg(
  ffmpeg: Pick<Ffmpeg, 'path'>,
  args: readonly string[],
  options: FfmpegOptions = {},
): FfmpegRun {
  const { signal, onLine } = options
  signal?.throwIfAborted()
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(
    ffmpeg.path,
    ['-hide_banner', ...args],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      // Static builds for Linux crash when they load the system's tables of character sets (for names in ts files).
      env: { ...process.env, GCONV_PATH: '/nonexistent' },
    },
  )
  // Killed processes break their pipes; the outcome is told by `ended`.
  child.stdin.on('error', () => {})
  child.stdout.on('error', () => {})
  const kill = () => void child.kill('SIGKILL')
  signal?.addEventListener('abort', kill, { once: true })
  const lines = collectLines(child.stderr, onLine)
  const ended = new Promise<FfmpegEnd>((resolve, reject) => {
    child.once('error', (error) => reject(cannotStart(ffmpeg.path, error)))
    child.once('close', (exitCode, killedBy) => {
      signal?.removeEventListener('abort', kill)
      if (killedBy && killedBy !== 'SIGKILL') lines.push(`ffmpeg crashed with an error (${killedBy})`)
      if (signal?.aborted) reject(signal.reason)
      else resolve({ exitCode, lines })
    })
  })
  ended.catch(() => {})
  return { stdin: child.stdin, stdout: child.stdout, ended, kill }
}

function cannotStart(path: string, cause: Error): UserError {
  return new UserError('ffmpeg-not-runnable', `${path} could not be started (${cause.message}).`, { cause })
}

function collectLines(stream: Readable, onLine: ((line: string) => void) | undefined): string[] {
  const lines: string[] = []
  let rest = ''
  const take = (line: string) => {
    if (line.length === 0) return
    lines.push(line)
    if (lines.length > stderrLineLimit) lines.shift()
    onLine?.(line)
  }
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const parts = (rest + text).split(/\r\n|\n|\r/)
    rest = parts.pop() ?? ''
    for (const part of parts) take(part)
  })
  stream.on('end', () => take(rest))
  stream.on('error', () => {})
  return lines
}

export async function readAll(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

/** Gives bytes to a process's stdin; resolves when it can take more, or has gone: then its exit code tells. */
export function writeInput(stdin: Writable, bytes: Uint8Array): Promise<void> {
  if (stdin.destroyed || stdin.write(bytes)) return Promise.resolve()
  return new Promise((resolve) => {
    const finish = () => {
      stdin.off('drain', finish)
      stdin.off('close', finish)
      resolve()
    }
    stdin.on('drain', finish)
    stdin.on('close', finish)
  })
}

/** The last line of ffmpeg's stderr that says what went wrong, without its addresses in memory; null when there is none. */
export function ffmpegComplaint(lines: readonly string[]): string | null {
  const telling =
    /error|invalid|no such|not found|could not|cannot|unable|denied|unknown|unsupported|missing|corrupt|no space/i
  const line = lines.findLast((candidate) => telling.test(candidate)) ?? null
  return line?.replace(/^\[[^\]]*\]\s*/, '').trim() ?? null
}
