#include "blur.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "lanes.hpp"

namespace ib {
namespace {

constexpr int kRowsAPart = 24, kMostRadius = 64;

std::vector<float> half_gaussian(float sigma) {
  const int radius = std::min(kMostRadius, static_cast<int>(std::ceil(3 * sigma)));
  std::vector<float> half(radius + 1);
  double sum = 0;
  for (int i = 0; i <= radius; i++) {
    half[i] = static_cast<float>(std::exp(-0.5 * i * i / (static_cast<double>(sigma) * sigma)));
    sum += i == 0 ? half[i] : 2.0 * half[i];
  }
  for (float &v : half) v = static_cast<float>(v / sum);
  return half;
}

/** Adds up one group of lanes: half[0] x middle + sum of half[k] x (the pixels k before + those k after). */
template <int Groups, class Before, class After>
IB_INLINE void blur_lanes(const float *middle, const Before &before, const After &after, const float *half, int radius,
                          int x, float *out) {
  Lanes sum[Groups], one, other;
  for (int g = 0; g < Groups; g++) {
    load_lanes(middle + x + 8 * g, one);
    sum[g] = one * half[0];
  }
  for (int k = 1; k <= radius; k++) {
    const float *a = before(k) + x, *b = after(k) + x;
    for (int g = 0; g < Groups; g++) {
      load_lanes(a + 8 * g, one);
      load_lanes(b + 8 * g, other);
      sum[g] += (one + other) * half[k];
    }
  }
  for (int g = 0; g < Groups; g++) store_lanes(sum[g], out + x + 8 * g);
}

/** A whole row of the above. The last lanes overlap the ones before, so that every row ends with full ones. */
template <class Before, class After>
IB_INLINE void blur_line(const float *middle, const Before &before, const After &after, const float *half, int radius,
                         int width, float *out) {
  int x = 0;
  for (; x + 32 <= width; x += 32) blur_lanes<4>(middle, before, after, half, radius, x, out);
  for (; x + 8 <= width; x += 8) blur_lanes<1>(middle, before, after, half, radius, x, out);
  if (x == width) return;
  if (width >= 8) {
    blur_lanes<1>(middle, before, after, half, radius, width - 8, out);
    return;
  }
  for (; x < width; x++) {
    out[x] = half[0] * middle[x];
    for (int k = 1; k <= radius; k++) out[x] += half[k] * (before(k)[x] + after(k)[x]);
  }
}

/** Vertical pass of one row: `rows[radius + k]` is the source row k below this one. */
IB_KERNEL void blur_column_row(const float *const *rows, const float *half, int radius, int width, float *out) {
  blur_line(
      rows[radius], [=](int k) { return rows[radius - k]; }, [=](int k) { return rows[radius + k]; }, half, radius,
      width, out);
}

/** Horizontal pass of one row; `padded` has `radius` repeated pixels on both sides. */
IB_KERNEL void blur_row(const float *padded, const float *half, int radius, int width, float *out) {
  const float *middle = padded + radius;
  blur_line(
      middle, [=](int k) { return middle - k; }, [=](int k) { return middle + k; }, half, radius, width, out);
}

IB_KERNEL void sobel_row(const float *IB_RESTRICT a, const float *IB_RESTRICT b, const float *IB_RESTRICT c, int width,
                         float *IB_RESTRICT dx, float *IB_RESTRICT dy) {
  for (int x = 0; x < width; x++) {
    dx[x] = (a[x + 2] - a[x]) + 2 * (b[x + 2] - b[x]) + (c[x + 2] - c[x]);
    dy[x] = (c[x] - a[x]) + 2 * (c[x + 1] - a[x + 1]) + (c[x + 2] - a[x + 2]);
  }
}

/** Repeats the ends of the `width` values that start at padded[radius]. */
void repeat_ends(int width, int radius, float *padded) {
  std::fill_n(padded, radius, padded[radius]);
  std::fill_n(padded + radius + width, radius, padded[radius + width - 1]);
}

/** Orders two values. */
IB_INLINE void order(float &a, float &b) {
  const float low = a < b ? a : b, high = a < b ? b : a;
  a = low;
  b = high;
}

/** Median of nine by the exchange network of Paeth (Graphics Gems, 1990). */
IB_KERNEL void median_row(const float *IB_RESTRICT a, const float *IB_RESTRICT b, const float *IB_RESTRICT c, int width,
                          float *IB_RESTRICT out) {
  for (int x = 0; x < width; x++) {
    float p0 = a[x], p1 = a[x + 1], p2 = a[x + 2], p3 = b[x], p4 = b[x + 1], p5 = b[x + 2], p6 = c[x], p7 = c[x + 1],
          p8 = c[x + 2];
    order(p1, p2), order(p4, p5), order(p7, p8), order(p0, p1), order(p3, p4), order(p6, p7), order(p1, p2);
    order(p4, p5), order(p7, p8), order(p0, p3), order(p5, p8), order(p4, p7), order(p3, p6), order(p1, p4);
    order(p2, p5), order(p4, p7), order(p4, p2), order(p6, p4), order(p4, p2);
    out[x] = p4;
  }
}

}  // namespace

void blur_plane(ib_pool &pool, const float *source, int width, int height, float sigma, float *out) {
  const std::vector<float> half = half_gaussian(sigma);
  const int radius = static_cast<int>(half.size()) - 1;
  const size_t size = static_cast<size_t>(width) * height;
  Workspace memory(pool);
  if (source == out) {
    float *copy = memory.floats(size);
    std::memcpy(copy, source, sizeof(float) * size);
    source = copy;
  }
  const int parts = (height + kRowsAPart - 1) / kRowsAPart;
  const size_t padded_width = width + 2 * static_cast<size_t>(radius);
  float *padded = memory.floats(parts * padded_width);
  for_ranges(pool, height, kRowsAPart, [&](int first, int last) {
    float *row = padded + first / kRowsAPart * padded_width;
    const float *rows[2 * kMostRadius + 1];
    for (int y = first; y < last; y++) {
      for (int k = -radius; k <= radius; k++)
        rows[radius + k] = source + static_cast<size_t>(clamp_int(y + k, 0, height - 1)) * width;
      blur_column_row(rows, half.data(), radius, width, row + radius);
      repeat_ends(width, radius, row);
      blur_row(row, half.data(), radius, width, out + static_cast<size_t>(y) * width);
    }
  });
}

/** Calls row(y, a, b, c) with the padded rows above, at and below y. */
template <class Row>
static void for_padded_rows(const float *source, int width, int height, int first, int last, const Row &row) {
  const int padded_width = width + 2;
  std::vector<float> padded(3 * static_cast<size_t>(padded_width));
  for (int y = first; y < last; y++) {
    for (int k = 0; k < 3; k++) {
      float *to = &padded[static_cast<size_t>(k) * padded_width];
      std::memcpy(to + 1, source + static_cast<size_t>(clamp_int(y + k - 1, 0, height - 1)) * width,
                  sizeof(float) * width);
      repeat_ends(width, 1, to);
    }
    row(y, padded.data(), padded.data() + padded_width, padded.data() + 2 * padded_width);
  }
}

void sobel_planes(ib_pool &pool, const float *source, int width, int height, float *dx, float *dy) {
  for_ranges(pool, height, kRowsAPart, [&](int first, int last) {
    for_padded_rows(source, width, height, first, last, [&](int y, const float *a, const float *b, const float *c) {
      sobel_row(a, b, c, width, dx + static_cast<size_t>(y) * width, dy + static_cast<size_t>(y) * width);
    });
  });
}

void median_plane(const float *source, int width, int height, float *out) {
  for_padded_rows(source, width, height, 0, height, [&](int y, const float *a, const float *b, const float *c) {
    median_row(a, b, c, width, out + static_cast<size_t>(y) * width);
  });
}

}  // namespace ib
