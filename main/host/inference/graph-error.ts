import { UserError } from '../../core/user-error.ts'

/** ONNX Runtime, or the provider under it, would not open or run a graph; another provider may. */
export class GraphError extends UserError {
  constructor(name: string, what: string, cause: unknown) {
    super('inference-failed', `“${name}” ${what}: ${plain(cause)}`, { cause })
  }
}

/** What ONNX Runtime says, without the places in its own source and its own codes, on one line. */
function plain(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause)
  const text = message
    .replace(/\[ONNXRuntimeError\] : \d+ : [A-Z_]+ : /g, '')
    .replace(/\/\S*\.(cc|h|cpp):\d+ /g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 400)
  return /[.!?]$/.test(text) ? text : `${text}.`
}
