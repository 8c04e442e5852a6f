// Changing the size of pictures and planes.
#pragma once

#include <vector>

#include "pool.hpp"

namespace ib {

/** Source positions and weights of every output position when averaging over areas; `to` <= `from`. */
struct AreaWeights {
  std::vector<int> first;     // first source index of each output
  std::vector<int> count;     // source indices of each output
  std::vector<float> weight;  // `most` weights an output, summing to 1
  int most = 0;
  bool halves;                // from is exactly twice to
  AreaWeights(int from, int to);
};

/** Averages an interleaved 8-bit picture of `channels` over areas into planes of floats. */
void shrink_bytes(ib_pool &pool, const uint8_t *source, int source_width, int source_height, int channels, int width,
                  int height, float *planes);

/** Averages one plane over areas. */
void shrink_plane(const float *source, int source_width, int source_height, int width, int height, float *out);

/** Bilinear, pixel centres aligned as areas are. */
void stretch_plane(const float *source, int source_width, int source_height, int width, int height, float scale,
                   float *out);

}  // namespace ib
