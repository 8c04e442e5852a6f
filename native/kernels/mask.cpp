#include "mask.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "resize.hpp"

namespace ib {
namespace {

/** Chamfer distance to the nearest pixel where mask > 0.5 equals `target`, in place. */
void chamfer(const float *mask, int width, int height, bool target, float limit, std::vector<float> &distance) {
  constexpr float straight = 0.955f, diagonal = 1.3693f;
  const int pitch = width + 2;
  distance.assign(static_cast<size_t>(pitch) * (height + 2), limit);
  for (int y = 0; y < height; y++) {
    float *row = &distance[static_cast<size_t>(y + 1) * pitch + 1];
    const float *from = mask + static_cast<size_t>(y) * width;
    const float *above = row - pitch;
    for (int x = 0; x < width; x++) {
      const float near = std::min(std::min(above[x - 1], above[x + 1]) + diagonal, above[x] + straight);
      row[x] = (from[x] > 0.5f) == target ? 0.0f : std::min(near, row[x - 1] + straight);
    }
  }
  for (int y = height - 1; y >= 0; y--) {
    float *row = &distance[static_cast<size_t>(y + 1) * pitch + 1];
    const float *below = row + pitch;
    for (int x = width - 1; x >= 0; x--) {
      const float near = std::min(std::min(below[x - 1], below[x + 1]) + diagonal, below[x] + straight);
      row[x] = std::min(row[x], std::min(near, row[x + 1] + straight));
    }
  }
}

}  // namespace

void signed_distance(const float *mask, int width, int height, float limit, float *out) {
  std::vector<float> to_outside, to_inside;
  chamfer(mask, width, height, false, limit, to_outside);
  chamfer(mask, width, height, true, limit, to_inside);
  const int pitch = width + 2;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      const size_t i = static_cast<size_t>(y + 1) * pitch + x + 1;
      out[static_cast<size_t>(y) * width + x] = std::min(to_outside[i], limit) - std::min(to_inside[i], limit);
    }
}

IB_KERNEL void warp_row(const float *IB_RESTRICT source, const float *IB_RESTRICT u, const float *IB_RESTRICT v,
                        int width, int height, int y, int first, int count, float *IB_RESTRICT out) {
  const float right = static_cast<float>(width - 1), bottom = static_cast<float>(height - 1);
  for (int i = 0; i < count; i++) {
    const float at_x = clamp_float(first + i + u[i], 0.0f, right), at_y = clamp_float(y + v[i], 0.0f, bottom);
    const int left = static_cast<int>(at_x), top = static_cast<int>(at_y);
    const float fx = at_x - left, fy = at_y - top;
    const int next = left + 1 < width ? 1 : 0, below = top + 1 < height ? width : 0;
    const float *p = source + top * width + left;
    const float upper = p[0] + fx * (p[next] - p[0]);
    const float lower = p[below] + fx * (p[below + next] - p[below]);
    out[i] = upper + fy * (lower - upper);
  }
}

}  // namespace ib

ib_status ib_mask_warp(ib_pool *pool, const float *mask, const float *flow, int width, int height, float *out) {
  if (!pool || !mask || !flow || !out || mask == out || !ib::good_size(width, height)) return IB_BAD_ARGUMENT;
  return ib::guarded([&] {
    const ib::KernelRun counted(*pool);
    const size_t size = static_cast<size_t>(width) * height;
    ib::for_ranges(*pool, height, 32, [&](int first, int last) {
      for (int y = first; y < last; y++) {
        const size_t at = static_cast<size_t>(y) * width;
        ib::warp_row(mask, flow + at, flow + size + at, width, height, y, 0, width, out + at);
      }
    });
    return IB_OK;
  });
}

ib_status ib_mask_shrink(const uint32_t *counts, size_t count, int source_width, int source_height, int width,
                         int height, float *mask) {
  if ((!counts && count > 0) || !mask || !ib::good_size(source_width, source_height) || !ib::good_size(width, height) ||
      width > source_width || height > source_height)
    return IB_BAD_ARGUMENT;
  return ib::guarded([&] {
    const uint64_t pixels = static_cast<uint64_t>(source_width) * source_height;
    uint64_t total = 0;
    for (size_t i = 0; i < count; i++) total += counts[i];
    if (total != pixels) return IB_BAD_ARGUMENT;
    // Transposed, as the runs go down the columns.
    std::vector<float> full(pixels, 0.0f), small(static_cast<size_t>(width) * height);
    uint64_t at = 0;
    for (size_t i = 0; i < count; i++) {
      if (i % 2 == 1) std::fill_n(full.begin() + at, counts[i], 1.0f);
      at += counts[i];
    }
    ib::shrink_plane(full.data(), source_height, source_width, height, width, small.data());
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++)
        mask[static_cast<size_t>(y) * width + x] = small[static_cast<size_t>(x) * height + y];
    return IB_OK;
  });
}

ib_status ib_mask_jitter(const float *mask, int width, int height, float angle, float scale, float shift_x,
                         float shift_y, float *out) {
  if (!mask || !out || mask == out || !ib::good_size(width, height) || !(scale > 0.01f)) return IB_BAD_ARGUMENT;
  return ib::guarded([&] {
    double area = 0, sum_x = 0, sum_y = 0;
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++) {
        const double p = mask[static_cast<size_t>(y) * width + x];
        area += p, sum_x += p * x, sum_y += p * y;
      }
    const float centre_x = area > 0 ? static_cast<float>(sum_x / area) : width * 0.5f;
    const float centre_y = area > 0 ? static_cast<float>(sum_y / area) : height * 0.5f;
    // Each target pixel looks up where it came from: the inverse of turning, scaling and shifting.
    const float cosine = std::cos(angle) / scale, sine = std::sin(angle) / scale;
    std::vector<float> u(width), v(width);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        const float dx = x - centre_x - shift_x, dy = y - centre_y - shift_y;
        u[x] = centre_x + cosine * dx + sine * dy - x;
        v[x] = centre_y - sine * dx + cosine * dy - y;
      }
      ib::warp_row(mask, u.data(), v.data(), width, height, y, 0, width, out + static_cast<size_t>(y) * width);
    }
    return IB_OK;
  });
}

namespace {

float overlap_of(const float *a, const float *b, size_t size) {
  size_t both = 0, either = 0;
  for (size_t i = 0; i < size; i++) {
    const bool in_a = a[i] > 0.5f, in_b = b[i] > 0.5f;
    both += in_a && in_b;
    either += in_a || in_b;
  }
  return either == 0 ? 1.0f : static_cast<float>(both) / static_cast<float>(either);
}

}  // namespace

ib_status ib_mask_overlap(const float *a, const float *b, int width, int height, float *iou) {
  if (!a || !b || !iou || !ib::good_size(width, height)) return IB_BAD_ARGUMENT;
  *iou = overlap_of(a, b, static_cast<size_t>(width) * height);
  return IB_OK;
}

ib_status ib_mask_fuse(const float *left, const float *right, int width, int height, float weight, float *out,
                       float *agreement) {
  if (!left || !right || !out || !agreement || !ib::good_size(width, height) || !(weight >= 0 && weight <= 1))
    return IB_BAD_ARGUMENT;
  const size_t size = static_cast<size_t>(width) * height;
  *agreement = overlap_of(left, right, size);
  for (size_t i = 0; i < size; i++) out[i] = weight * left[i] + (1 - weight) * right[i];
  return IB_OK;
}
