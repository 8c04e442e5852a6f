import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isUserError } from '../main/core/user-error.ts'
import { parseManifest } from './check-manifest.ts'
import { testPack } from './test-pack.ts'

const file = '/packs/tiny/manifest.json'
const { manifest } = testPack()
const hash = 'a'.repeat(64)

/** The sentence with which the manifest is refused once `change` was made to a right one. */
function refusal(change: (draft: Json) => void): string {
  const draft = structuredClone(manifest) as unknown as Json
  change(draft)
  return sentenceOf(JSON.stringify(draft))
}

function sentenceOf(text: string): string {
  try {
    parseManifest(text, file)
  } catch (error) {
    if (!isUserError(error)) throw error
    expect(error.code).toBe('bad-manifest')
    return error.message
  }
  throw new Error('It was not refused')
}

// biome-ignore lint/suspicious/noExplicitAny: a draft may be anything
type Json = any

test('a right manifest comes out as it went in, a mark of byte order before it or not', () => {
  expect(parseManifest(JSON.stringify(manifest), file)).toEqual(manifest)
  expect(parseManifest(`\uFEFF${JSON.stringify(manifest)}`, file)).toEqual(manifest)
})

test('the example in the documentation is right', () => {
  const page = readFileSync(new URL('../docs/model-packs.md', import.meta.url), 'utf8')
  const example = /```json\n(.*?)```/s.exec(page)?.[1] ?? ''
  expect(parseManifest(example.replaceAll('<64 hex digits>', hash), file)).toMatchObject({
    contract: 'sam2-image',
    golden: [{ graph: 'encoder' }],
  })
})

test('our own network has its two graphs', () => {
  const ours = { role: 'refine-mask', contract: 'inbetween-refine' }
  expect(refusal((draft) => Object.assign(draft, ours))).toContain(
    'graphs lacks “memorise”, which the contract inbetween-refine needs',
  )
})

test('only our own packs come from nowhere else', () => {
  expect(refusal((draft) => delete draft.source)).toContain('source is missing: write it')
  const ours = readFileSync(new URL('refine-mask/manifest.json', import.meta.url), 'utf8')
  expect(parseManifest(ours, file).source).toBeUndefined()
})

test('a mark of a draft is refused with what to write there', () => {
  expect(refusal((draft) => (draft.licence.commercial = 'FILL IN: true or false'))).toBe(
    `${file}: licence.commercial is still to be filled in: write true or false.`,
  )
})

test('all that may be left out may be there', () => {
  const whole = {
    ...manifest,
    preprocessing: {
      colour: 'rgb',
      resize: 'stretch',
      width: 1024,
      height: 1024,
      layout: 'nchw',
      scale: 1 / 255,
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    },
    state: { memories: 7, pointers: 16 },
    tokenizer: { file: 'double.onnx', type: 'clip-bpe', length: 77 },
    files: manifest.files.map((each) => ({ ...each, url: `https://example.org/${each.path}` })),
  }
  expect(parseManifest(JSON.stringify(whole), file)).toEqual(whole)
})

test.each<[string, (draft: Json) => void]>([
  ['format is 2; this version reads format 1: update Inbetween', (m) => (m.format = 2)],
  ['id is “Tiny Pack”, where a word of lower-case letters', (m) => (m.id = 'Tiny Pack')],
  ['id is “com1”, the name of a device', (m) => (m.id = 'com1')],
  ['name is missing: write it', (m) => delete m.name],
  ['version is "", where', (m) => (m.version = '')],
  ['role is "segment": write one of segment-image', (m) => (m.role = 'segment')],
  [
    'contract is clip-text, which does embed-text, but role is embed-image',
    (m) => (m.contract = 'clip-text'),
  ],
  ['licence is missing', (m) => delete m.licence],
  ['licence.commercial is "yes", where true or false', (m) => (m.licence.commercial = 'yes')],
  ['licence.url is “file:///etc/passwd”, where an address', (m) => (m.licence.url = 'file:///etc/passwd')],
  ['licence.licence is no field of a manifest', (m) => (m.licence.licence = 'MIT')],
  ['files has 0 items, where 1 to 1000', (m) => (m.files = [])],
  ['files[0].sha256 is “AAAA', (m) => (m.files[0].sha256 = hash.toUpperCase())],
  ['files[0].bytes is 1.5, where a whole number', (m) => (m.files[0].bytes = 1.5)],
  ['files[0].bytes is -1, where a number from 0', (m) => (m.files[0].bytes = -1)],
  ['files[1].url is “ftp://x/y”', (m) => (m.files[1].url = 'ftp://x/y')],
  ['files[3].path is “double.onnx” a second time', (m) => m.files.push(m.files[0])],
  [
    'the same file as “double.onnx” where case does not count',
    (m) => m.files.push({ ...m.files[0], path: 'Double.ONNX' }),
  ],
  [
    'names “golden/x.f32” as a file and as the folder',
    (m) => m.files.push({ ...m.files[0], path: 'golden/x.f32/z' }),
  ],
  ['files[0].path is the manifest itself', (m) => (m.files[0].path = 'Manifest.json')],
  [
    'graphs.encoder.file is "other.onnx", which is not among “files”',
    (m) => (m.graphs.encoder.file = 'other.onnx'),
  ],
  ['graphs has 0 entries', (m) => (m.graphs = {})],
  [
    'graphs.encoder.inputs[0].type is "double": write one of float32',
    (m) => (m.graphs.encoder.inputs[0].type = 'double'),
  ],
  ['graphs.encoder.inputs[0].shape[1] is -1, where', (m) => (m.graphs.encoder.inputs[0].shape[1] = -1)],
  ['graphs.encoder.outputs has 0 items', (m) => (m.graphs.encoder.outputs = [])],
  ['graphs."../up" is no name of a graph', (m) => (m.graphs['../up'] = m.graphs.encoder)],
  [
    'graphs lacks “encoder”, which the contract sam2-image needs',
    (m) =>
      Object.assign(m, {
        role: 'segment-image',
        contract: 'sam2-image',
        graphs: { decoder: m.graphs.encoder },
      }),
  ],
  ['golden[0].graph is no graph of this pack: write one of encoder', (m) => (m.golden[0].graph = 'decoder')],
  [
    'golden[0].inputs.z is no tensor of that graph',
    (m) => (m.golden[0].inputs.z = m.golden[0].inputs.pixel_values),
  ],
  [
    'golden[0].inputs.pixel_values.dims has 1 dimensions, but the graph declares 2',
    (m) => (m.golden[0].inputs.pixel_values.dims = [4]),
  ],
  [
    'golden[0].inputs.pixel_values.dims has 4 at [1], where “2” is 2',
    (m) => (m.golden[0].inputs.pixel_values.dims = [1, 4]),
  ],
  [
    'golden[0].outputs.image_embeds.dims has 1 at [0], where “rows” is 2',
    (m) => (m.golden[0].outputs.image_embeds.dims = [1, 2]),
  ],
  ['which takes 24 bytes, but golden/x.f32 has 16', (m) => (m.golden[0].inputs.pixel_values.dims = [3, 2])],
  ['golden[0].tolerance is null, where a number', (m) => (m.golden[0].tolerance = Number.NaN)],
  [
    'preprocessing.std divides, so each must be above 0',
    (m) =>
      (m.preprocessing = {
        colour: 'rgb',
        resize: 'stretch',
        width: 1,
        height: 1,
        layout: 'nchw',
        scale: 1,
        mean: [0, 0, 0],
        std: [1, 0, 1],
      }),
  ],
  [
    'tokenizer.file is "vocab.txt", which is not among',
    (m) => (m.tokenizer = { file: 'vocab.txt', type: 'clip-bpe', length: 77 }),
  ],
  ['weights is no field of a manifest: take it out', (m) => (m.weights = [])],
])('is refused by name: %s', (sentence, change) => {
  const said = refusal(change)
  expect(said).toContain(sentence.replace('is "", where', 'is empty'))
  expect(said).toContain(file)
  expect(said).toMatch(/\.$/)
})

describe('paths that lead elsewhere', () => {
  test.each([
    ['../evil', 'leads out'],
    ['a/../../evil', 'leads out'],
    ['/etc/passwd', 'absolute'],
    ['C:/windows', 'drive'],
    ['c:evil', 'drive'],
    ['a\\b', 'backslash'],
    ['..\\evil', 'backslash'],
    ['a\0b', 'character'],
    ['weights:stream', 'character'],
    ['a//b', 'empty part'],
    ['./a', 'empty part'],
    ['a/', 'empty part'],
    ['', 'empty'],
    ['con', 'device'],
    ['weights/NUL.onnx', 'device'],
    ['COM¹.txt', 'device'],
    ['lpt1 .txt', 'device'],
    ['a./b', 'ends in a point'],
    ['a ', 'ends in a point or a space'],
    ['a\ud800', 'character'],
    ['x'.repeat(241), '240'],
  ])('%j is refused', (path, why) => {
    const said = refusal((m) => (m.files[0].path = path))
    expect(said).toContain('files[0].path')
    expect(said).toContain(why)
  })

  test.each([
    'a',
    'a.onnx',
    'weights/part-1.onnx.data',
    'Ünïcode/模型.onnx',
    '...a',
    'console.txt',
    '.hidden',
  ])('%j may be', (path) => {
    const draft = structuredClone(manifest) as unknown as Json
    draft.files.push({ path, sha256: hash, bytes: 1 })
    expect(parseManifest(JSON.stringify(draft), file).files.at(-1)?.path).toBe(path)
  })
})

describe('whatever is written', () => {
  const throwsOnlySentences = (text: string) => {
    try {
      parseManifest(text, file)
    } catch (error) {
      if (!isUserError(error)) throw error
      expect(error.message.startsWith(file)).toBe(true)
    }
  }

  test('text and JSON of any kind end in a manifest or in a sentence', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), throwsOnlySentences))
    fc.assert(fc.property(fc.json({ maxDepth: 4 }), throwsOnlySentences))
  })

  test('a manifest with any value of it exchanged for anything, too', () => {
    const places = placesOf(manifest)
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.oneof(fc.jsonValue(), fc.constantFrom('__proto__', 'constructor', '', -0, 2 ** 53)),
        (place, value) => throwsOnlySentences(JSON.stringify(exchanged(manifest, place, value))),
      ),
      { numRuns: 2000 },
    )
  })

  test('names of JavaScript’s own are names like others', () => {
    const text = JSON.stringify(manifest)
    for (const name of ['__proto__', 'constructor', 'toString']) {
      expect(sentenceOf(text.replace('"encoder":', `"${name}":`))).toMatch(
        /is no name of a graph|graphs lacks “encoder”/,
      )
      expect(sentenceOf(text.replace('"graph":"encoder"', `"graph":"${name}"`))).toContain(
        'is no graph of this pack',
      )
    }
  })

  test('no JSON and far too much of it are refused', () => {
    expect(sentenceOf('{')).toContain('is no JSON')
    expect(sentenceOf(' '.repeat(5e6))).toContain('longer than 4 MB')
    expect(sentenceOf('[]')).toContain('the whole is a list')
  })
})

function placesOf(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at]
  return [at, ...Object.entries(value).flatMap(([name, item]) => placesOf(item, [...at, name]))]
}

function exchanged(value: unknown, [first, ...rest]: readonly string[], by: unknown): unknown {
  if (first === undefined) return by
  const copy = structuredClone(value) as Json
  copy[first] = exchanged(copy[first], rest, by)
  return copy
}
