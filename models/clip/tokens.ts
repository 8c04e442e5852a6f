/** Pure: a text as CLIP's tokens. */
import { byteSymbols, type Vocabulary, wordEnd } from './vocabulary.ts'

/** Words, digits one by one, signs together; endings such as `'s` apart. */
const words = /'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+/gu

/** `length` ids: start, the text, end, zeros. Of a text that is too long the beginning stays. */
export function tokensOf(text: string, vocabulary: Vocabulary, length: number): readonly number[] {
  const { ids, ranks, start, end } = vocabulary
  const cleaned = text.normalize('NFC').toLowerCase()
  const symbols = (cleaned.match(words) ?? []).flatMap((word) => merged(symbolsOf(word), ranks))
  const known = symbols.map((symbol) => ids.get(symbol) ?? end).slice(0, length - 2)
  const tokens = [start, ...known, end]
  return [...tokens, ...new Array<number>(length - tokens.length).fill(0)]
}

/** One a byte, the last with the mark of a word's end. */
export function symbolsOf(word: string): readonly string[] {
  const symbols = Array.from(new TextEncoder().encode(word), (byte) => byteSymbols[byte]!)
  return symbols.map((symbol, i) => (i === symbols.length - 1 ? symbol + wordEnd : symbol))
}

/** The pair that was learnt first is merged wherever it stands, until no pair is left that was learnt. */
export function merged(symbols: readonly string[], ranks: ReadonlyMap<string, number>): readonly string[] {
  let now = symbols
  for (;;) {
    let [best, lowest] = [-1, Number.POSITIVE_INFINITY]
    for (let i = 0; i + 1 < now.length; i++) {
      const rank = ranks.get(`${now[i]} ${now[i + 1]}`) ?? Number.POSITIVE_INFINITY
      if (rank < lowest) [best, lowest] = [i, rank]
    }
    if (best < 0) return now
    const [first, second] = [now[best]!, now[best + 1]!]
    const next: string[] = []
    for (let i = 0; i < now.length; i++) {
      const isPair = now[i] === first && now[i + 1] === second
      next.push(isPair ? first + second : now[i]!)
      if (isPair) i++
    }
    now = next
  }
}
