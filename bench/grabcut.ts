/** The yardstick: OpenCV's GrabCut, where its C++ headers and a compiler are installed. Not a part of the program. */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const source = `
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>
// Reads, again and again: width, height, x, y, w, h of the box, width and height to work at (int32), RGB bytes, a byte a
// pixel of marks (0 none, 1 object, 2 background). Writes: milliseconds (float32), a byte a pixel of mask. Five
// iterations, as its tutorial has it.
static bool get(void *to, size_t count) { return fread(to, 1, count, stdin) == count; }
// Any marked pixel marks the small one it falls into.
static void shrink_marks(const cv::Mat &marks, cv::Mat &small) {
  small.setTo(0);
  for (int y = 0; y < marks.rows; y++)
    for (int x = 0; x < marks.cols; x++)
      if (const uchar mark = marks.at<uchar>(y, x))
        small.at<uchar>(y * small.rows / marks.rows, x * small.cols / marks.cols) = mark;
}
int main() {
  int head[8];
  while (get(head, sizeof head)) {
    const int w = head[0], h = head[1];
    const cv::Size size(head[6], head[7]);
    cv::Mat rgb(h, w, CV_8UC3), bgr, small, marks(h, w, CV_8U), small_marks(size, CV_8U);
    if (!get(rgb.data, size_t(w) * h * 3) || !get(marks.data, size_t(w) * h)) return 1;
    cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
    cv::setNumThreads(2);
    cv::setRNGSeed(1);
    const auto start = std::chrono::steady_clock::now();
    cv::resize(bgr, small, size, 0, 0, cv::INTER_AREA);
    shrink_marks(marks, small_marks);
    const int left = head[2] * size.width / w, top = head[3] * size.height / h;
    const int right = std::min(size.width, (head[2] + head[4]) * size.width / w + 1);
    const int bottom = std::min(size.height, (head[3] + head[5]) * size.height / h + 1);
    cv::Mat mask(size, CV_8U, cv::Scalar(cv::GC_BGD)), background, object, soft, out;
    mask(cv::Rect(left, top, right - left, bottom - top)).setTo(cv::GC_PR_FGD);
    mask.setTo(cv::GC_FGD, small_marks == 1);
    mask.setTo(cv::GC_BGD, small_marks == 2);
    cv::grabCut(small, mask, cv::Rect(), background, object, 5, cv::GC_INIT_WITH_MASK);
    cv::resize((mask & 1) * 255, soft, cv::Size(w, h), 0, 0, cv::INTER_LINEAR);
    out = (soft > 127) & 1;
    out.setTo(1, marks == 1);
    out.setTo(0, marks == 2);
    const float ms = std::chrono::duration<float, std::milli>(std::chrono::steady_clock::now() - start).count();
    fwrite(&ms, 4, 1, stdout);
    fwrite(out.data, 1, size_t(w) * h, stdout);
    fflush(stdout);
  }
}
`

/** Why it cannot be used, or null. */
export function grabCutMissing(): string | null {
  if (spawnSync('pkg-config', ['--exists', 'opencv4']).status !== 0)
    return 'GrabCut skipped: OpenCV 4 is not installed (Debian: libopencv-dev)'
  return spawnSync('g++', ['--version']).status === 0 ? null : 'GrabCut skipped: there is no g++'
}

/** Compiled once a version of the source. */
function program(): string {
  const version = createHash('sha256').update(source).digest('hex').slice(0, 12)
  const path = join(tmpdir(), `inbetween-grabcut-${version}`)
  if (existsSync(path)) return path
  const flags = execFileSync('pkg-config', ['--cflags', '--libs-only-L', 'opencv4'], { encoding: 'utf8' })
  const compile = ['-O2', '-x', 'c++', '-', '-o', path, ...flags.trim().split(/\s+/).filter(Boolean)]
  execFileSync('g++', [...compile, '-lopencv_imgproc', '-lopencv_core'], { input: source })
  return path
}

export interface GrabCutQuestion {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
  readonly box: readonly [x: number, y: number, width: number, height: number]
  /** The size it works at, at most that of the picture; its mask is drawn at full size. */
  readonly size: { readonly width: number; readonly height: number }
  /** A byte a pixel: 0 none, 1 object, 2 background. */
  readonly marks: Uint8Array
}

/** One process that answers one question after the other. */
export class GrabCut {
  readonly #process: ChildProcessWithoutNullStreams
  #answered: { readonly bytes: number; resolve(bytes: Buffer): void } | null = null
  #received: Buffer[] = []

  constructor() {
    this.#process = spawn(program(), { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#process.stdout.on('data', (chunk: Buffer) => {
      this.#received.push(chunk)
      const length = this.#received.reduce((sum, each) => sum + each.length, 0)
      if (this.#answered && length >= this.#answered.bytes) {
        this.#answered.resolve(Buffer.concat(this.#received))
        this.#received = []
      }
    })
  }

  async cut({
    width,
    height,
    rgb,
    box,
    size,
    marks,
  }: GrabCutQuestion): Promise<{ mask: Uint8Array; ms: number }> {
    const answer = new Promise<Buffer>((resolve) => {
      this.#answered = { bytes: 4 + width * height, resolve }
    })
    this.#process.stdin.write(
      Buffer.from(Int32Array.of(width, height, ...box, size.width, size.height).buffer),
    )
    this.#process.stdin.write(rgb)
    this.#process.stdin.write(marks)
    const bytes = await answer
    return { ms: bytes.readFloatLE(0), mask: new Uint8Array(bytes.subarray(4, 4 + width * height)) }
  }

  close(): void {
    this.#process.stdin.end()
  }
}
