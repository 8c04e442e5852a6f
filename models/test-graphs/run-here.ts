/** Graphs run in the test's own process, and everything that went in and came out, to be looked at. */
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import type { PackManifest } from '../manifest.ts'
import { type OnnxGraph, onnxModel } from '../onnx-writer.ts'
import type { OpenPack } from '../open-pack.ts'
import type { NamedTensors, Tensor } from '../tensor.ts'
import { packGraphs } from './graph-builder.ts'

export interface LoggedRun {
  readonly part: string
  readonly inputs: NamedTensors
  readonly outputs: NamedTensors
}

export interface LoggedPack extends OpenPack {
  readonly log: LoggedRun[]
  /** Of one part, in order. */
  runs(part: string): readonly LoggedRun[]
}

/** `facts`: what differs from a plain manifest of that contract. */
export function packHere(
  graphs: Readonly<Record<string, OnnxGraph>>,
  facts: Pick<PackManifest, 'role' | 'contract'> & Partial<PackManifest>,
): LoggedPack {
  const sessions = new Map<string, Promise<InferenceSession>>()
  const log: LoggedRun[] = []
  const session = (part: string) => {
    const graph = graphs[part]
    if (!graph) throw new Error(`There is no graph ${part}.`)
    const made = sessions.get(part) ?? InferenceSession.create(onnxModel(graph), { logSeverityLevel: 3 })
    sessions.set(part, made)
    return made
  }
  return {
    manifest: testManifest(graphs, facts),
    log,
    runs: (part) => log.filter((run) => run.part === part),
    graphs: {
      async run(part, inputs) {
        const feeds = Object.fromEntries(
          Object.entries(inputs).map(([name, { type, data, dims }]) => [
            name,
            new OrtTensor(type, data as never, dims),
          ]),
        )
        const answers = await (await session(part)).run(feeds)
        const outputs = Object.fromEntries(
          Object.entries(answers).map(([name, { type, dims, data }]) => [
            name,
            { type, dims, data: (data as Float32Array).slice() } as Tensor,
          ]),
        )
        log.push({ part, inputs, outputs })
        return outputs
      },
    },
  }
}

export function testManifest(
  graphs: Readonly<Record<string, OnnxGraph>>,
  facts: Pick<PackManifest, 'role' | 'contract'> & Partial<PackManifest>,
): PackManifest {
  return {
    format: 1,
    id: 'stand-in',
    name: 'Stand-in',
    version: '1.0.0',
    licence: { spdx: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0', commercial: true },
    source: { url: 'https://example.org/stand-in' },
    files: [],
    graphs: packGraphs(graphs),
    golden: [],
    ...facts,
  }
}
