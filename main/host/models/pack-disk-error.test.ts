import { expect, it } from 'vitest'
import { isUserError, UserError } from '../../core/user-error.ts'
import { isDiskTrouble, packDiskError } from './pack-disk-error.ts'

function trouble(code: string, syscall = 'write'): Error {
  return Object.assign(new Error(code), { code, syscall })
}

it.each([
  ['ENOSPC', 'disk-full', /^The disk that holds \/packs\/a is full, .* what was fetched is kept\.$/],
  ['EDQUOT', 'disk-full', /is full/],
  ['EROFS', 'not-writable', /^\/packs\/a may not be read or written to\. Give yourself permission there/],
  ['EACCES', 'not-writable', /may not be read or written to/],
  ['EIO', 'disk-trouble', /\/packs\/a \(EIO\)/],
  ['EMFILE', 'disk-trouble', /\/packs\/a \(EMFILE\)\. Check the disk/],
  ['ENOENT', 'not-found', /^\/packs\/a cannot be opened/],
])('%s is said in words', (code, id, sentence) => {
  const told = packDiskError(trouble(code), '/packs/a')
  if (!isUserError(told)) throw told
  expect(told.code).toBe(id)
  expect(told.message).toMatch(sentence)
})

it('knows its own troubles from others', () => {
  expect(isDiskTrouble(trouble('ENOSPC', 'fdatasync'))).toBe(true)
  expect(isDiskTrouble(trouble('ECONNRESET', 'read'))).toBe(false)
  expect(isDiskTrouble(trouble('EACCES', 'connect'))).toBe(false)
  const said = new UserError('a', 'Said already.')
  expect(packDiskError(said, '/packs/a')).toBe(said)
})
