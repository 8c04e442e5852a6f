/** Zip archives for tests, right ones and such as no honest program writes. */
import { crc32, deflateRawSync } from 'node:zlib'

export interface TestEntry {
  readonly name: string
  readonly data?: Uint8Array
  /** Stored as it is where false. */
  readonly packed?: boolean
  /** Of Unix, with the type of file: 0o120777 is a link. */
  readonly mode?: number
  /** Bit 0: encrypted. */
  readonly flags?: number
  readonly method?: number
  /** What the directory says instead of the truth. */
  readonly saidByteLength?: number
}

export function zipOf(entries: readonly TestEntry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const { data = new Uint8Array(), packed = true, mode = 0o100644, flags = 0 } = entry
    const name = Buffer.from(entry.name)
    const body = packed ? deflateRawSync(data) : Buffer.from(data)
    const method = entry.method ?? (packed ? 8 : 0)
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt16LE(flags | 0x800, 2)
    facts.writeUInt16LE(method, 4)
    facts.writeUInt32LE(crc32(data), 10)
    facts.writeUInt32LE(body.length, 14)
    facts.writeUInt32LE(entry.saidByteLength ?? data.length, 18)
    facts.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), facts, name, body])
    const attributes = Buffer.alloc(14)
    attributes.writeUInt32LE((mode << 16) >>> 0, 6)
    attributes.writeUInt32LE(offset, 10)
    // Made on Unix, which is where the attributes come from.
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([30, 3]), facts, attributes, name]))
    parts.push(local)
    offset += local.length
  }
  const all = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(all.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, all, end])
}
