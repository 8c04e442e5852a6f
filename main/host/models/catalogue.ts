import type { CatalogueEntry } from '../../core/models.ts'
export const catalogue: readonly CatalogueEntry[] = []
