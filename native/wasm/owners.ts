import type { KernelThread } from './kernel-call.ts'

const okay = 0
const tooSmall = 3

/** Run lengths of what `owner` owns, asked for again with room enough where the first guess was too small. */
export async function encodeOwner(
  thread: KernelThread,
  owners: Uint16Array,
  width: number,
  height: number,
  owner: number,
): Promise<Uint32Array> {
  const length = new Uint32Array(1)
  let counts = new Uint32Array(4096)
  const encode = () =>
    thread.call('ib_owners_encode', { in: owners }, width, height, owner, { out: counts }, counts.length, {
      out: length,
    })
  let status = await encode()
  if (status === tooSmall) {
    counts = new Uint32Array(length[0]!)
    status = await encode()
  }
  if (status !== okay)
    throw new Error(`A native kernel refused its arguments (ib_owners_encode, code ${status}).`)
  return counts.slice(0, length[0])
}
