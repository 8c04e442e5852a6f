#include "blur.hpp"

#include <cstring>
#include <vector>

namespace ib {
namespace {

constexpr int kRowsAPart = 24;

std::vector<float> half_gaussian(float sigma) {
  const int radius = static_cast<int>(std::ceil(3 * sigma));
  std::vector<float> half(radius + 1);
  double sum = 0;
  for (int i = 0; i <= radius; i++) {
    half[i] = static_cast<float>(std::exp(-0.5 * i * i / (static_cast<double>(sigma) * sigma)));
    sum += i == 0 ? half[i] : 2.0 * half[i];
  }
  for (float &v : half) v = static_cast<float>(v / sum);
  return half;
}

/** Vertical pass of one row: `rows[radius + k]` is the source row k below this one. */
IB_KERNEL void blur_column_row(const float *const *rows, const float *half, int radius, int width,
                               float *IB_RESTRICT out) {
  const float *IB_RESTRICT middle = rows[radius];
  for (int x = 0; x < width; x++) out[x] = half[0] * middle[x];
  for (int k = 1; k <= radius; k++) {
    const float *IB_RESTRICT above = rows[radius - k];
    const float *IB_RESTRICT below = rows[radius + k];
    const float weight = half[k];
    for (int x = 0; x < width; x++) out[x] += weight * (above[x] + below[x]);
  }
}

/** Horizontal pass of one row; `padded` has `radius` repeated pixels on both sides. */
IB_KERNEL void blur_row(const float *IB_RESTRICT padded, const float *half, int radius, int width,
                        float *IB_RESTRICT out) {
  const float *middle = padded + radius;
  for (int x = 0; x < width; x++) out[x] = half[0] * middle[x];
  for (int k = 1; k <= radius; k++) {
    const float weight = half[k];
    const float *left = middle - k, *right = middle + k;
    for (int x = 0; x < width; x++) out[x] += weight * (left[x] + right[x]);
  }
}

IB_KERNEL void sobel_row(const float *IB_RESTRICT a, const float *IB_RESTRICT b, const float *IB_RESTRICT c, int width,
                         float *IB_RESTRICT dx, float *IB_RESTRICT dy) {
  for (int x = 0; x < width; x++) {
    dx[x] = (a[x + 2] - a[x]) + 2 * (b[x + 2] - b[x]) + (c[x + 2] - c[x]);
    dy[x] = (c[x] - a[x]) + 2 * (c[x + 1] - a[x + 1]) + (c[x + 2] - a[x + 2]);
  }
}

/** Copies a row and repeats its ends `radius` times. */
void pad_row(const float *row, int width, int radius, float *padded) {
  for (int i = 0; i < radius; i++) {
    padded[i] = row[0];
    padded[radius + width + i] = row[width - 1];
  }
  std::memcpy(padded + radius, row, sizeof(float) * width);
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
  std::vector<float> vertical(size);
  for_ranges(pool, height, kRowsAPart, [&](int first, int last) {
    std::vector<const float *> rows(2 * radius + 1);
    for (int y = first; y < last; y++) {
      for (int k = -radius; k <= radius; k++)
        rows[radius + k] = source + static_cast<size_t>(clamp_int(y + k, 0, height - 1)) * width;
      blur_column_row(rows.data(), half.data(), radius, width, &vertical[static_cast<size_t>(y) * width]);
    }
  });
  for_ranges(pool, height, kRowsAPart, [&](int first, int last) {
    std::vector<float> padded(width + 2 * radius);
    for (int y = first; y < last; y++) {
      pad_row(&vertical[static_cast<size_t>(y) * width], width, radius, padded.data());
      blur_row(padded.data(), half.data(), radius, width, out + static_cast<size_t>(y) * width);
    }
  });
}

/** Calls row(y, a, b, c) with the padded rows above, at and below y. */
template <class Row>
static void for_padded_rows(const float *source, int width, int height, int first, int last, const Row &row) {
  const int padded_width = width + 2;
  std::vector<float> padded(3 * static_cast<size_t>(padded_width));
  for (int y = first; y < last; y++) {
    for (int k = 0; k < 3; k++)
      pad_row(source + static_cast<size_t>(clamp_int(y + k - 1, 0, height - 1)) * width, width, 1,
              &padded[static_cast<size_t>(k) * padded_width]);
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
