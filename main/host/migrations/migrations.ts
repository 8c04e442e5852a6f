import { initial } from './0001-initial.ts'
import type { Migration } from './migration.ts'

/** Every step of the format, in order; the last one's version is the format this program writes. */
export const migrations: readonly Migration[] = [initial]
