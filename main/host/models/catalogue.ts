/**
 * Packs that can be had: what the makers of networks publish, as far as their repositories say it. None of them was run
 * here with its real weights, and none is fetched unasked: a person reads the licence at the source.
 */
import type { Contract } from '../../../models/manifest.ts'
import type { CatalogueEntry, PackLicence } from '../../core/models.ts'

const apache: PackLicence = {
  spdx: 'Apache-2.0',
  url: 'https://www.apache.org/licenses/LICENSE-2.0',
  commercial: true,
  note: null,
}
const mit: PackLicence = {
  spdx: 'MIT',
  url: 'https://opensource.org/license/mit',
  commercial: true,
  note: null,
}

function contractOnly(contract: Contract): string {
  return `Not run here with its own weights: only its contract was, on small graphs of our own. To make a pack of the export that you take, put its files into a folder: “inbetween models draft FOLDER --contract ${contract}” writes its manifest, and docs/model-packs.md explains what is left to fill in.`
}

const sources = (...list: readonly (readonly [what: string, url: string])[]) =>
  list.map(([what, url]) => ({ what, url }))

export const catalogue: readonly CatalogueEntry[] = [
  {
    id: 'sam-2-1-image',
    name: 'SAM 2.1, image (tiny, small, base+, large)',
    role: 'segment-image',
    contract: 'sam2-image',
    licence: apache,
    sources: sources(
      ['Network and weights', 'https://github.com/facebookresearch/sam2'],
      ['Export to ONNX: encoder and decoder', 'https://github.com/vietanhdev/samexporter'],
      ['Exports of each size, in the release v2.5.0', 'https://github.com/CVHub520/X-AnyLabeling'],
    ),
    byteLength: null,
    tried: false,
    note: contractOnly('sam2-image'),
  },
  {
    id: 'edgetam-image',
    name: 'EdgeTAM, image',
    role: 'segment-image',
    contract: 'edgetam-image',
    licence: apache,
    sources: sources(
      ['Network and weights', 'https://github.com/facebookresearch/EdgeTAM'],
      [
        'Export to ONNX: encoder, prompt encoder and decoder (MIT)',
        'https://github.com/TheAptic/EdgeTAM_ONNX',
      ],
    ),
    byteLength: null,
    tried: false,
    note: contractOnly('edgetam-image'),
  },
  {
    id: 'sam-2-video',
    name: 'SAM 2, video',
    role: 'segment-video',
    contract: 'sam2-video',
    licence: apache,
    sources: sources(
      ['Network and weights', 'https://github.com/facebookresearch/sam2'],
      ['Export of SAM 2.0 to four graphs (MIT)', 'https://github.com/Aimol-l/SAM2Export'],
    ),
    byteLength: null,
    tried: false,
    note: `${contractOnly('sam2-video')} The export is of SAM 2.0; of 2.1 none with these four graphs is known.`,
  },
  {
    id: 'edgetam-video',
    name: 'EdgeTAM, video',
    role: 'segment-video',
    contract: 'sam2-video',
    licence: apache,
    sources: sources(['Network and weights', 'https://github.com/facebookresearch/EdgeTAM']),
    byteLength: null,
    tried: false,
    note: `${contractOnly('sam2-video')} Its memory has no public export: that part has to be exported from the repository.`,
  },
  {
    id: 'deaot-video',
    name: 'AOT, DeAOT and PAOT, video',
    role: 'segment-video',
    contract: 'aot-video',
    licence: {
      spdx: 'BSD-3-Clause',
      url: 'https://opensource.org/license/bsd-3-clause',
      commercial: true,
      note: 'Of the code. VIPOSeg, which PAOT learnt from, is for non-commercial research only.',
    },
    sources: sources(['Network, and where its weights are', 'https://github.com/yoxu515/aot-benchmark']),
    byteLength: null,
    tried: false,
    note: `${contractOnly('aot-video')} There is no public export: it has to be exported from the repository.`,
  },
  {
    id: 'clip-vit-base-patch32-image',
    name: 'CLIP ViT-B/32, images',
    role: 'embed-image',
    contract: 'clip-image',
    licence: mit,
    sources: sources(['Export to ONNX', 'https://huggingface.co/Xenova/clip-vit-base-patch32']),
    byteLength: null,
    tried: false,
    note: contractOnly('clip-image'),
  },
  {
    id: 'clip-vit-base-patch32-text',
    name: 'CLIP ViT-B/32, words',
    role: 'embed-text',
    contract: 'clip-text',
    licence: mit,
    sources: sources(['Export to ONNX', 'https://huggingface.co/Xenova/clip-vit-base-patch32']),
    byteLength: null,
    tried: false,
    note: contractOnly('clip-text'),
  },
  {
    id: 'tapir-online',
    name: 'TAPIR, online: points followed through a video',
    role: 'track-points',
    contract: 'tapir-online',
    licence: { ...apache, note: 'Code and weights.' },
    sources: sources(
      ['Network and weights', 'https://github.com/google-deepmind/tapnet'],
      [
        'Export to ONNX: encoder, query and step',
        'https://huggingface.co/RabbitDaisuke/Foot-Point-Tracker-onnx',
      ],
    ),
    byteLength: null,
    tried: false,
    note: contractOnly('tapir-online'),
  },
]
