// The part of one frame in which an object is being marked, at working size.
#pragma once

#include <cstdint>
#include <vector>

#include "box.hpp"
#include "pool.hpp"

namespace ib {

enum Mark : uint8_t { kUnmarked = 0, kMarkedInside = 1, kMarkedOutside = 2, kNewInside = 3, kNewOutside = 4 };

inline bool says_inside(uint8_t mark) { return mark == kMarkedInside || mark == kNewInside; }
inline bool is_new(uint8_t mark) { return mark >= kNewInside; }

/** The majority of the full-size marks in each working pixel; any mark beats none. */
std::vector<uint8_t> shrunk_marks(const uint8_t *marks, int full_width, int full_height, int width, int height);

/** Coverage in [0, 1] of a full-size mask of 0 and 1. */
std::vector<float> shrunk_mask(const uint8_t *mask, int full_width, int full_height, int width, int height);

/** Mean square of the difference between neighbouring pixels, at least 0.5: how much they differ where nothing ends. */
float usual_contrast(const float *lab, int width, int height);

/**
 * What a step from a pixel to its neighbours to the right, lower left, below and lower right costs: its length, and by
 * how many times their colours differ more than is usual in the region, times `colour_weight`.
 */
class StepCosts {
 public:
  StepCosts(ib_pool &pool, const float *lab, int width, int height, float colour_weight);

  /** Geodesic distance of every pixel to the nearest one where `seeds` is `label`, clipped to `limit`: raster scans (Toivanen 1996). */
  std::vector<float> distance(const uint8_t *seeds, uint8_t label, float limit) const;

 private:
  int width_, height_;
  std::vector<float> costs_;
};

}  // namespace ib
