// Small filters over planes of floats.
#pragma once

#include "pool.hpp"

namespace ib {

/** Gaussian of `sigma` pixels, border pixels repeated. `out` may be `source`. */
void blur_plane(ib_pool &pool, const float *source, int width, int height, float sigma, float *out);

/** 3x3 Sobel derivatives with the scale of OpenCV's (8 x the true slope), border pixels repeated. */
void sobel_planes(ib_pool &pool, const float *source, int width, int height, float *dx, float *dy);

/** 3x3 median, border pixels repeated. `out` must not be `source`. */
void median_plane(const float *source, int width, int height, float *out);

}  // namespace ib
