/** Pictures and texts as directions of one space, in which what belongs together is near. */
import { floatTensor, floatValues, needed, type OpenPack, preprocessingOf, runBound } from '../open-pack.ts'
import { placementOf } from '../placement.ts'
import { imageTensor, type Picture } from '../preprocess.ts'
import { type Embedding, normalised } from './embedding.ts'
import { tokensOf } from './tokens.ts'
import { readVocabulary, type Vocabulary } from './vocabulary.ts'

/** CLIP's own; a manifest may say otherwise. */
const tokenCount = 77

export class ClipImage {
  readonly #pack: OpenPack

  constructor(pack: OpenPack) {
    this.#pack = pack
  }

  async embed(picture: Picture, signal?: AbortSignal): Promise<Embedding> {
    const pack = this.#pack
    const how = preprocessingOf(pack)
    const image = imageTensor(picture, placementOf(how, picture), how)
    const outputs = await runBound(pack, 'encoder', { 'pixel_values|image|input': image }, signal)
    const found = needed(pack, 'encoder', outputs, 'image_embeds', 'embedding', 'output', 'OUTPUT')
    return normalised(floatValues(found))
  }
}

export class ClipText {
  readonly #pack: OpenPack
  readonly #vocabulary: Vocabulary
  readonly #length: number

  /** `vocabulary`: bytes of the file that the manifest names as tokenizer. Throws UserError 'bad-pack'. */
  constructor(pack: OpenPack, vocabulary: Uint8Array) {
    this.#pack = pack
    this.#vocabulary = readVocabulary(vocabulary, pack.manifest.name)
    this.#length = pack.manifest.tokenizer?.length ?? tokenCount
  }

  async embed(text: string, signal?: AbortSignal): Promise<Embedding> {
    const pack = this.#pack
    const tokens = tokensOf(text, this.#vocabulary, this.#length)
    const used = tokens.lastIndexOf(this.#vocabulary.end) + 1
    const dims = [1, tokens.length]
    const offers = {
      'input_ids|tokens|text|input': {
        type: 'int64',
        dims,
        data: BigInt64Array.from(tokens, BigInt),
      },
      attention_mask: floatTensor(
        dims,
        tokens.map((_, i) => (i < used ? 1 : 0)),
      ),
    } as const
    const outputs = await runBound(pack, 'encoder', offers, signal)
    const found = needed(pack, 'encoder', outputs, 'text_embeds', 'embedding', 'output', 'OUTPUT')
    return normalised(floatValues(found))
  }
}
