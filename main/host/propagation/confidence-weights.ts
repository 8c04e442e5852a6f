/** Written by `npm run bench -- confidence --fit`; do not edit. */
export const confidenceWeights = {
  bias: -2.27,
  /** Expected where nothing is left of the object. */
  lost: 0.25,
  weights: {
    soft: 0,
    margin: 3.81,
    overlap: 0.4,
    drift: 0,
    unsure: 0,
    leastMargin: 0,
    areaChange: -0.69,
    areaStep: 0,
    growth: 0,
    jump: 0,
    residual: 0,
    border: 0,
    smallness: -1,
    unlike: 0,
    contest: 0,
    far: -0.27,
    farBetween: -0.11,
    two: -1.26,
    agreement: 0.2,
    arrived: -1.26,
    arrival: 0.4,
  },
}

/** From what the regression says to the IoU that was seen. */
export const confidenceCurve: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 1],
]
