/** Hash of the kernels' sources and whatever else is named, by path inside native/. */
export function kernelsHash(...more: string[]): string
