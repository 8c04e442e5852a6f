// A frame at working size: everything about it that does not depend on any object.
#include <algorithm>

#include "blur.hpp"
#include "lab.hpp"
#include "resize.hpp"

namespace ib {
namespace {

IB_KERNEL void grey_range(const float *IB_RESTRICT rgb, size_t size, float *IB_RESTRICT grey) {
  for (size_t i = 0; i < size; i++) grey[i] = 0.299f * rgb[i] + 0.587f * rgb[i + size] + 0.114f * rgb[i + 2 * size];
}

IB_KERNEL void square_range(const float *IB_RESTRICT source, size_t size, float *IB_RESTRICT out) {
  for (size_t i = 0; i < size; i++) out[i] = source[i] * source[i];
}

/** sqrt(mean of squares - square of mean), in place of the mean of squares. */
IB_KERNEL void deviation_range(const float *IB_RESTRICT mean, size_t size, float *IB_RESTRICT squares) {
  for (size_t i = 0; i < size; i++) {
    const float variance = squares[i] - mean[i] * mean[i];
    squares[i] = std::sqrt(variance > 0 ? variance : 0);
  }
}

IB_KERNEL void magnitude_range(const float *IB_RESTRICT dx, const float *IB_RESTRICT dy, size_t size,
                               float *IB_RESTRICT out) {
  for (size_t i = 0; i < size; i++) out[i] = std::sqrt(dx[i] * dx[i] + dy[i] * dy[i]);
}

IB_KERNEL void energy_range(const float *IB_RESTRICT dx, const float *IB_RESTRICT dy, float cosine, float sine,
                            size_t size, float *IB_RESTRICT out) {
  for (size_t i = 0; i < size; i++) out[i] = std::fabs(dx[i] * cosine + dy[i] * sine);
}

void texture_planes(ib_pool &pool, const float *lightness, int width, int height, float *out) {
  const size_t size = static_cast<size_t>(width) * height;
  Workspace memory(pool);
  float *dx = memory.floats(size), *dy = memory.floats(size), *plain = memory.floats(size);
  sobel_planes(pool, lightness, width, height, dx, dy);
  magnitude_range(dx, dy, size, out);
  float *deviation = out + size, *mean = memory.floats(size);
  blur_plane(pool, lightness, width, height, 4, mean);
  square_range(lightness, size, plain);
  blur_plane(pool, plain, width, height, 4, deviation);
  deviation_range(mean, size, deviation);
  const float diagonal = std::sqrt(0.5f);
  const float cosines[4] = {1, diagonal, 0, -diagonal}, sines[4] = {0, diagonal, 1, diagonal};
  for (int k = 0; k < 4; k++) {
    energy_range(dx, dy, cosines[k], sines[k], size, plain);
    blur_plane(pool, plain, width, height, 3, out + (2 + k) * size);
  }
}

}  // namespace
}  // namespace ib

ib_status ib_picture_compute(ib_pool *pool, const uint8_t *rgb, int source_width, int source_height, int width,
                             int height, float *picture) {
  if (!pool || !rgb || !picture || !ib::good_size(source_width, source_height) || !ib::good_size(width, height) ||
      width > source_width || height > source_height)
    return IB_BAD_ARGUMENT;
  return ib::guarded([&] {
    const ib::KernelRun counted(*pool);
    const size_t size = static_cast<size_t>(width) * height;
    float *lab = picture + size;
    ib::shrink_bytes(*pool, rgb, source_width, source_height, 3, width, height, lab);
    ib::grey_range(lab, size, picture);
    ib::lab_planes(*pool, lab, size, lab);
    for (int c = 0; c < 3; c++) {
      ib::blur_plane(*pool, lab + c * size, width, height, 2, lab + (3 + c) * size);
      ib::blur_plane(*pool, lab + c * size, width, height, 5, lab + (6 + c) * size);
    }
    ib::texture_planes(*pool, lab, width, height, lab + 9 * size);
    return IB_OK;
  });
}
