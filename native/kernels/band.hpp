// The outline of a mask at the full size of the video: what is seen of each pixel near it.
#pragma once

#include <vector>

#include "box.hpp"
#include "pool.hpp"

/** Object probability of the full-size pixels near a mask's outline, in 255ths, row by row. */
struct ib_band {
  /** The rows are top .. top + starts.size() - 2; those of row r are starts[r] .. starts[r + 1] - 1. */
  int top = 0;
  std::vector<size_t> starts;
  std::vector<int> columns;
  std::vector<uint8_t> probabilities;
};

namespace ib {

/** No pixel of a band is farther than this from the mask's pixels above 0.02, in working pixels. */
constexpr int kBandReach = 16;

/** Full-size pixel y * source_width + x; a frame has fewer than 2^32. */
using Place = uint32_t;

/** Working-size planes around an outline, from which full-size pixels are described. */
class BandField {
 public:
  BandField(ib_pool &pool, const ib_band_view &view);

  /** Full-size pixels at most a band away from the outline, or undecided, in reading order. */
  std::vector<Place> places(ib_pool &pool) const;
  /** Writes IB_BAND_FEATURES features for each of `count` places. */
  void describe(const Place *places, int count, float *features) const;

 private:
  /** Interleaved, so that one bilinear look-up fetches them all. */
  enum Channel { kMask, kMask2, kMask6, kDistance, kSlopeX, kSlopeY, kNearColours, kFarColours = kNearColours + 6,
                 kChannels = kFarColours + 6 };

  void set_mask(ib_pool &pool);
  void set_own_colours();
  void set_side_colours(ib_pool &pool, float sigma, int channel);
  void look_up(float x, float y, float *out) const;
  void describe_sides(const float *at, const float *lab, int channel, float *out) const;
  void describe_across(const float *at, int x, int y, const float *mean, float *out) const;
  void mean_colour(int x, int y, float *rgb) const;
  const uint8_t *pixel(int x, int y) const;

  const ib_band_view view_;
  Box box_;
  float step_x_, step_y_, scale_;
  int spread_;
  std::vector<float> field_, mask_, distance_, own_ratio_;
};

}  // namespace ib
