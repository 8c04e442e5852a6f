// The outline of a mask near the full size of the video: what is seen of each pixel near it.
#pragma once

#include <vector>

#include "box.hpp"
#include "pool.hpp"

/** A mask with a sharp outline, of the band's size: full size, or less where the video is much larger. */
struct ib_band {
  int width = 0, height = 0;
  /** What there is of it; beyond, it is 0. */
  ib::Box box;
  /** Object probability of the pixels of the box, row by row. */
  std::vector<float> odds;
};

namespace ib {

/** Pixel of the band's size. */
struct Place {
  uint16_t x, y;
};

/** Working-size planes around an outline, from which the pixels of the band's size are described. */
class BandField {
 public:
  BandField(ib_pool &pool, const ib_band_view &view);

  int width() const { return width_; }
  int height() const { return height_; }
  /** In pixels of the band's size: beyond, the mask is next to nothing. */
  const Box &reach() const { return reach_; }

  /** Room for two rows of working size, for `row`. */
  size_t row_room() const { return 2 * (static_cast<size_t>(box_.width()) + 1); }
  /** Writes the mask of row y of `reach`, stretched, and adds the pixels at most a band away or undecided, in order. */
  void row(int y, float *room, float *odds, std::vector<Place> &places) const;
  /** Writes IB_BAND_FEATURES features for each of `count` places. */
  void describe(const Place *places, int count, float *features) const;
  /** The full-size pixel in the middle of a place. */
  void middle(Place place, int &x, int &y) const;

 private:
  void set_mask(ib_pool &pool);
  void set_own_colours();
  void set_near_colours(ib_pool &pool);
  void set_far(ib_pool &pool);
  void own_colour(Place place, float *rgb) const;
  void mean_colour(int x, int y, float *rgb) const;
  void describe_across(Place place, const float *inward, const float *mean, float *out) const;
  const uint8_t *pixel(int x, int y) const;

  const ib_band_view view_;
  /** Working size, and the same in the band's. */
  Box box_, reach_;
  int width_, height_;
  float step_x_, step_y_, scale_;
  int spread_;
  /** Of every column and row of the band's size: the first full-size one, and one more. */
  std::vector<int> columns_, rows_;
  /** Of every column of `reach`: the one of `box` before it, and how far it is to the next; where each begins. */
  std::vector<int> before_, begins_;
  std::vector<float> part_;
  /** Interleaved, so that one look-up fetches them all; `far_` is at half of working size. */
  std::vector<float> near_, far_;
  int far_width_ = 0, far_height_ = 0;
  std::vector<float> mask_, distance_, own_ratio_;
};

}  // namespace ib
