// What the forest of the band sees: colours of the pixel beside those on both sides of the outline.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "band.hpp"
#include "blur.hpp"
#include "colours.hpp"
#include "lab.hpp"
#include "mask.hpp"

namespace ib {
namespace {

// No pixel of a band is farther than this from the mask's pixels above 0.02, in working pixels.
constexpr int kReach = 10;
// Half the width of the band, in working pixels; beyond it only undecided pixels belong.
constexpr float kBandWidth = 2;
constexpr float kUndecided = 0.1f;
// Videos with a longer side are decided at this one: the work grows no further, and a fraction of a pixel is left.
constexpr int kMostLongSide = 960;
constexpr float kDistanceLimit = 30, kOwnColourBand = 25;
// The two neighbourhoods in which the colours on both sides are averaged, working pixels.
constexpr float kNear = 2.5f, kFar = 6;
constexpr int kChunk = 256;

/** What near_ and far_ hold of a pixel. */
enum Near { kMask, kMask2, kDistance, kSlopeX, kSlopeY, kNearColours, kNearCount = 12 };
enum Far { kFarColours, kMask6 = 6, kFarCount = 8 };

/** How surely a pixel is inside (side 0) or outside; a little everywhere, so that no sum is 0. */
IB_INLINE float weight_of(float mask, int side) {
  const float sure = side == 0 ? 2 * mask - 1 : 1 - 2 * mask;
  return (sure > 0 ? sure * sure : 0) + 1e-4f;
}

IB_KERNEL void weigh_row(const float *IB_RESTRICT mask, const float *IB_RESTRICT lab, size_t plane, int side, int width,
                         size_t size, float *IB_RESTRICT out) {
  for (int x = 0; x < width; x++) {
    const float weight = weight_of(mask[x], side);
    out[x] = weight;
    for (int c = 0; c < 3; c++) out[(1 + c) * size + x] = weight * lab[c * plane + x];
  }
}

/** Sums of 2 x 2 pixels; at an odd end the last pixel counts twice. */
IB_KERNEL void halve_row(const float *IB_RESTRICT a, const float *IB_RESTRICT b, int width, float *IB_RESTRICT out) {
  for (int x = 0; x + 1 < width; x += 2) out[x / 2] = (a[x] + a[x + 1]) + (b[x] + b[x + 1]);
  if (width % 2 == 1) out[width / 2] = 2 * (a[width - 1] + b[width - 1]);
}

IB_KERNEL void stretch_row(const float *IB_RESTRICT from, const int *IB_RESTRICT before, const float *IB_RESTRICT part,
                           int width, float *IB_RESTRICT out) {
  for (int x = 0; x < width; x++) out[x] = from[before[x]] + part[x] * (from[before[x] + 1] - from[before[x]]);
}

IB_KERNEL void mix_rows(const float *IB_RESTRICT a, const float *IB_RESTRICT b, float part, int width,
                        float *IB_RESTRICT out) {
  for (int x = 0; x < width; x++) out[x] = a[x] + part * (b[x] - a[x]);
}

/** Interleaved channels at a place inside a picture, bilinear. */
template <int Count>
IB_INLINE void look_up(const float *field, int width, int height, float x, float y, float *out) {
  const float at_x = clamp_float(x, 0, width - 1.0f), at_y = clamp_float(y, 0, height - 1.0f);
  const int left = static_cast<int>(at_x), top = static_cast<int>(at_y);
  const float fx = at_x - left, fy = at_y - top;
  const float *a = field + (static_cast<size_t>(top) * width + left) * Count;
  const float *b = top + 1 < height ? a + static_cast<size_t>(width) * Count : a;
  const int next = left + 1 < width ? Count : 0;
  for (int k = 0; k < Count; k++) {
    const float upper = a[k] + fx * (a[k + next] - a[k]), lower = b[k] + fx * (b[k + next] - b[k]);
    out[k] = upper + fy * (lower - upper);
  }
}

/** Where the colour lies between both sides' (0 outside, 1 inside), how far from each, how far they are apart. */
IB_INLINE void describe_sides(const float *inside, const float *lab, float *out) {
  const float *outside = inside + 3;
  float along = 0, apart = 0, from_inside = 0, from_outside = 0;
  for (int c = 0; c < 3; c++) {
    const float axis = inside[c] - outside[c], a = lab[c] - inside[c], b = lab[c] - outside[c];
    along += b * axis;
    apart += axis * axis;
    from_inside += a * a;
    from_outside += b * b;
  }
  // The constant keeps two sides of one colour from deciding anything.
  out[0] = clamp_float(along / (apart + 20), -1, 2);
  out[1] = std::sqrt(from_inside);
  out[2] = std::sqrt(from_outside);
  out[3] = std::sqrt(apart);
}

/** Planes of working size, as `describe_softly` reads them. */
struct Planes {
  const float *near, *far;
  int width, height, far_width, far_height;
  /** Working pixels a pixel of the band's size; from its corner to that of the planes. */
  float step_x, step_y, left, top;
};

/** Features 6 to 9 and 12 to 19 of each place; `inward` gets its direction into the mask, two floats. */
IB_KERNEL void describe_softly(const Planes &planes, const Place *places, int count, const float *lab, size_t lab_plane,
                               float *IB_RESTRICT features, float *IB_RESTRICT inward) {
  for (int i = 0; i < count; i++) {
    const float x = (places[i].x + 0.5f) * planes.step_x - 0.5f - planes.left;
    const float y = (places[i].y + 0.5f) * planes.step_y - 0.5f - planes.top;
    float near[kNearCount], far[kFarCount];
    look_up<kNearCount>(planes.near, planes.width, planes.height, x, y, near);
    look_up<kFarCount>(planes.far, planes.far_width, planes.far_height, x / 2 - 0.25f, y / 2 - 0.25f, far);
    const float own[3] = {lab[i], lab[lab_plane + i], lab[2 * lab_plane + i]};
    float *out = features + static_cast<size_t>(i) * IB_BAND_FEATURES;
    out[6] = near[kMask];
    out[7] = near[kMask2];
    out[8] = far[kMask6];
    out[9] = near[kDistance];
    describe_sides(near + kNearColours, own, out + 12);
    describe_sides(far + kFarColours, own, out + 16);
    const float length = std::sqrt(near[kSlopeX] * near[kSlopeX] + near[kSlopeY] * near[kSlopeY]) + 1e-6f;
    inward[2 * i] = near[kSlopeX] / length;
    inward[2 * i + 1] = near[kSlopeY] / length;
  }
}

/** The first full-size pixel of every one of the band's size. */
std::vector<int> firsts(int from, int to) {
  std::vector<int> first(to + 1);
  for (int i = 0; i <= to; i++) first[i] = static_cast<int>(static_cast<int64_t>(i) * from / to);
  return first;
}

int banded(int side, int working_side, float scale) {
  return std::max(working_side, std::min(side, static_cast<int>(side * scale + 0.5f)));
}

}  // namespace

BandField::BandField(ib_pool &pool, const ib_band_view &view)
    : view_(view), box_(box_above(view.mask, view.width, view.height, 0.02f).grown(kReach, view.width, view.height)) {
  const int most = std::max(kMostLongSide, std::max(view.width, view.height));
  const float shrink = std::min(1.0f, static_cast<float>(most) / std::max(view.source_width, view.source_height));
  width_ = banded(view.source_width, view.width, shrink);
  height_ = banded(view.source_height, view.height, shrink);
  step_x_ = static_cast<float>(view.width) / width_;
  step_y_ = static_cast<float>(view.height) / height_;
  scale_ = static_cast<float>(view.source_width) / view.width;
  spread_ = std::max(1, static_cast<int>(scale_ / 3 + 0.5f));
  if (box_.empty()) return;
  reach_ = {static_cast<int>(box_.left / step_x_), static_cast<int>(box_.top / step_y_),
            std::min(width_, static_cast<int>(std::ceil(box_.right / step_x_))),
            std::min(height_, static_cast<int>(std::ceil(box_.bottom / step_y_)))};
  columns_ = firsts(view.source_width, width_);
  rows_ = firsts(view.source_height, height_);
  before_.resize(reach_.width());
  part_.resize(reach_.width());
  begins_.assign(box_.width() + 1, reach_.width());
  for (int i = reach_.width() - 1; i >= 0; i--) {
    const float at = clamp_float((reach_.left + i + 0.5f) * step_x_ - 0.5f - box_.left, 0, box_.width() - 1.0f);
    before_[i] = static_cast<int>(at);
    part_[i] = at - before_[i];
    begins_[before_[i]] = i;
  }
  for (int i = box_.width() - 1; i >= 0; i--) begins_[i] = std::min(begins_[i], begins_[i + 1]);
  set_mask(pool);
  set_own_colours();
  set_near_colours(pool);
  set_far(pool);
}

void BandField::set_mask(ib_pool &pool) {
  const int width = box_.width(), height = box_.height();
  const size_t size = static_cast<size_t>(width) * height;
  near_.resize(size * kNearCount);
  mask_.resize(size);
  distance_.resize(size);
  for (int y = 0; y < height; y++)
    std::memcpy(&mask_[static_cast<size_t>(y) * width],
                view_.mask + static_cast<size_t>(box_.top + y) * view_.width + box_.left, sizeof(float) * width);
  Workspace memory(pool);
  float *blurred = memory.floats(size);
  blur_plane(pool, mask_.data(), width, height, 2, blurred);
  signed_distance(mask_.data(), width, height, kDistanceLimit, distance_.data());
  for_ranges(pool, height, 32, [&](int first, int last) {
    for (int y = first; y < last; y++)
      for (int x = 0; x < width; x++) {
        const size_t i = static_cast<size_t>(y) * width + x;
        float *to = &near_[i * kNearCount];
        to[kMask] = mask_[i];
        to[kMask2] = blurred[i];
        to[kDistance] = distance_[i];
        to[kSlopeX] = blurred[i + (x + 1 < width ? 1 : 0)] - blurred[i - (x > 0 ? 1 : 0)];
        to[kSlopeY] = blurred[i + (y + 1 < height ? width : 0)] - blurred[i - (y > 0 ? width : 0)];
      }
  });
}

void BandField::set_own_colours() {
  const size_t plane = static_cast<size_t>(view_.width) * view_.height;
  std::vector<float> counts(2 * IB_COLOUR_BINS, 0.0f);
  own_ratio_.resize(IB_COLOUR_BINS);
  for (int y = 0; y < box_.height(); y++)
    for (int x = 0; x < box_.width(); x++) {
      const size_t i = static_cast<size_t>(y) * box_.width() + x;
      if (std::fabs(distance_[i]) < kOwnColourBand)
        count_colours(view_.picture + plane, plane, static_cast<size_t>(box_.top + y) * view_.width + box_.left + x,
                      mask_[i], 1, counts.data());
    }
  ratio_of_counts(counts.data(), own_ratio_.data());
}

/** Mean colours of the surely inside (3 channels) and the surely outside (3 more) in a Gaussian neighbourhood. */
void BandField::set_near_colours(ib_pool &pool) {
  const int width = box_.width(), height = box_.height();
  const size_t size = static_cast<size_t>(width) * height, plane = static_cast<size_t>(view_.width) * view_.height;
  Workspace memory(pool);
  float *sums = memory.floats(4 * size);
  for (int side = 0; side < 2; side++) {
    for (int y = 0; y < height; y++) {
      const size_t row = static_cast<size_t>(y) * width;
      weigh_row(&mask_[row], view_.picture + plane + static_cast<size_t>(box_.top + y) * view_.width + box_.left, plane,
                side, width, size, sums + row);
    }
    for (int k = 0; k < 4; k++) blur_plane(pool, sums + k * size, width, height, kNear, sums + k * size);
    for (size_t i = 0; i < size; i++) {
      const float share = 1 / sums[i];
      float *to = &near_[i * kNearCount + kNearColours + 3 * side];
      for (int c = 0; c < 3; c++) to[c] = sums[(1 + c) * size + i] * share;
    }
  }
}

/** The same farther out, and the mask blurred so: at half of working size, where nothing of it is lost. */
void BandField::set_far(ib_pool &pool) {
  const int width = box_.width(), height = box_.height();
  far_width_ = (width + 1) / 2;
  far_height_ = (height + 1) / 2;
  const size_t size = static_cast<size_t>(far_width_) * far_height_;
  const size_t plane = static_cast<size_t>(view_.width) * view_.height;
  far_.assign(size * kFarCount, 0.0f);
  Workspace memory(pool);
  float *sums = memory.floats(4 * size), *pair = memory.floats(8 * static_cast<size_t>(width));
  for (int side = 0; side < 2; side++) {
    for (int y = 0; y < far_height_; y++) {
      for (int k = 0; k < 2; k++) {
        const int from = std::min(2 * y + k, height - 1);
        weigh_row(&mask_[static_cast<size_t>(from) * width],
                  view_.picture + plane + static_cast<size_t>(box_.top + from) * view_.width + box_.left, plane, side,
                  width, width, pair + 4 * k * static_cast<size_t>(width));
      }
      for (int k = 0; k < 4; k++)
        halve_row(pair + k * static_cast<size_t>(width), pair + (4 + k) * static_cast<size_t>(width), width,
                  sums + k * size + static_cast<size_t>(y) * far_width_);
    }
    for (int k = 0; k < 4; k++) blur_plane(pool, sums + k * size, far_width_, far_height_, kFar / 2, sums + k * size);
    for (size_t i = 0; i < size; i++) {
      const float share = 1 / sums[i];
      float *to = &far_[i * kFarCount + kFarColours + 3 * side];
      for (int c = 0; c < 3; c++) to[c] = sums[(1 + c) * size + i] * share;
    }
  }
  for (int y = 0; y < far_height_; y++) {
    const size_t lower = std::min(2 * y + 1, height - 1);
    halve_row(&mask_[static_cast<size_t>(2 * y) * width], &mask_[lower * width], width,
              sums + static_cast<size_t>(y) * far_width_);
  }
  blur_plane(pool, sums, far_width_, far_height_, kFar / 2, sums);
  for (size_t i = 0; i < size; i++) far_[i * kFarCount + kMask6] = sums[i] / 4;
}

void BandField::row(int y, float *room, float *odds, std::vector<Place> &places) const {
  const int width = box_.width();
  const float at = clamp_float((y + 0.5f) * step_y_ - 0.5f - box_.top, 0, box_.height() - 1.0f);
  const int top = static_cast<int>(at);
  const size_t a = static_cast<size_t>(top) * width, b = top + 1 < box_.height() ? a + width : a;
  float *mask = room, *distance = room + width + 1;
  mix_rows(&mask_[a], &mask_[b], at - top, width, mask);
  mix_rows(&distance_[a], &distance_[b], at - top, width, distance);
  mask[width] = mask[width - 1];
  distance[width] = distance[width - 1];
  stretch_row(mask, before_.data(), part_.data(), reach_.width(), odds);
  for (int i = 0; i < width; i++) {
    // Between two columns neither can be undecided or near where both are far, sure, and on the same side.
    const float d = distance[i], e = distance[i + 1], p = mask[i], q = mask[i + 1];
    const bool inside = d > kBandWidth && e > kBandWidth && p >= 1 - kUndecided && q >= 1 - kUndecided;
    const bool outside = d < -kBandWidth && e < -kBandWidth && p <= kUndecided && q <= kUndecided;
    if (inside || outside) continue;
    const int end = begins_[i + 1];
    for (int x = begins_[i]; x < end; x++) {
      const float here = d + part_[x] * (e - d);
      if (std::fabs(here) <= kBandWidth || (odds[x] > kUndecided && odds[x] < 1 - kUndecided))
        places.push_back({static_cast<uint16_t>(reach_.left + x), static_cast<uint16_t>(y)});
    }
  }
}

void BandField::middle(Place place, int &x, int &y) const {
  x = (columns_[place.x] + columns_[place.x + 1]) / 2;
  y = (rows_[place.y] + rows_[place.y + 1]) / 2;
}

const uint8_t *BandField::pixel(int x, int y) const {
  x = clamp_int(x, 0, view_.source_width - 1);
  y = clamp_int(y, 0, view_.source_height - 1);
  return view_.rgb + (static_cast<size_t>(y) * view_.source_width + x) * 3;
}

/** Mean of the full-size pixels that the place covers. */
void BandField::own_colour(Place place, float *rgb) const {
  int sum[3] = {0, 0, 0};
  const int left = columns_[place.x], right = columns_[place.x + 1], top = rows_[place.y], bottom = rows_[place.y + 1];
  for (int y = top; y < bottom; y++) {
    const uint8_t *from = view_.rgb + (static_cast<size_t>(y) * view_.source_width + left) * 3;
    for (int x = left; x < right; x++, from += 3)
      for (int c = 0; c < 3; c++) sum[c] += from[c];
  }
  const float share = 1.0f / static_cast<float>((right - left) * (bottom - top));
  for (int c = 0; c < 3; c++) rgb[c] = static_cast<float>(sum[c]) * share;
}

/** Binomial mean over 3 x 3 pixels, as far apart as the working size is coarser than the full one. */
void BandField::mean_colour(int x, int y, float *rgb) const {
  const uint8_t *at[3][3];
  for (int dy = 0; dy < 3; dy++)
    for (int dx = 0; dx < 3; dx++) at[dy][dx] = pixel(x + (dx - 1) * spread_, y + (dy - 1) * spread_);
  for (int c = 0; c < 3; c++) {
    const int corners = at[0][0][c] + at[0][2][c] + at[2][0][c] + at[2][2][c];
    const int sides = at[0][1][c] + at[1][0][c] + at[1][2][c] + at[2][1][c];
    rgb[c] = static_cast<float>(corners + 2 * sides + 4 * at[1][1][c]) / 16;
  }
}

/** Colour differences to pixels farther in and farther out, across the outline, at two distances. */
void BandField::describe_across(Place place, const float *inward, const float *mean, float *out) const {
  int x, y;
  middle(place, x, y);
  for (const float reach : {1.25f, -1.25f, 2.5f, -2.5f}) {
    // Cutting off decimals rounds to the nearest pixel where the number is positive.
    const uint8_t *there = pixel(static_cast<int>(x + inward[0] * scale_ * reach + 4096.5f) - 4096,
                                 static_cast<int>(y + inward[1] * scale_ * reach + 4096.5f) - 4096);
    float difference = 0;
    for (int c = 0; c < 3; c++) difference += std::fabs(mean[c] - there[c]);
    *out++ = difference;
  }
}

void BandField::describe(const Place *places, int count, float *features) const {
  const Planes planes{near_.data(), far_.data(), box_.width(), box_.height(), far_width_, far_height_, step_x_,
                      step_y_, static_cast<float>(box_.left), static_cast<float>(box_.top)};
  float rgb[6 * kChunk], lab[6 * kChunk], inward[2 * kChunk];
  for (int first = 0; first < count; first += kChunk) {
    const int here = std::min(kChunk, count - first);
    // The pixel's own colours, then the means: planes of 2 x here pixels.
    for (int i = 0; i < here; i++) {
      int x, y;
      middle(places[first + i], x, y);
      float own[3], mean[3];
      own_colour(places[first + i], own);
      mean_colour(x, y, mean);
      for (int c = 0; c < 3; c++) {
        rgb[c * 2 * here + i] = own[c];
        rgb[c * 2 * here + here + i] = mean[c];
      }
    }
    lab_row(rgb, 2 * here, lab);
    float *out = features + static_cast<size_t>(first) * IB_BAND_FEATURES;
    describe_softly(planes, places + first, here, lab, 2 * here, out, inward);
    for (int i = 0; i < here; i++, out += IB_BAND_FEATURES) {
      float mean_rgb[3];
      for (int c = 0; c < 3; c++) {
        out[c] = lab[c * 2 * here + i];
        out[3 + c] = lab[c * 2 * here + here + i];
        mean_rgb[c] = rgb[c * 2 * here + here + i];
      }
      const int bin = colour_bin(out[0], out[1], out[2]);
      out[10] = view_.colour_ratio[bin];
      out[11] = own_ratio_[bin];
      describe_across(places[first + i], inward + 2 * i, mean_rgb, out + 20);
    }
  }
}

}  // namespace ib
