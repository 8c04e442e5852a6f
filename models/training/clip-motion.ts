/** Motions without end: sums of slow waves, so that they have a speed, a reach and no corners. */
import { between, type Random } from '../../main/core/scene/random.ts'

/** Value at a time in frames. */
export type Motion = (t: number) => number

/** Between about -reach and reach, at most about `speed` a frame. */
export function wander(random: Random, reach: number, speed: number): Motion {
  if (reach <= 0 || speed <= 0) return () => 0
  const top = speed / reach
  const waves = [0.35, 0.7, 1].map((share) => ({
    rate: top * share * between(random, 0.5, 1),
    phase: between(random, 0, 2 * Math.PI),
    size: (reach * between(random, 0.2, 0.6)) / (0.5 + share),
  }))
  return (t) => waves.reduce((sum, { rate, phase, size }) => sum + size * Math.sin(rate * t + phase), 0)
}

/** Steady, with some wandering about it. */
export function travel(random: Random, speed: number, reach: number): Motion {
  const way = wander(random, reach, Math.abs(speed) * 0.6 + 0.3)
  return (t) => speed * t + way(t) - way(0)
}

/** Trembles by up to `size` from frame to frame. */
export function shake(random: Random, size: number): Motion {
  const phase = between(random, 0, 100)
  return (t) => size * (Math.sin(t * 2.1 + phase) * 0.6 + Math.sin(t * 3.7 + 2 * phase) * 0.4)
}
