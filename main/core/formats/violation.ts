/** A place where a dataset breaks its format's rules. */
export interface Violation {
  /** 'error': readers fail or read something else. 'warning': allowed, but seldom meant. */
  readonly severity: 'error' | 'warning'
  /** Relative to the dataset, with `/`. */
  readonly file: string
  /** Where in the file: 'annotations[3].bboxes[1]', 'object 4'; null: the file itself. */
  readonly place: string | null
  readonly sentence: string
}

export function violation(file: string, place: string | null, sentence: string): Violation {
  return { severity: 'error', file, place, sentence }
}

export function warning(file: string, place: string | null, sentence: string): Violation {
  return { severity: 'warning', file, place, sentence }
}

/** 'error  train.json  annotations[3].id: 0 means "not matched" to the evaluator' */
export function violationLine({ severity, file, place, sentence }: Violation): string {
  return `${severity}  ${file}${place === null ? '' : `  ${place}`}: ${sentence}`
}
