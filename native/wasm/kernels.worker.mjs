// The thread that runs the WebAssembly kernels. It knows no kernel: a call names an exported function and describes its
// arguments (see kernel-call.ts), which are laid into the module's memory, and what comes back is copied out. Plain
// JavaScript, because it is started as a file both from source and from the built app.
import { parentPort, workerData } from 'node:worker_threads'

const instance = new WebAssembly.Instance(new WebAssembly.Module(workerData.wasm), {})
const kernels = instance.exports
kernels._initialize()

/** Lays the argument into memory and returns what the function is given for it. */
function lay(argument, given) {
  if (typeof argument === 'number') return argument
  if (argument.words) return layWords(argument.words, given)
  const bytes = argument.in ?? argument.out
  const address = kernels.malloc(Math.max(bytes.byteLength, 8)) >>> 0
  if (address === 0) throw new RangeError('There is not enough memory for this picture.')
  new Uint8Array(kernels.memory.buffer).set(
    new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    address,
  )
  given.push({ address, out: argument.out })
  return address
}

/** A struct, or an array of pointers: 32-bit words in a row. */
function layWords(items, given) {
  const words = items.map((item) => lay(item, given))
  return lay({ in: Uint32Array.from(words) }, given)
}

function run({ name, args }) {
  const given = []
  try {
    const status = kernels[name](...args.map((argument) => lay(argument, given)))
    // Read anew: memory may have grown, and then its old buffer is gone.
    const memory = kernels.memory.buffer
    const outputs = given
      .filter((item) => item.out)
      .map(({ address, out }) => memory.slice(address, address + out.byteLength))
    return { status, outputs }
  } finally {
    for (const { address } of given) kernels.free(address)
  }
}

parentPort.on('message', (call) => {
  try {
    const { status, outputs } = run(call)
    parentPort.postMessage({ id: call.id, status, outputs }, outputs)
  } catch (error) {
    parentPort.postMessage({ id: call.id, error: `${call.name}: ${error.message}`, outputs: [] })
  }
})
