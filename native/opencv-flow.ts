/** The yardstick: OpenCV's DIS flow, where its C++ headers and a compiler are installed. Not a part of the program. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const source = `
#include <opencv2/core.hpp>
#include <opencv2/video/tracking.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>
// width height finest-level repeats in-file out-file: two grey byte planes in, u and v planes out; prints ms a pair, then of all threads.
int main(int, char **a) {
  const int w = atoi(a[1]), h = atoi(a[2]), repeats = atoi(a[4]);
  cv::Mat one(h, w, CV_8U), two(h, w, CV_8U);
  FILE *in = fopen(a[5], "rb");
  if (!in || fread(one.data, 1, w * h, in) != size_t(w * h) || fread(two.data, 1, w * h, in) != size_t(w * h)) return 1;
  cv::setNumThreads(2);
  auto dis = cv::DISOpticalFlow::create(cv::DISOpticalFlow::PRESET_MEDIUM);
  dis->setFinestScale(atoi(a[3]));
  cv::Mat flow;
  dis->calc(one, two, flow);
  auto start = std::chrono::steady_clock::now();
  const clock_t cpu = clock();
  for (int i = 0; i < repeats; i++) dis->calc(one, two, flow);
  const double runs = repeats ? repeats : 1;
  printf("%f ", std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count() / runs);
  printf("%f", (clock() - cpu) * 1e3 / CLOCKS_PER_SEC / runs);
  std::vector<float> out(2 * size_t(w) * h);
  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++) {
      out[size_t(y) * w + x] = flow.at<cv::Vec2f>(y, x)[0];
      out[size_t(w) * h + size_t(y) * w + x] = flow.at<cv::Vec2f>(y, x)[1];
    }
  FILE *to = fopen(a[6], "wb");
  fwrite(out.data(), 4, out.size(), to);
  fclose(to);
}
`

/** Why it cannot be used, or null. */
export function openCvMissing(): string | null {
  const found = spawnSync('pkg-config', ['--exists', 'opencv4'])
  if (found.status !== 0) return 'skipped: OpenCV 4 is not installed (Debian: libopencv-dev)'
  return spawnSync('g++', ['--version']).status === 0 ? null : 'skipped: there is no g++'
}

/** Compiled once a version of the source. */
function program(): string {
  const path = join(
    tmpdir(),
    `inbetween-opencv-flow-${createHash('sha256').update(source).digest('hex').slice(0, 12)}`,
  )
  if (existsSync(path)) return path
  const flags = execFileSync('pkg-config', ['--cflags', '--libs-only-L', 'opencv4'], { encoding: 'utf8' })
    .trim()
    .split(/\s+/)
    .filter(Boolean)
  const compile = [
    '-O2',
    '-x',
    'c++',
    '-',
    '-o',
    path,
    ...flags,
    '-lopencv_video',
    '-lopencv_imgproc',
    '-lopencv_core',
  ]
  execFileSync('g++', compile, { input: source })
  return path
}

/** DIS PRESET_MEDIUM with another finest level, on 2 threads; milliseconds, also of all threads, are means over `repeats`. */
export function openCvFlow(
  from: Float32Array,
  to: Float32Array,
  size: { readonly width: number; readonly height: number },
  finestLevel: number,
  repeats = 0,
): { flow: Float32Array; ms: number; cpuMs: number } {
  const folder = mkdtempSync(join(tmpdir(), 'inbetween-flow-'))
  try {
    const bytes = Uint8Array.from([...from, ...to], (v) => Math.round(v))
    writeFileSync(join(folder, 'in'), bytes)
    const args = [size.width, size.height, finestLevel, repeats, join(folder, 'in'), join(folder, 'out')].map(
      String,
    )
    const [ms, cpuMs] = execFileSync(program(), args, { encoding: 'utf8' }).split(' ').map(Number)
    const out = readFileSync(join(folder, 'out'))
    return {
      flow: new Float32Array(out.buffer.slice(out.byteOffset, out.byteOffset + out.byteLength)),
      ms: ms!,
      cpuMs: cpuMs!,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
