// Soft masks: floats in [0, 1] of working size.
#pragma once

#include "pool.hpp"

namespace ib {

/** Distance to the outline of mask > 0.5, positive inside, chamfer (Borgefors 1986), clipped to +-limit. */
void signed_distance(const float *mask, int width, int height, float limit, float *out);

/** source(x + flow(x)) for `count` pixels of row y from x = first, bilinear, border pixels repeated. */
void warp_row(const float *source, const float *u, const float *v, int width, int height, int y, int first, int count,
              float *out);

}  // namespace ib
