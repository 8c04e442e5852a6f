import { ellipse, type Outline, placed } from '../outline.ts'
import { flat } from '../paint.ts'
import type { Pen } from '../pen.ts'
import { type ActorKind, type Pose, pick, shaded, sunlit } from './actor-kind.ts'

const sets = [
  ['#e9473f', '#f7c23c', '#2f86d6', '#3aa873'],
  ['#7a4fc0', '#ff8f5a', '#35b6c4', '#f2d14a'],
  ['#1f8fb5', '#f05d6c', '#f6e27a', '#4d5bbf'],
] as const
const radius = 30

function sector(from: number, to: number): Outline {
  const out = [radius * 0.18, -radius * 0.12]
  for (let i = 0; i <= 8; i++) {
    const angle = from + ((to - from) * i) / 8
    out.push(Math.cos(angle) * radius * 1.1, Math.sin(angle) * radius * 1.1)
  }
  return out
}

function draw(pen: Pen, pose: Pose): void {
  const colors = pick(sets, pose.variant)
  // A ball stands on the ground: its centre is one radius above its place, and it hops softly.
  const hop = Math.abs(Math.sin(pose.timeSeconds * 2.3 + pose.seed))
  const squash = 1 - 0.16 * Math.max(0, 1 - hop * 6)
  const body = pen.at(placed(0, -radius * squash - 34 * hop, 0, 1 / Math.sqrt(squash), squash))
  const outline = ellipse(0, 0, radius)
  body.fill(outline, { ramp: flat('#fbf7ee') })
  const rolled = body.at(placed(0, 0, pose.travelled / radius))
  for (let i = 0; i < 4; i++) {
    const from = (i / 4) * 2 * Math.PI
    rolled.inside(sector(from, from + Math.PI / 4), { ramp: flat(colors[i]!) })
  }
  rolled.inside(ellipse(radius * 0.18, -radius * 0.12, 5), { ramp: flat('#fbf7ee') })
  shaded(body, outline, 0, 0, radius * 1.15, pose)
  sunlit(body, outline, 0, 0, radius, pose)
}

export const ball: ActorKind = { noun: 'ball', className: 'ball', lane: 'ground', reach: 34, pace: 55, draw }
