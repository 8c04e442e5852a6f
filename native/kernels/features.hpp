// What the forest sees of a pixel: 15 planes of the picture, and 14 that depend on the object and its prior.
#pragma once

#include "box.hpp"
#include "pool.hpp"

namespace ib {

constexpr int kAppearanceFeatures = 15;
constexpr int kObjectFeatures = IB_FEATURE_COUNT - kAppearanceFeatures;
// How far around the prior pixels can be decided or sampled.
constexpr int kBoxMargin = 40;

/** The features of every pixel of a box. */
class FeatureBox {
 public:
  FeatureBox(ib_pool &pool, const ib_view &view, const float *prior, const Box &box);

  const Box box;
  /** Signed distance to the prior's outline, clipped to +-30, box.width() a row. */
  const float *distance() const { return plane(kDistance); }
  const float *residual() const { return plane(kResidual); }
  /** Writes the IB_FEATURE_COUNT features of picture pixel (x, y), which lies in the box. */
  void gather(int x, int y, float *out) const;

 private:
  enum Plane { kPrior, kPrior3, kPrior8, kDistance, kX, kY, kKeyRatio, kKeyRatio3, kOwnRatio, kOwnRatio3, kResidual,
               kResidual3, kFromRest, kFromObject };
  float *plane(int i) { return planes_ + static_cast<size_t>(i) * size_; }
  const float *plane(int i) const { return planes_ + static_cast<size_t>(i) * size_; }
  size_t at(int x, int y) const { return static_cast<size_t>(y - box.top) * box.width() + (x - box.left); }

  void set_prior(ib_pool &pool, const float *prior);
  void set_colours(ib_pool &pool);
  void set_residual(ib_pool &pool);
  void set_motion(const float *prior);

  const ib_view view_;
  const size_t size_;
  Workspace memory_;
  float *const planes_;
};

}  // namespace ib
