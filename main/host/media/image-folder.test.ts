import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Transformer } from '@napi-rs/image'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { readAll, resolveFfmpeg, startFfmpeg } from '../ffmpeg.ts'
import { numberedPicture, readFrameNumber } from './frame-number.ts'
import { inNaturalOrder, listImages, probeImages } from './image-folder.ts'
import { openImageFrames } from './image-frame-source.ts'
import { imageHead } from './image-size.ts'

const root = mkdtempSync(join(tmpdir(), 'inbetween-images-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const [width, height] = [161, 90]

function folder(name: string): string {
  const path = join(root, name)
  mkdirSync(path, { recursive: true })
  return path
}

/** A numbered picture in a file, through ffmpeg, so that the reader is not tested against itself. */
async function writePicture(
  path: string,
  number: number,
  args: readonly string[],
  w = width,
  h = height,
): Promise<void> {
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${w}x${h}`, '-i', 'pipe:0']
  const run = startFfmpeg(await resolveFfmpeg(), [
    '-v',
    'error',
    ...input,
    '-frames:v',
    '1',
    ...args,
    '-y',
    path,
  ])
  run.stdin.end(numberedPicture(number, w, h))
  await readAll(run.stdout)
  expect((await run.ended).lines).toEqual([])
}

describe('a folder of images', () => {
  it.each([
    ['jpeg', 'jpg', ['-q:v', '2', '-pix_fmt', 'yuvj420p'], 8],
    ['png', 'png', ['-pix_fmt', 'rgb24'], 8],
    ['png', 'png', ['-pix_fmt', 'rgb48be'], 16],
    ['png', 'png', ['-pix_fmt', 'gray16be'], 16],
    ['webp', 'webp', ['-quality', '90'], 8],
    ['tiff', 'tif', ['-pix_fmt', 'rgb24'], 8],
    ['tiff', 'tif', ['-pix_fmt', 'rgb48le'], 16],
    ['tiff', 'tif', ['-pix_fmt', 'gray16le', '-compression_algo', 'deflate'], 16],
  ] as const)('reads %s files (%s, %j) frame by frame', async (codec, extension, args, bits) => {
    const path = folder(`${extension}-${args.join('')}`)
    for (const number of [9, 10, 11])
      await writePicture(join(path, `img${number}.${extension}`), number, args)
    const files = await listImages(path)
    expect(files).toEqual([`img9.${extension}`, `img10.${extension}`, `img11.${extension}`])
    const probe = await probeImages(path, files)
    expect(probe).toMatchObject({ width, height, codec, bitsPerSample: bits })
    expect(probe.note).toBe(bits === 16 ? '16 bits a sample, shown with 8.' : null)
    for (const size of [
      { width, height },
      { width: 80, height: 45 },
    ]) {
      const source = await openImageFrames(path, files, size)
      expect(source.frameCount).toBe(3)
      for (const index of [2, 0, 1]) {
        const rgb = await source.read(index)
        expect(rgb).toHaveLength(size.width * size.height * 3)
        expect(readFrameNumber(rgb, size.width, size.height)).toBe(9 + index)
      }
      await source.close()
    }
  })

  it('spreads 12-bit samples over the brightness there is, alike in all pictures', async () => {
    const path = folder('twelve-bits')
    for (const [index, value] of [4095, 2048].entries()) {
      const samples = new Uint16Array(16 * 16).fill(value)
      const input = ['-f', 'rawvideo', '-pix_fmt', 'gray16le', '-s', '16x16', '-i', 'pipe:0']
      const args = [
        '-v',
        'error',
        ...input,
        '-frames:v',
        '1',
        '-pix_fmt',
        'gray16be',
        '-y',
        join(path, `${index}.png`),
      ]
      const run = startFfmpeg(await resolveFfmpeg(), args)
      run.stdin.end(new Uint8Array(samples.buffer))
      run.stdout.resume()
      await run.ended
    }
    const source = await openImageFrames(path, await listImages(path), { width: 16, height: 16 })
    expect((await source.read(0))[0]).toBe(255)
    expect((await source.read(1))[0]).toBe(128)
  })

  it('shows a turned JPEG upright', async () => {
    const path = folder('turned')
    const { width: w, height: h } = { width: 320, height: 180 }
    await writePicture(
      join(path, 'plain.jpg'),
      77,
      ['-vf', 'transpose=cclock', '-q:v', '2', '-pix_fmt', 'yuvj420p'],
      w,
      h,
    )
    const { readFileSync } = await import('node:fs')
    writeFileSync(join(path, 'plain.jpg'), withOrientation(readFileSync(join(path, 'plain.jpg')), 6))
    const files = await listImages(path)
    expect(await probeImages(path, files)).toMatchObject({ width: w, height: h })
    const source = await openImageFrames(path, files, { width: w, height: h })
    expect(readFrameNumber(await source.read(0), w, h)).toBe(77)
  })

  it('refuses mixed sizes, naming the file', async () => {
    const path = folder('mixed')
    await writePicture(join(path, 'a1.png'), 1, [])
    await writePicture(join(path, 'a2.png'), 2, [], 64, 48)
    const files = await listImages(path)
    await expect(probeImages(path, files)).rejects.toThrow(/^a2\.png is 64 x 48, but a1\.png is 161 x 90\./)
  })

  it('refuses what is no picture, and a folder without any, with a sentence', async () => {
    const path = folder('bad')
    await expect(listImages(path)).rejects.toThrow(/has no JPEG, PNG, WebP or TIFF pictures/)
    writeFileSync(join(path, 'x.png'), 'not a picture')
    await expect(probeImages(path, ['x.png'])).rejects.toThrow(/^x\.png is not a JPEG, PNG, WebP or TIFF/)
  })
})

describe('natural order', () => {
  it('counts digits as numbers', () => {
    expect(inNaturalOrder(['img10.png', 'img2.png', 'IMG1.png', 'img02.png'])).toEqual([
      'IMG1.png',
      'img02.png',
      'img2.png',
      'img10.png',
    ])
  })

  it('does not depend on the order it is given', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-zA-Z0-9_]{1,6}$/)), (names) => {
        expect(inNaturalOrder(names.toReversed())).toEqual(inNaturalOrder(names))
      }),
    )
  })
})

describe('the head of a picture', () => {
  it('never trips over bytes that are none, or end early', async () => {
    const png = await Transformer.fromRgbaPixels(new Uint8Array(4 * 12), 4, 3).png()
    expect(imageHead(png)).toMatchObject({ format: 'png', width: 4, height: 3 })
    for (const start of ['89504e47', 'ffd8ffe1', '52494646', '49492a00', '4d4d002a']) {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
          const head = imageHead(new Uint8Array([...Buffer.from(start, 'hex'), ...bytes]))
          expect(head === null || head.width > 0).toBe(true)
        }),
      )
    }
  })
})

/** The JPEG with an EXIF segment that says only how it is to be turned. */
function withOrientation(jpeg: Buffer, orientation: number): Buffer {
  const tiff = Buffer.from('49492a00080000000100120103000100000000000000', 'hex')
  tiff.writeUInt16LE(orientation, 18)
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, Buffer.alloc(4)])
  const head = Buffer.from([0xff, 0xe1, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)])
}
