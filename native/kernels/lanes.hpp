// Eight floats at once: the width of a flow patch.
#pragma once

#include <cstring>

#include "kernel.hpp"

namespace ib {

#if defined(__GNUC__) && !defined(IB_SCALAR)

// A vector type of GCC and Clang: one AVX register, or two SSE or NEON registers.
typedef float Lanes __attribute__((vector_size(32)));

/** 1 / max(|a|, 1). */
IB_INLINE void weigh_lanes(const Lanes &a, Lanes &out) {
  const Lanes size = a < 0 ? -a : a, one = {1, 1, 1, 1, 1, 1, 1, 1};
  out = one / (size > one ? size : one);
}

#else

struct Lanes {
  float v[8];
  float operator[](int i) const { return v[i]; }
  Lanes &operator+=(const Lanes &b) {
    for (int i = 0; i < 8; i++) v[i] += b.v[i];
    return *this;
  }
};
IB_INLINE Lanes operator+(Lanes a, const Lanes &b) { return a += b; }
IB_INLINE Lanes operator-(Lanes a, const Lanes &b) {
  for (int i = 0; i < 8; i++) a.v[i] -= b.v[i];
  return a;
}
IB_INLINE Lanes operator*(Lanes a, const Lanes &b) {
  for (int i = 0; i < 8; i++) a.v[i] *= b.v[i];
  return a;
}
IB_INLINE Lanes operator*(Lanes a, float b) {
  for (int i = 0; i < 8; i++) a.v[i] *= b;
  return a;
}
IB_INLINE void weigh_lanes(const Lanes &a, Lanes &out) {
  for (int i = 0; i < 8; i++) out.v[i] = 1.0f / max_float(std::fabs(a.v[i]), 1.0f);
}

#endif

IB_INLINE void load_lanes(const float *from, Lanes &out) { std::memcpy(&out, from, sizeof(Lanes)); }

IB_INLINE void store_lanes(const Lanes &lanes, float *to) { std::memcpy(to, &lanes, sizeof(Lanes)); }

IB_INLINE float sum_lanes(const Lanes &a) {
  return ((a[0] + a[4]) + (a[2] + a[6])) + ((a[1] + a[5]) + (a[3] + a[7]));
}

/** The bilinear sample of eight neighbouring pixels at one common offset inside the pixel. */
struct Bilinear {
  float w00, w01, w10, w11;
  Bilinear(float part_x, float part_y)
      : w00((1 - part_x) * (1 - part_y)), w01(part_x * (1 - part_y)), w10((1 - part_x) * part_y), w11(part_x * part_y) {}
};

}  // namespace ib
