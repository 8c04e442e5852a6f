#include "lab.hpp"

#include <algorithm>
#include <array>

namespace ib {
namespace {

constexpr int kSteps = 4096;

struct Tables {
  std::array<float, kSteps + 2> linear;  // sRGB value x 16 to linear light
  std::array<float, kSteps + 2> root;    // t in [0, 1] to f(t) of the Lab definition
  Tables() {
    for (int i = 0; i < kSteps + 2; i++) {
      const double v = std::min(i / (255.0 * 16.0), 1.0);
      linear[i] = static_cast<float>(v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4));
      const double t = static_cast<double>(i) / kSteps;
      root[i] = static_cast<float>(t > 216.0 / 24389.0 ? std::cbrt(t) : (24389.0 / 27.0 * t + 16.0) / 116.0);
    }
  }
};

const Tables &tables() {
  static const Tables made;
  return made;
}

IB_INLINE float look_up(const float *table, float at) {
  const int i = clamp_int(static_cast<int>(at), 0, kSteps);
  return table[i] + (at - static_cast<float>(i)) * (table[i + 1] - table[i]);
}

IB_KERNEL void lab_range(const float *linear, const float *root, size_t plane_size, size_t first, size_t last,
                         const float *rgb, float *lab) {
  IB_INDEPENDENT
  for (size_t i = first; i < last; i++) {
    const float r = look_up(linear, rgb[i] * 16), g = look_up(linear, rgb[i + plane_size] * 16),
                b = look_up(linear, rgb[i + 2 * plane_size] * 16);
    const float x = (0.4124564f * r + 0.3575761f * g + 0.1804375f * b) * (1 / 0.950456f);
    const float y = 0.2126729f * r + 0.7151522f * g + 0.0721750f * b;
    const float z = (0.0193339f * r + 0.1191920f * g + 0.9503041f * b) * (1 / 1.088754f);
    const float fx = look_up(root, x * kSteps), fy = look_up(root, y * kSteps), fz = look_up(root, z * kSteps);
    lab[i] = 116 * fy - 16;
    lab[i + plane_size] = 500 * (fx - fy);
    lab[i + 2 * plane_size] = 200 * (fy - fz);
  }
}

}  // namespace

void lab_planes(ib_pool &pool, const float *rgb, size_t plane_size, float *lab) {
  const Tables &t = tables();
  for_ranges(pool, static_cast<int>(plane_size), 8192, [&](int first, int last) {
    lab_range(t.linear.data(), t.root.data(), plane_size, first, last, rgb, lab);
  });
}

void lab_row(const float *rgb, int count, float *lab) {
  const Tables &t = tables();
  lab_range(t.linear.data(), t.root.data(), count, 0, count, rgb, lab);
}

}  // namespace ib
