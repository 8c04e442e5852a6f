import { sha256, type TestPack } from '../test-pack.ts'
import { graphBytes } from './graph-builder.ts'
import { testManifest } from './run-here.ts'
import { sam2ImageGraphs } from './sam2-image-graphs.ts'
import { sam2Preprocessing } from './sam2-video-graphs.ts'

/** A pack of the stand-in of SAM 2 on one frame: a click becomes a disc. */
export function tinySam(): TestPack {
  const graphs = sam2ImageGraphs()
  const files = new Map(Object.entries(graphBytes(graphs)))
  const manifest = testManifest(graphs, {
    id: 'tiny-sam',
    name: 'Tiny SAM',
    role: 'segment-image',
    contract: 'sam2-image',
    preprocessing: sam2Preprocessing,
    files: [...files].map(([path, bytes]) => ({ path, sha256: sha256(bytes), bytes: bytes.length })),
  })
  return { manifest, files }
}
