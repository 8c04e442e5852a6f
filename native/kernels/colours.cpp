// An object's colours against everything else's: histograms over 16 x 16 x 16 bins of Lab.
#include "colours.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "lab.hpp"

namespace ib {
namespace {

/** Spreads each bin over its neighbours along the three axes: 0.2, 0.6, 0.2. */
void smooth_bins(float *bins) {
  std::vector<float> out(IB_COLOUR_BINS);
  for (const int step : {256, 16, 1}) {
    for (int i = 0; i < IB_COLOUR_BINS; i++) {
      const int at = (i / step) % 16;
      out[i] = 0.6f * bins[i] + 0.2f * (bins[at > 0 ? i - step : i] + bins[at < 15 ? i + step : i]);
    }
    std::copy(out.begin(), out.end(), bins);
  }
}

}  // namespace

void count_colours(const float *lab, size_t plane_size, size_t pixel, float object, float weight, float *counts) {
  const int bin = colour_bin(lab[pixel], lab[pixel + plane_size], lab[pixel + 2 * plane_size]);
  counts[bin] += weight * object;
  counts[IB_COLOUR_BINS + bin] += weight * (1 - object);
}

void ratio_of_counts(const float *counts, float *ratio) {
  std::vector<float> bins(counts, counts + 2 * IB_COLOUR_BINS);
  double object = 0, rest = 0;
  for (int i = 0; i < IB_COLOUR_BINS; i++) {
    object += counts[i];
    rest += counts[IB_COLOUR_BINS + i];
  }
  smooth_bins(bins.data());
  smooth_bins(bins.data() + IB_COLOUR_BINS);
  const float by_object = 1.0f / static_cast<float>(object + 50), by_rest = 1.0f / static_cast<float>(rest + 50);
  for (int i = 0; i < IB_COLOUR_BINS; i++) {
    const float a = (bins[i] + 0.5f) * by_object, b = (bins[IB_COLOUR_BINS + i] + 0.5f) * by_rest;
    ratio[i] = std::max(-4.0f, std::min(4.0f, std::log(a / b)));
  }
}

}  // namespace ib

ib_status ib_colours_add(const float *picture, const float *mask, int width, int height, float *counts) {
  if (!picture || !mask || !counts || !ib::good_size(width, height)) return IB_BAD_ARGUMENT;
  const size_t size = static_cast<size_t>(width) * height;
  for (size_t i = 0; i < size; i++)
    if (mask[i] >= 0) ib::count_colours(picture + size, size, i, mask[i], 1, counts);
  return IB_OK;
}

ib_status ib_colours_ratio(const float *counts, float *ratio) {
  if (!counts || !ratio) return IB_BAD_ARGUMENT;
  return ib::guarded([&] {
    ib::ratio_of_counts(counts, ratio);
    return IB_OK;
  });
}
