#include "resize.hpp"

#include <algorithm>

namespace ib {

AreaWeights::AreaWeights(int from, int to) : halves(from == 2 * to) {
  const double step = static_cast<double>(from) / to;
  most = static_cast<int>(std::ceil(step)) + 1;
  first.resize(to);
  count.resize(to);
  weight.assign(static_cast<size_t>(to) * most, 0.0f);
  for (int i = 0; i < to; i++) {
    const double low = i * step, high = std::min<double>((i + 1) * step, from);
    const int begin = std::min(static_cast<int>(low), from - 1);
    const int end = std::min(static_cast<int>(std::ceil(high - 1e-9)), from);
    first[i] = begin;
    count[i] = std::max(1, std::min(end - begin, most));
    double sum = 0;
    for (int k = 0; k < count[i]; k++) sum += std::min<double>(begin + k + 1, high) - std::max<double>(begin + k, low);
    for (int k = 0; k < count[i]; k++) {
      const double part = std::min<double>(begin + k + 1, high) - std::max<double>(begin + k, low);
      weight[static_cast<size_t>(i) * most + k] = static_cast<float>(sum > 0 ? part / sum : 1.0);
    }
  }
}

namespace {

IB_KERNEL void add_bytes(const uint8_t *IB_RESTRICT source, float weight, int count, float *IB_RESTRICT sum) {
  for (int i = 0; i < count; i++) sum[i] += weight * static_cast<float>(source[i]);
}

IB_KERNEL void add_floats(const float *IB_RESTRICT source, float weight, int count, float *IB_RESTRICT sum) {
  for (int i = 0; i < count; i++) sum[i] += weight * source[i];
}

/** Reduces one vertically averaged row of interleaved channels to `width` positions of one channel. */
void reduce_row(const float *row, const AreaWeights &columns, int channels, int channel, int width, float *out) {
  row += channel;
  if (columns.halves) {
    for (int x = 0; x < width; x++) out[x] = 0.5f * (row[2 * x * channels] + row[(2 * x + 1) * channels]);
    return;
  }
  for (int x = 0; x < width; x++) {
    const float *weights = &columns.weight[static_cast<size_t>(x) * columns.most];
    const float *from = row + static_cast<size_t>(columns.first[x]) * channels;
    float sum = 0;
    for (int k = 0; k < columns.count[x]; k++) sum += weights[k] * from[static_cast<size_t>(k) * channels];
    out[x] = sum;
  }
}

}  // namespace

void shrink_bytes(ib_pool &pool, const uint8_t *source, int source_width, int source_height, int channels, int width,
                  int height, float *planes) {
  const AreaWeights columns(source_width, width), rows(source_height, height);
  const int row_length = source_width * channels;
  const size_t plane = static_cast<size_t>(width) * height;
  for_ranges(pool, height, 16, [&](int first, int last) {
    std::vector<float> sum(row_length);
    for (int y = first; y < last; y++) {
      std::fill(sum.begin(), sum.end(), 0.0f);
      for (int k = 0; k < rows.count[y]; k++)
        add_bytes(source + static_cast<size_t>(rows.first[y] + k) * row_length,
                  rows.weight[static_cast<size_t>(y) * rows.most + k], row_length, sum.data());
      for (int c = 0; c < channels; c++)
        reduce_row(sum.data(), columns, channels, c, width, planes + c * plane + static_cast<size_t>(y) * width);
    }
  });
}

void shrink_plane(const float *source, int source_width, int source_height, int width, int height, float *out) {
  const AreaWeights columns(source_width, width), rows(source_height, height);
  std::vector<float> sum(source_width);
  for (int y = 0; y < height; y++) {
    std::fill(sum.begin(), sum.end(), 0.0f);
    for (int k = 0; k < rows.count[y]; k++)
      add_floats(source + static_cast<size_t>(rows.first[y] + k) * source_width,
                 rows.weight[static_cast<size_t>(y) * rows.most + k], source_width, sum.data());
    reduce_row(sum.data(), columns, 1, 0, width, out + static_cast<size_t>(y) * width);
  }
}

void stretch_plane(const float *source, int source_width, int source_height, int width, int height, float scale,
                   float *out) {
  if (source_width == width && source_height == height) {
    const size_t size = static_cast<size_t>(width) * height;
    for (size_t i = 0; i < size; i++) out[i] = scale * source[i];
    return;
  }
  const float step_x = static_cast<float>(source_width) / width, step_y = static_cast<float>(source_height) / height;
  std::vector<int> left(width);
  std::vector<float> part(width);
  for (int x = 0; x < width; x++) {
    const float at = clamp_float((x + 0.5f) * step_x - 0.5f, 0, source_width - 1.0f);
    left[x] = std::max(0, std::min(static_cast<int>(at), source_width - 2));
    part[x] = source_width > 1 ? at - left[x] : 0;
  }
  const int right = source_width > 1 ? 1 : 0;
  for (int y = 0; y < height; y++) {
    const float at = clamp_float((y + 0.5f) * step_y - 0.5f, 0, source_height - 1.0f);
    const int top = std::max(0, std::min(static_cast<int>(at), source_height - 2));
    const float down = source_height > 1 ? at - top : 0;
    const float *a = source + static_cast<size_t>(top) * source_width;
    const float *b = source_height > 1 ? a + source_width : a;
    float *to = out + static_cast<size_t>(y) * width;
    for (int x = 0; x < width; x++) {
      const int l = left[x];
      const float upper = a[l] + part[x] * (a[l + right] - a[l]);
      const float lower = b[l] + part[x] * (b[l + right] - b[l]);
      to[x] = scale * (upper + down * (lower - upper));
    }
  }
}

}  // namespace ib
