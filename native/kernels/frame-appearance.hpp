// What tells an object's pixels from its surroundings on one frame: a colour histogram and a forest of that frame.
#pragma once

#include <vector>

#include "frame-region.hpp"

namespace ib {

/** Evidence that a pixel is the object's, as log odds, for every pixel of the region. */
class Appearance {
 public:
  /** `key_counts`: colours of the object's key masks (ib_region_colours), or null. */
  Appearance(ib_pool &pool, const ib_region &region, const float *key_counts);

  /** Learns from pixels with weight > 0, each labelled by `truth` in [0, 1]; writes the log odds of all of them. */
  ib_status learn(const std::vector<float> &truth, const std::vector<float> &weight, uint32_t seed,
                  std::vector<float> &log_odds) const;

 private:
  void features_of(int pixel, const float *ratio, const float *blurred, float *out) const;

  ib_pool &pool_;
  const ib_region &region_;
  size_t size_;
  std::vector<int> bins_;
  std::vector<float> wide_, key_ratio_;
};

}  // namespace ib
