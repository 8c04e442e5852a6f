/** Which inputs of TAPIR's graph `step` are its memory, and under which names that comes out again. */

export const isState = /causal|state|context/

export function nextStateNames(name: string): readonly string[] {
  return [...new Set([name, `new_${name}`, `${name}_out`, name.replace(/_in$/, '_out')])]
}
