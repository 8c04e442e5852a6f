/**
 * Writes ONNX graphs without Python: ModelProto in protobuf's own encoding, as far as graphs need it. For graphs that
 * are ours from the first byte: the probe of providers, and small stand-ins for packs in tests. Field numbers are those
 * of onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
 */
import type { TensorFacts } from './manifest.ts'
import { ProtoWriter } from './proto-writer.ts'
import { checkTensor, elementCount, type Tensor, type TensorType } from './tensor.ts'

/** A whole number is an int and an array of them ints; floats say so, since 1 may be either. */
export type OnnxAttribute =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: Tensor }
  | { readonly graph: OnnxGraph }

export interface OnnxNode {
  readonly op: string
  /** '' stands for an optional input that is left out. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>
  /** Of operators that are not ONNX's own, such as 'com.microsoft'. */
  readonly domain?: string
  readonly name?: string
}

/** Weights that stand in a file of their own beside the graph. */
export interface ExternalTensor {
  readonly type: TensorType
  readonly dims: readonly number[]
  /** Relative to the graph's file, with `/`. */
  readonly file: string
  /** Bytes. */
  readonly offset: number
}

export interface OnnxGraph {
  /** 'graph' where it is left out. */
  readonly name?: string
  /** Names in a shape stay names: equal ones are equal lengths. */
  readonly inputs: readonly TensorFacts[]
  readonly outputs: readonly TensorFacts[]
  readonly initializers?: Readonly<Record<string, Tensor | ExternalTensor>>
  /** In an order in which every input is there before it is used. */
  readonly nodes: readonly OnnxNode[]
}

export interface OnnxOptions {
  /** Of ONNX's own operators; 17. */
  readonly opset?: number
  /** Kept in the model: text by name. */
  readonly metadata?: Readonly<Record<string, string>>
}

const elementTypes: Readonly<Record<TensorType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
}

const elementBytes: Readonly<Record<TensorType, number>> = {
  float32: 4,
  uint8: 1,
  int8: 1,
  int32: 4,
  int64: 8,
  bool: 1,
  float16: 2,
}

/** The bytes of an .onnx file. Throws an Error that names a tensor whose data do not fit its dims and type. */
export function onnxModel(graph: OnnxGraph, { opset = 17, metadata = {} }: OnnxOptions = {}): Uint8Array {
  const domains = [...new Set(domainsOf(graph))].filter((domain) => domain !== '').sort()
  const model = new ProtoWriter().int(1, 8).text(2, 'inbetween').message(7, graphProto(graph))
  model.message(8, new ProtoWriter().text(1, '').int(2, opset))
  for (const domain of domains) model.message(8, new ProtoWriter().text(1, domain).int(2, 1))
  for (const [name, text] of Object.entries(metadata))
    model.message(14, new ProtoWriter().text(1, name).text(2, text))
  return model.bytes()
}

function domainsOf(graph: OnnxGraph): string[] {
  return graph.nodes.flatMap(({ domain = '', attributes = {} }) => [
    domain,
    ...Object.values(attributes).flatMap((value) =>
      typeof value === 'object' && 'graph' in value ? domainsOf(value.graph) : [],
    ),
  ])
}

function graphProto({ name = 'graph', inputs, outputs, initializers = {}, nodes }: OnnxGraph): ProtoWriter {
  const proto = new ProtoWriter()
  for (const node of nodes) proto.message(1, nodeProto(node))
  proto.text(2, name)
  for (const [key, tensor] of Object.entries(initializers)) proto.message(5, initializerProto(key, tensor))
  for (const facts of inputs) proto.message(11, valueProto(facts))
  for (const facts of outputs) proto.message(12, valueProto(facts))
  return proto
}

function nodeProto({ op, inputs, outputs, attributes = {}, domain = '', name = '' }: OnnxNode): ProtoWriter {
  const proto = new ProtoWriter()
  for (const input of inputs) proto.text(1, input)
  for (const output of outputs) proto.text(2, output)
  proto.text(3, name).text(4, op)
  for (const [key, value] of Object.entries(attributes)) proto.message(5, attributeProto(key, value))
  return proto.text(7, domain)
}

/** The number of the field that holds the value, and `type` (field 20), which must name it once more. */
function attributeProto(name: string, value: OnnxAttribute): ProtoWriter {
  const proto = new ProtoWriter().text(1, name)
  if (typeof value === 'number') return proto.int(3, whole(name, value)).int(20, 2)
  if (typeof value === 'string') return proto.text(4, value).int(20, 3)
  if ('float' in value) return proto.float(2, value.float).int(20, 1)
  if ('tensor' in value) return proto.message(5, initializerProto('', value.tensor)).int(20, 4)
  if ('graph' in value) return proto.message(6, graphProto(value.graph)).int(20, 5)
  if ('floats' in value) {
    for (const float of value.floats) proto.float(7, float)
    return proto.int(20, 6)
  }
  if (isTexts(value)) {
    for (const text of value) proto.text(9, text)
    return proto.int(20, 8)
  }
  for (const int of value) proto.int(8, whole(name, int))
  return proto.int(20, 7)
}

function isTexts(value: readonly number[] | readonly string[]): value is readonly string[] {
  return typeof value[0] === 'string'
}

function whole(name: string, value: number): number {
  if (Number.isSafeInteger(value)) return value
  throw new Error(`The attribute “${name}” is ${value}, which is no whole number: write { float: ${value} }.`)
}

function initializerProto(name: string, tensor: Tensor | ExternalTensor): ProtoWriter {
  const proto = new ProtoWriter()
  for (const dim of tensor.dims) proto.int(1, dim)
  proto.int(2, elementTypes[tensor.type]).text(8, name)
  if ('data' in tensor) {
    checkTensor(name, tensor)
    // Every machine that runs this is little-endian, as raw_data must be.
    const { buffer, byteOffset, byteLength } = tensor.data
    return proto.raw(9, new Uint8Array(buffer, byteOffset, byteLength))
  }
  const length = elementCount(tensor.dims) * elementBytes[tensor.type]
  const place = { location: tensor.file, offset: String(tensor.offset), length: String(length) }
  for (const [key, text] of Object.entries(place))
    proto.message(13, new ProtoWriter().text(1, key).text(2, text))
  return proto.int(14, 1)
}

function valueProto({ name, type, shape }: TensorFacts): ProtoWriter {
  const dims = new ProtoWriter()
  for (const dim of shape)
    dims.message(1, typeof dim === 'number' ? new ProtoWriter().int(1, dim) : new ProtoWriter().text(2, dim))
  const tensorType = new ProtoWriter().int(1, elementTypes[type]).message(2, dims)
  return new ProtoWriter().text(1, name).message(2, new ProtoWriter().message(1, tensorType))
}
