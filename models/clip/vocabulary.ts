/** CLIP's vocabulary as its publishers write it: the merges alone, or a tokenizer with ids of its own. */
import { gunzipSync } from 'node:zlib'
import { UserError } from '../../main/core/user-error.ts'

export interface Vocabulary {
  /** By symbol; the last symbol of a word ends with `</w>`. */
  readonly ids: ReadonlyMap<string, number>
  /** Of two symbols side by side, with a space between them; the lowest is merged first. */
  readonly ranks: ReadonlyMap<string, number>
  readonly start: number
  readonly end: number
}

const startText = '<|startoftext|>'
const endText = '<|endoftext|>'
export const wordEnd = '</w>'
/** What OpenAI's file holds beyond is of a larger vocabulary and unused. */
const mostMerges = 48_894

/**
 * A symbol a byte: printable ones stand for themselves, the others for the characters from 256 on, so that a text of
 * symbols has no spaces and no control characters.
 */
export const byteSymbols: readonly string[] = symbolsOfBytes()

function symbolsOfBytes(): string[] {
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
    return String.fromCodePoint(isPrintable ? byte : next++)
  })
}

/** `name`: of the pack, for the sentence. Throws UserError 'bad-pack' for a file that is neither. */
export function readVocabulary(bytes: Uint8Array, name: string): Vocabulary {
  try {
    const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b
    const text = new TextDecoder('utf-8', { fatal: true }).decode(isZipped ? gunzipSync(bytes) : bytes)
    return text.trimStart().startsWith('{') ? fromTokenizer(text) : fromMerges(text)
  } catch (error) {
    throw new UserError(
      'bad-pack',
      `The vocabulary of “${name}” cannot be read: ${(error as Error).message} It must be CLIP’s bpe_simple_vocab_16e6.txt, merges.txt or tokenizer.json.`,
    )
  }
}

/** The bytes in the order of OpenAI's code: printable ones first. */
function alphabet(): string[] {
  const own = (symbol: string) => symbol.codePointAt(0)! < 256
  return [...byteSymbols.filter(own), ...byteSymbols.filter((symbol) => !own(symbol))]
}

function fromMerges(text: string): Vocabulary {
  const [head = '', ...rest] = text.split(/\r?\n/)
  const lines = (head.includes('#version') ? rest : [head, ...rest]).filter((line) => line !== '')
  const pairs = lines.slice(0, mostMerges).map((line) => line.split(' '))
  if (pairs.length === 0 || pairs.some((pair) => pair.length !== 2))
    throw new Error('Its lines are not pairs of symbols.')
  const letters = alphabet()
  const symbols = [
    ...letters,
    ...letters.map((letter) => letter + wordEnd),
    ...pairs.map((pair) => pair.join('')),
    startText,
    endText,
  ]
  return vocabularyOf(new Map(symbols.map((symbol, id) => [symbol, id])), pairs)
}

function fromTokenizer(text: string): Vocabulary {
  const { model } = JSON.parse(text) as {
    readonly model?: {
      readonly vocab?: Readonly<Record<string, number>>
      readonly merges?: readonly (string | readonly string[])[]
    }
  }
  if (!model?.vocab || !model.merges) throw new Error('It has no “model” with “vocab” and “merges”.')
  const pairs = model.merges.map((pair) => (typeof pair === 'string' ? pair.split(' ') : pair))
  return vocabularyOf(new Map(Object.entries(model.vocab)), pairs)
}

function vocabularyOf(ids: ReadonlyMap<string, number>, pairs: readonly (readonly string[])[]): Vocabulary {
  const start = ids.get(startText)
  const end = ids.get(endText)
  if (start === undefined || end === undefined)
    throw new Error(`It has no ids for ${startText} and ${endText}.`)
  return { ids, ranks: new Map(pairs.map((pair, rank) => [pair.join(' '), rank])), start, end }
}
