import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { floatValues } from '../open-pack.ts'
import { clipImageGraphs, clipTextGraphs } from '../test-graphs/clip-graphs.ts'
import { packHere } from '../test-graphs/run-here.ts'
import { ClipImage, ClipText } from './clip.ts'
import { normalised, similarity } from './embedding.ts'
import { merged, symbolsOf, tokensOf } from './tokens.ts'
import { byteSymbols, readVocabulary } from './vocabulary.ts'

const merges = ['l o', 'o w</w>', 'lo w</w>', 'e r</w>', 'n e', 'ne w', 'new er</w>', 'd o', 'do g</w>']
const mergesFile = `"bpe_simple_vocab_16e6.txt#version: 0.2\n${merges.join('\n')}\n`
const bytes = (text: string) => new TextEncoder().encode(text)
const vocabulary = readVocabulary(bytes(mergesFile), 'Tiny')
const id = (symbol: string) => vocabulary.ids.get(symbol)!

describe('the vocabulary', () => {
  test('of merges alone has every byte, every byte at a word’s end, the merges, start and end', () => {
    expect(vocabulary.ids.size).toBe(512 + merges.length + 2)
    expect([id('!'), id('a'), id('!</w>'), id('lo')]).toEqual([0, 64, 256, 512])
    expect([vocabulary.start, vocabulary.end]).toEqual([512 + merges.length, 513 + merges.length])
    expect(new Set(byteSymbols).size).toBe(256)
    expect([byteSymbols[32], byteSymbols[10], byteSymbols[0xad]]).toEqual(['Ġ', 'Ċ', 'Ń'])
  })

  test('may be packed, and may be a tokenizer with ids of its own', () => {
    expect(readVocabulary(gzipSync(mergesFile), 'Tiny')).toEqual(vocabulary)
    const vocab = Object.fromEntries([...vocabulary.ids].map(([symbol, own]) => [symbol, own + 1000]))
    for (const pairs of [merges, merges.map((pair) => pair.split(' '))]) {
      const read = readVocabulary(bytes(JSON.stringify({ model: { vocab, merges: pairs } })), 'Tiny')
      expect(read.ranks).toEqual(vocabulary.ranks)
      expect(read.end).toBe(vocabulary.end + 1000)
    }
  })

  test.each(['a fine picture', '{"model": {}}', '', '{'])(
    'of another kind (%j) is refused by the pack’s name',
    (text) => {
      expect(() => readVocabulary(bytes(text), 'Tiny')).toThrow(
        expect.objectContaining({
          code: 'bad-pack',
          message: expect.stringMatching(/^The vocabulary of “Tiny” cannot be read: .*tokenizer\.json\.$/),
        }),
      )
    },
  )
})

describe('tokens', () => {
  const { start, end } = vocabulary

  test('are merged as they were learnt, between start and end, and zeros behind', () => {
    expect(tokensOf('Low  newer DOG', vocabulary, 8)).toEqual([
      start,
      id('low</w>'),
      id('newer</w>'),
      id('dog</w>'),
      end,
      0,
      0,
      0,
    ])
  })

  test('tell digits one by one, endings and signs apart', () => {
    const tokens = tokensOf("dog's 42!?", vocabulary, 12)
    expect(tokens.slice(1, 8)).toEqual(['dog</w>', "'", 's</w>', '4</w>', '2</w>', '!', '?</w>'].map(id))
  })

  test('of letters beyond ASCII are their bytes', () => {
    expect(symbolsOf('é')).toEqual(['Ã', '©</w>'])
    expect(tokensOf('e\u0301', vocabulary, 6)).toEqual(tokensOf('É', vocabulary, 6))
  })

  test('of a text that is too long end with its beginning', () => {
    const tokens = tokensOf('dog '.repeat(50), vocabulary, 8)
    expect(tokens).toEqual([start, ...new Array(6).fill(id('dog</w>')), end])
  })

  test('lose nothing of a word, and leave no pair that was learnt', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,20}$/), (word) => {
        const symbols = merged(symbolsOf(word), vocabulary.ranks)
        expect(symbols.join('')).toBe(`${word}</w>`)
        for (let i = 0; i + 1 < symbols.length; i++)
          expect(vocabulary.ranks.has(`${symbols[i]} ${symbols[i + 1]}`)).toBe(false)
      }),
    )
  })

  test('are always as many as the network takes, and every one is of the vocabulary', () => {
    const known = new Set([0, ...vocabulary.ids.values()])
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.integer({ min: 2, max: 77 }),
        (text, length) => {
          const tokens = tokensOf(text, vocabulary, length)
          expect(tokens).toHaveLength(length)
          expect(tokens.every((token) => known.has(token))).toBe(true)
          expect(tokens.filter((token) => token === end)).toHaveLength(1)
        },
      ),
    )
  })
})

describe('embeddings', () => {
  test('of a picture come of its middle, the short side to the input’s, and have length 1', async () => {
    const pack = packHere(clipImageGraphs(8), {
      role: 'embed-image',
      contract: 'clip-image',
      preprocessing: {
        colour: 'rgb',
        resize: 'short-side',
        width: 8,
        height: 8,
        layout: 'nchw',
        scale: 1,
        mean: [10, 0, 0],
        std: [2, 1, 1],
      },
    })
    // 32 x 16: red 110 in the middle, blue at both sides, which the input does not show.
    const rgb = new Uint8Array(32 * 16 * 3)
    for (let i = 0; i < 32 * 16; i++)
      if (i % 32 >= 7 && i % 32 < 25) rgb.set([110, 120, 0], 3 * i)
      else rgb.set([0, 0, 255], 3 * i)
    const embedding = await new ClipImage(pack).embed({ width: 32, height: 16, rgb })
    expect(floatValues(pack.runs('encoder')[0]!.outputs.image_embeds!)).toEqual(Float32Array.of(50, 120, 0))
    expect(Math.hypot(...embedding)).toBeCloseTo(1)
    expect(embedding[1]! / embedding[0]!).toBeCloseTo(120 / 50)
  })

  test.each(['int64', 'int32'] as const)(
    'of a text come of its %s tokens, and the mask says how many count',
    async (type) => {
      const pack = packHere(clipTextGraphs(12, type), {
        role: 'embed-text',
        contract: 'clip-text',
        tokenizer: { file: 'merges.txt', type: 'clip-bpe', length: 12 },
      })
      const embedding = await new ClipText(pack, bytes(mergesFile)).embed('new dog')
      const said = floatValues(pack.runs('encoder')[0]!.outputs.text_embeds!)
      const tokens = [vocabulary.start, id('ne'), id('w</w>'), id('dog</w>')]
      expect([...said]).toEqual([...tokens, 5])
      expect(Math.hypot(...embedding)).toBeCloseTo(1)
    },
  )

  test('are as alike as their directions', () => {
    const a = normalised(Float32Array.of(3, 4))
    expect(similarity(a, normalised(Float32Array.of(30, 40)))).toBeCloseTo(1)
    expect(similarity(a, normalised(Float32Array.of(-4, 3)))).toBeCloseTo(0)
    expect([...normalised(new Float32Array(3))]).toEqual([0, 0, 0])
    expect(() => similarity(a, new Float32Array(3))).toThrow(expect.objectContaining({ code: 'other-space' }))
  })
})
