import { type Ramp, type Rgb, ramp, rgb } from './paint.ts'

/** A landscape's colours: everything that tells a morning from an evening. */
export interface Place {
  readonly name: string
  readonly sky: Ramp
  readonly cloud: Rgb
  readonly glow: { readonly x: number; readonly y: number; readonly radius: number; readonly ramp: Ramp }
  readonly mountain: Ramp
  readonly hill: Ramp
  readonly water: Ramp
  readonly shade: Rgb
  readonly glint: Rgb
  readonly sand: Rgb
  readonly meadow: Ramp
  readonly blades: readonly [dark: string, light: string]
  readonly flowers: readonly [string, string]
  readonly trunk: Ramp
  readonly bark: string
  readonly leaves: readonly [dark: string, main: string, light: string]
  readonly gain: readonly [number, number, number]
}

function stops(...colors: readonly string[]): Ramp {
  return ramp(...colors.map((color, i) => [i / Math.max(1, colors.length - 1), rgb(color)] as const))
}

function halo(color: string, core: number): Ramp {
  return ramp(
    [0, rgb('#fffbe8'), core],
    [0.06, rgb('#fffbe8'), core],
    [0.09, rgb(color), 0.5],
    [0.4, rgb(color), 0.2],
    [1, rgb(color), 0],
  )
}

export const places: readonly Place[] = [
  {
    name: 'morning',
    sky: stops('#4f9fc9', '#79bcd6', '#a9d6dd', '#dcebdc', '#fbe9c9'),
    cloud: rgb('#fffdf6'),
    glow: { x: 235, y: 96, radius: 330, ramp: halo('#ffe7b0', 0.95) },
    mountain: stops('#6f8fb0', '#8aa7bd', '#b3c7cb', '#d5dcd2'),
    hill: stops('#2f6b5c', '#3f7d62', '#6b9f7c'),
    water: stops('#cfe4da', '#8fc6cf', '#5ba6bb', '#3d88a6', '#2f7596'),
    shade: rgb('#2f6d6c'),
    glint: rgb('#fff8e0'),
    sand: rgb('#e9d7a8'),
    meadow: stops('#a8c766', '#8bb84f', '#6ba141', '#4f8a3a', '#3c7434'),
    blades: ['#3f7a35', '#a9cf5c'],
    flowers: ['#fff5d6', '#f2678a'],
    trunk: stops('#f7f1e4', '#ddd3c2', '#978b7d'),
    bark: '#3b332e',
    leaves: ['#3d7a3a', '#5f9f45', '#a6cf5a'],
    gain: [1.02, 1.01, 1],
  },
  {
    name: 'dusk',
    sky: stops('#3d3a78', '#6a4f94', '#b5679a', '#f08e82', '#ffc98a'),
    cloud: rgb('#ffb9a0'),
    glow: { x: -210, y: 188, radius: 380, ramp: halo('#ffd08a', 0.98) },
    mountain: stops('#56457f', '#7a5690', '#a8698f', '#d68a8c'),
    hill: stops('#2b2850', '#38305e', '#5c4270'),
    water: stops('#ffc08f', '#dd8594', '#9a659c', '#5e5391', '#3d4380'),
    shade: rgb('#2c2a58'),
    glint: rgb('#ffe3a8'),
    sand: rgb('#c99a86'),
    meadow: stops('#8a7d5c', '#6f744f', '#556848', '#3f5945', '#2e4a43'),
    blades: ['#274138', '#b19a5c'],
    flowers: ['#ffd9a0', '#c678d0'],
    trunk: stops('#e0c0b0', '#a68896', '#54456a'),
    bark: '#2a2340',
    leaves: ['#3c3a58', '#7a5568', '#d98a62'],
    gain: [1.04, 0.99, 1.02],
  },
  {
    name: 'autumn',
    sky: stops('#6fa5cf', '#93bddb', '#b9d4de', '#dde3dc', '#f4e6cf'),
    cloud: rgb('#ffffff'),
    glow: { x: 40, y: 60, radius: 300, ramp: halo('#fff2cf', 0.9) },
    mountain: stops('#7d8fa8', '#93a3b4', '#b6bfc2', '#d6d4c8'),
    hill: stops('#8e5a2b', '#b0712f', '#cf9a4a'),
    water: stops('#d9e0d4', '#a3bfc6', '#6f9bb0', '#4a7c99', '#386887'),
    shade: rgb('#77572f'),
    glint: rgb('#fffaf0'),
    sand: rgb('#e6d2ab'),
    meadow: stops('#d0bd6c', '#bda552', '#a58d42', '#8a763a', '#6f6234'),
    blades: ['#7a6a30', '#e4cf7a'],
    flowers: ['#fff0c4', '#d9622f'],
    trunk: stops('#f3ece0', '#cfc3b2', '#857868'),
    bark: '#3a2f28',
    leaves: ['#a3481f', '#d6752b', '#f4b44a'],
    gain: [1.02, 1, 0.98],
  },
]
