// Shot cuts: colours that have changed everywhere, and a flow that explains nothing.
#include <algorithm>
#include <cmath>
#include <vector>

#include "lab.hpp"
#include "mask.hpp"

namespace ib {
namespace {

constexpr int kCells = 4;
constexpr int kBins = 512;

/** Steps of a grey level in which residuals are counted. */
constexpr int kResidualSteps = 16;

/** Coarse colour histograms (8 x 8 x 8) of 4 x 4 cells of a picture, each summing to 1. Every second row will do. */
std::vector<float> cell_colours(const float *lab, int width, int height) {
  const size_t size = static_cast<size_t>(width) * height;
  std::vector<float> bins(static_cast<size_t>(kCells) * kCells * kBins, 0.0f);
  std::vector<float> totals(kCells * kCells, 0.0f);
  for (int y = 0; y < height; y += 2)
    for (int x = 0; x < width; x++) {
      const size_t i = static_cast<size_t>(y) * width + x;
      const int fine = colour_bin(lab[i], lab[i + size], lab[i + 2 * size]);
      const int bin = ((fine >> 9) << 6) | (((fine >> 5) & 7) << 3) | ((fine >> 1) & 7);
      const int cell = (y * kCells / height) * kCells + x * kCells / width;
      bins[static_cast<size_t>(cell) * kBins + bin] += 1;
      totals[cell] += 1;
    }
  for (size_t i = 0; i < bins.size(); i++) bins[i] /= std::max(1.0f, totals[i / kBins]);
  return bins;
}

}  // namespace
}  // namespace ib

ib_status ib_picture_cut_score(const float *a, const float *b, const float *flow, int width, int height, float *score) {
  if (!a || !b || !flow || !score || !ib::good_size(width, height)) return IB_BAD_ARGUMENT;
  return ib::guarded([&] {
    const size_t size = static_cast<size_t>(width) * height;
    // Colours from the blurred planes: grain is no cut.
    const std::vector<float> of_a = ib::cell_colours(a + 4 * size, width, height);
    const std::vector<float> of_b = ib::cell_colours(b + 4 * size, width, height);
    double common = 0;
    for (size_t i = 0; i < of_a.size(); i++) common += std::min(of_a[i], of_b[i]);
    common /= ib::kCells * ib::kCells;
    std::vector<float> warped(width);
    std::vector<int> residuals(256 * ib::kResidualSteps, 0);
    for (int y = 0; y < height; y += 2) {
      const size_t at = static_cast<size_t>(y) * width;
      ib::warp_row(b, flow + at, flow + size + at, width, height, y, 0, width, warped.data());
      for (int x = 0; x < width; x += 2)
        residuals[std::min(255.0f, std::fabs(warped[x] - a[at + x])) * ib::kResidualSteps]++;
    }
    int median = 0;
    for (int left = ((width + 1) / 2) * ((height + 1) / 2) / 2; left >= residuals[median]; median++)
      left -= residuals[median];
    // A median residual of 24 grey levels is as bad as it gets between pictures that have nothing to do with another.
    const double unexplained = std::min(1.0, (median + 0.5) / (24.0 * ib::kResidualSteps));
    *score = static_cast<float>(std::sqrt((1 - common) * unexplained));
    return IB_OK;
  });
}
