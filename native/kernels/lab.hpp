// CIE L*a*b* (D65) of sRGB pictures.
#pragma once

#include "pool.hpp"

namespace ib {

/** Three planes of sRGB in 0..255 to L in 0..100, a and b about -100..100. In and out may be the same planes. */
void lab_planes(ib_pool &pool, const float *rgb, size_t plane_size, float *lab);

/** The same for three rows of `count`, on this thread. */
void lab_row(const float *rgb, int count, float *lab);

/** Which of the 16 x 16 x 16 colour bins a colour falls in. */
IB_INLINE int colour_bin(float l, float a, float b) {
  const int i = clamp_int(static_cast<int>(l * 0.16f), 0, 15);
  const int j = clamp_int(static_cast<int>((a + 60.0f) * (16.0f / 120.0f)), 0, 15);
  const int k = clamp_int(static_cast<int>((b + 60.0f) * (16.0f / 120.0f)), 0, 15);
  return (i << 8) | (j << 4) | k;
}

}  // namespace ib
