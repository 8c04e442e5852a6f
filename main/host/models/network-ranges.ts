import { BlockList, isIPv6 } from 'node:net'

/** Addresses that are not of the public internet, by the registries of special ranges (IANA). */
const special = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  special.addSubnet(network, prefix, 'ipv4')
// Of IPv6 only what is routed at all is public, without what carries an IPv4 address inside.
const routed = new BlockList()
routed.addSubnet('2000::', 3, 'ipv6')
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
] as const)
  special.addSubnet(network, prefix, 'ipv6')

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

export function isPublic(address: string): boolean {
  const plain = unmapped(address)
  if (isIPv6(plain)) return routed.check(plain, 'ipv6') && !special.check(plain, 'ipv6')
  return !special.check(plain, 'ipv4')
}

export function isLoopback(address: string): boolean {
  const plain = unmapped(address)
  return loopback.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')
}

/** '::ffff:10.0.0.1', and '::ffff:a00:1' as URLs write it, is 10.0.0.1. */
function unmapped(address: string): string {
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (dotted) return dotted[1]!
  const hex = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address)
  if (!hex) return address
  const [high, low] = [Number.parseInt(hex[1]!, 16), Number.parseInt(hex[2]!, 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
