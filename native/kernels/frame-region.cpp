#include "frame-region.hpp"

#include <algorithm>
#include <cmath>

#include "resize.hpp"

namespace ib {
namespace {

constexpr int kForward = 4;
constexpr int kStepX[kForward] = {1, -1, 0, 1};
constexpr int kStepY[kForward] = {0, 1, 1, 1};
// A way that turns back on itself needs another pair of scans; after two nothing that matters is left.
constexpr int kScanPairs = 2;

IB_KERNEL void step_row(const float *IB_RESTRICT here, const float *IB_RESTRICT there, size_t plane, int count,
                        float *IB_RESTRICT out) {
  for (int i = 0; i < count; i++) {
    const float l = here[i] - there[i], a = here[i + plane] - there[i + plane],
                b = here[i + 2 * plane] - there[i + 2 * plane];
    out[i] = std::sqrt(l * l + a * a + b * b);
  }
}

/** What differs no more than pixels usually do costs its length alone. */
IB_KERNEL void cost_row(float length, float usual, float weight, int count, float *IB_RESTRICT steps) {
  const float by_usual = 1 / usual;
  for (int i = 0; i < count; i++) steps[i] = length + weight * max_float(0.0f, steps[i] * by_usual - 1);
}

}  // namespace

std::vector<uint8_t> shrunk_marks(const uint8_t *marks, int full_width, int full_height, int width, int height) {
  std::vector<int> balance(static_cast<size_t>(width) * height, 0);
  std::vector<uint8_t> small(balance.size(), kUnmarked);
  for (int y = 0; y < full_height; y++) {
    const size_t row = static_cast<size_t>(static_cast<int64_t>(y) * height / full_height) * width;
    for (int x = 0; x < full_width; x++) {
      const uint8_t mark = marks[static_cast<size_t>(y) * full_width + x];
      if (mark == kUnmarked) continue;
      const size_t i = row + static_cast<int64_t>(x) * width / full_width;
      const bool newer = is_new(mark) || is_new(small[i]);
      balance[i] += says_inside(mark) ? 1 : -1;
      small[i] = balance[i] >= 0 ? (newer ? kNewInside : kMarkedInside) : (newer ? kNewOutside : kMarkedOutside);
    }
  }
  return small;
}

std::vector<float> shrunk_mask(const uint8_t *mask, int full_width, int full_height, int width, int height) {
  std::vector<float> full(static_cast<size_t>(full_width) * full_height), small(static_cast<size_t>(width) * height);
  for (size_t i = 0; i < full.size(); i++) full[i] = mask[i] ? 1.0f : 0.0f;
  shrink_plane(full.data(), full_width, full_height, width, height, small.data());
  return small;
}

float usual_contrast(const float *lab, int width, int height) {
  const size_t size = static_cast<size_t>(width) * height;
  double sum = 0;
  for (int y = 0; y + 1 < height; y++)
    for (int x = 0; x + 1 < width; x++)
      for (int c = 0; c < 3; c++) {
        const float *here = lab + c * size + static_cast<size_t>(y) * width + x;
        const float right = here[0] - here[1], below = here[0] - here[width];
        sum += right * right + below * below;
      }
  return static_cast<float>(std::max(0.5, sum / (2.0 * static_cast<double>(size))));
}

StepCosts::StepCosts(ib_pool &pool, const float *lab, int width, int height, float colour_weight)
    : width_(width), height_(height), costs_(static_cast<size_t>(width) * height * kForward) {
  const size_t plane = static_cast<size_t>(width) * height;
  for_ranges(pool, height, 16, [&](int first, int last) {
    for (int y = first; y < last; y++)
      for (int k = 0; k < kForward; k++) {
        if (y + kStepY[k] >= height) continue;
        const int begin = std::max(0, -kStepX[k]), end = std::min(width, width - kStepX[k]);
        const size_t at = static_cast<size_t>(y) * width + begin;
        step_row(lab + at, lab + at + kStepY[k] * width + kStepX[k], plane, end - begin, &costs_[k * plane + at]);
      }
  });
  double sum = 0;
  for (size_t i = 0; i < plane; i++) sum += costs_[i];
  const float usual = std::max(0.1f, static_cast<float>(sum / static_cast<double>(plane)));
  for (int k = 0; k < kForward; k++)
    cost_row(kStepX[k] != 0 && kStepY[k] != 0 ? 1.41421356f : 1.0f, usual, colour_weight, static_cast<int>(plane),
             &costs_[k * plane]);
}

std::vector<float> StepCosts::distance(const uint8_t *seeds, uint8_t label, float limit) const {
  const size_t plane = static_cast<size_t>(width_) * height_;
  std::vector<float> out(plane);
  for (size_t i = 0; i < plane; i++) out[i] = seeds[i] == label ? 0.0f : limit;
  const auto inside = [&](int x, int y) { return x >= 0 && y >= 0 && x < width_ && y < height_; };
  for (int pair = 0; pair < kScanPairs; pair++) {
    for (int y = 0; y < height_; y++)
      for (int x = 0; x < width_; x++) {
        const size_t i = static_cast<size_t>(y) * width_ + x;
        for (int k = 0; k < kForward; k++) {
          const int from_x = x - kStepX[k], from_y = y - kStepY[k];
          if (!inside(from_x, from_y)) continue;
          const size_t from = static_cast<size_t>(from_y) * width_ + from_x;
          out[i] = std::min(out[i], out[from] + costs_[k * plane + from]);
        }
      }
    for (int y = height_ - 1; y >= 0; y--)
      for (int x = width_ - 1; x >= 0; x--) {
        const size_t i = static_cast<size_t>(y) * width_ + x;
        for (int k = 0; k < kForward; k++) {
          const int from_x = x + kStepX[k], from_y = y + kStepY[k];
          if (!inside(from_x, from_y)) continue;
          const size_t from = static_cast<size_t>(from_y) * width_ + from_x;
          out[i] = std::min(out[i], out[from] + costs_[k * plane + i]);
        }
      }
  }
  return out;
}

}  // namespace ib
