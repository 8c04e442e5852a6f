import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { h264LengthSize, isIdr, isUnreferenced } from './h264-units.ts'

const sei = [0, 0, 0, 2, 0x06, 0x01]
const unit = (header: number) => new Uint8Array([...sei, 0, 0, 0, 2, header, 0x9e])
const started = (header: number) => new Uint8Array([0, 0, 0, 1, 0x09, 0xf0, 0, 0, 1, header, 0x9e])

describe('a packet of H.264', () => {
  it('tells by nal_ref_idc whether anything refers to its picture, whatever units come first', () => {
    for (const [packet, lengthSize] of [
      [unit, 4],
      [started, 0],
    ] as const) {
      expect(isUnreferenced(packet(0x01), lengthSize)).toBe(true)
      expect(isUnreferenced(packet(0x41), lengthSize)).toBe(false)
      expect(isUnreferenced(packet(0x65), lengthSize)).toBe(false)
    }
  })

  it('tells an IDR from other pictures', () => {
    expect([0x65, 0x41, 0x01].map((header) => isIdr(unit(header), 4))).toEqual([true, false, false])
    expect([0x65, 0x41].map((header) => isIdr(started(header), 0))).toEqual([true, false])
  })

  it('has lengths of the size that avcC says', () => {
    expect(h264LengthSize(new Uint8Array([1, 100, 0, 31, 0xff]))).toBe(4)
    expect(h264LengthSize(new Uint8Array([1, 100, 0, 31, 0xfd]))).toBe(2)
    expect(h264LengthSize(null)).toBe(0)
  })

  it('may be anything without harm', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom(0, 1, 2, 4), (packet, lengthSize) => {
        expect(isUnreferenced(packet, lengthSize) && isIdr(packet, lengthSize)).toBeTypeOf('boolean')
      }),
    )
  })
})
