// A mask's outline at the full size of the video. Working size decides where the object is; which side of an edge a
// full-size pixel lies on is decided here, by a forest that has seen this object's key masks at full size.
#include "band.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "blur.hpp"
#include "colours.hpp"
#include "forest.hpp"
#include "lab.hpp"
#include "mask.hpp"

namespace ib {
namespace {

// Half the width of the band, in working pixels; beyond it only undecided pixels belong.
constexpr float kBandWidth = 2;
constexpr float kUndecided = 0.1f;
constexpr float kDistanceLimit = 30, kOwnColourBand = 25;
// The two neighbourhoods in which the colours on both sides are averaged, working pixels.
constexpr float kNear = 2.5f, kFar = 6;
// The forest's share of the result; the rest is what working size said, which has seen the frames before.
constexpr float kShare = 0.7f;
constexpr int kMaskFeature = 6;
constexpr int kChunk = 256;

}  // namespace

BandField::BandField(ib_pool &pool, const ib_band_view &view)
    : view_(view),
      box_(box_above(view.mask, view.width, view.height, 0.02f).grown(kBandReach, view.width, view.height)),
      step_x_(static_cast<float>(view.width) / view.source_width),
      step_y_(static_cast<float>(view.height) / view.source_height),
      scale_(static_cast<float>(view.source_width) / view.width),
      spread_(std::max(1, static_cast<int>(scale_ / 3 + 0.5f))) {
  if (box_.empty()) return;
  field_.resize(static_cast<size_t>(box_.width()) * box_.height() * kChannels);
  set_mask(pool);
  set_own_colours();
  set_side_colours(pool, kNear, kNearColours);
  set_side_colours(pool, kFar, kFarColours);
}

void BandField::set_mask(ib_pool &pool) {
  const int width = box_.width(), height = box_.height();
  const size_t size = static_cast<size_t>(width) * height;
  mask_.resize(size);
  distance_.resize(size);
  for (int y = 0; y < height; y++)
    std::memcpy(&mask_[static_cast<size_t>(y) * width],
                view_.mask + static_cast<size_t>(box_.top + y) * view_.width + box_.left, sizeof(float) * width);
  std::vector<float> blurred2(size), blurred6(size);
  blur_plane(pool, mask_.data(), width, height, 2, blurred2.data());
  blur_plane(pool, mask_.data(), width, height, 6, blurred6.data());
  signed_distance(mask_.data(), width, height, kDistanceLimit, distance_.data());
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      const size_t i = static_cast<size_t>(y) * width + x;
      float *to = &field_[i * kChannels];
      to[kMask] = mask_[i];
      to[kMask2] = blurred2[i];
      to[kMask6] = blurred6[i];
      to[kDistance] = distance_[i];
      to[kSlopeX] = blurred2[i + (x + 1 < width ? 1 : 0)] - blurred2[i - (x > 0 ? 1 : 0)];
      to[kSlopeY] = blurred2[i + (y + 1 < height ? width : 0)] - blurred2[i - (y > 0 ? width : 0)];
    }
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
void BandField::set_side_colours(ib_pool &pool, float sigma, int channel) {
  const int width = box_.width(), height = box_.height();
  const size_t size = static_cast<size_t>(width) * height, plane = static_cast<size_t>(view_.width) * view_.height;
  std::vector<float> weight(size), sum(size), part(size);
  for (int side = 0; side < 2; side++) {
    for (size_t i = 0; i < size; i++) {
      const float sure = side == 0 ? 2 * mask_[i] - 1 : 1 - 2 * mask_[i];
      weight[i] = (sure > 0 ? sure * sure : 0) + 1e-4f;
    }
    blur_plane(pool, weight.data(), width, height, sigma, sum.data());
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < height; y++) {
        const float *lab = view_.picture + (1 + c) * plane + static_cast<size_t>(box_.top + y) * view_.width + box_.left;
        for (int x = 0; x < width; x++) {
          const size_t i = static_cast<size_t>(y) * width + x;
          part[i] = weight[i] * lab[x];
        }
      }
      blur_plane(pool, part.data(), width, height, sigma, part.data());
      for (size_t i = 0; i < size; i++) field_[i * kChannels + channel + 3 * side + c] = part[i] / sum[i];
    }
  }
}

/** All channels at a place of working size, bilinear. */
IB_INLINE void interpolate(const float *a, const float *b, size_t next, float fx, float fy, int count, float *out) {
  for (int k = 0; k < count; k++) {
    const float upper = a[k] + fx * (a[k + next] - a[k]), lower = b[k] + fx * (b[k + next] - b[k]);
    out[k] = upper + fy * (lower - upper);
  }
}

void BandField::look_up(float x, float y, float *out) const {
  const float at_x = clamp_float(x - box_.left, 0, box_.width() - 1.0f);
  const float at_y = clamp_float(y - box_.top, 0, box_.height() - 1.0f);
  const int left = static_cast<int>(at_x), top = static_cast<int>(at_y);
  const float *a = &field_[(static_cast<size_t>(top) * box_.width() + left) * kChannels];
  const float *b = top + 1 < box_.height() ? a + static_cast<size_t>(box_.width()) * kChannels : a;
  interpolate(a, b, left + 1 < box_.width() ? kChannels : 0, at_x - left, at_y - top, kChannels, out);
}

std::vector<Place> BandField::places(ib_pool &pool) const {
  if (box_.empty()) return {};
  constexpr int kRows = 32;
  const int width = box_.width();
  const int first_x = static_cast<int>(box_.left * scale_), first_y = static_cast<int>(box_.top / step_y_);
  const int last_x = std::min(view_.source_width, static_cast<int>(std::ceil(box_.right / step_x_)));
  const int last_y = std::min(view_.source_height, static_cast<int>(std::ceil(box_.bottom / step_y_)));
  std::vector<std::vector<Place>> parts((last_y - first_y + kRows - 1) / kRows);
  for_ranges(pool, last_y - first_y, kRows, [&](int first, int last) {
    std::vector<Place> &found = parts[first / kRows];
    std::vector<float> mask(width + 1), distance(width + 1);
    for (int y = first_y + first; y < first_y + last; y++) {
      const float at_y = clamp_float((y + 0.5f) * step_y_ - 0.5f - box_.top, 0, box_.height() - 1.0f);
      const int top = static_cast<int>(at_y);
      const float down = at_y - top;
      const size_t a = static_cast<size_t>(top) * width, b = top + 1 < box_.height() ? a + width : a;
      for (int x = 0; x < width; x++) {
        mask[x] = mask_[a + x] + down * (mask_[b + x] - mask_[a + x]);
        distance[x] = distance_[a + x] + down * (distance_[b + x] - distance_[a + x]);
      }
      mask[width] = mask[width - 1];
      distance[width] = distance[width - 1];
      for (int x = first_x; x < last_x; x++) {
        const float at_x = clamp_float((x + 0.5f) * step_x_ - 0.5f - box_.left, 0, width - 1.0f);
        const int left = static_cast<int>(at_x);
        const float part = at_x - left;
        const float d = distance[left] + part * (distance[left + 1] - distance[left]);
        const float p = mask[left] + part * (mask[left + 1] - mask[left]);
        if (std::fabs(d) <= kBandWidth || (p > kUndecided && p < 1 - kUndecided))
          found.push_back(static_cast<Place>(y) * view_.source_width + x);
      }
    }
  });
  std::vector<Place> all;
  for (const std::vector<Place> &part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

const uint8_t *BandField::pixel(int x, int y) const {
  x = clamp_int(x, 0, view_.source_width - 1);
  y = clamp_int(y, 0, view_.source_height - 1);
  return view_.rgb + (static_cast<size_t>(y) * view_.source_width + x) * 3;
}

/** Binomial mean over 3 x 3 pixels, as far apart as the working size is coarser than the full one. */
void BandField::mean_colour(int x, int y, float *rgb) const {
  int sum[3] = {0, 0, 0};
  for (int dy = -1; dy <= 1; dy++)
    for (int dx = -1; dx <= 1; dx++) {
      const uint8_t *from = pixel(x + dx * spread_, y + dy * spread_);
      const int weight = (2 - std::abs(dx)) * (2 - std::abs(dy));
      for (int c = 0; c < 3; c++) sum[c] += weight * from[c];
    }
  for (int c = 0; c < 3; c++) rgb[c] = static_cast<float>(sum[c]) / 16;
}

/** Where the colour lies between those of both sides (0 outside, 1 inside), how far from each, how far they are apart. */
void BandField::describe_sides(const float *at, const float *lab, int channel, float *out) const {
  const float *inside = at + channel, *outside = inside + 3;
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

/** Colour differences to pixels farther in and farther out, across the outline, at two distances. */
void BandField::describe_across(const float *at, int x, int y, const float *mean, float *out) const {
  const float length = std::sqrt(at[kSlopeX] * at[kSlopeX] + at[kSlopeY] * at[kSlopeY]) + 1e-6f;
  const float inward_x = at[kSlopeX] / length, inward_y = at[kSlopeY] / length;
  int k = 0;
  for (const float reach : {1.25f * scale_, 2.5f * scale_})
    for (const float way : {reach, -reach}) {
      const uint8_t *there = pixel(static_cast<int>(std::floor(x + inward_x * way + 0.5f)),
                                   static_cast<int>(std::floor(y + inward_y * way + 0.5f)));
      float difference = 0;
      for (int c = 0; c < 3; c++) difference += std::fabs(mean[c] - there[c]);
      out[k++] = difference;
    }
}

void BandField::describe(const Place *places, int count, float *features) const {
  float rgb[6 * kChunk], lab[6 * kChunk];
  for (int first = 0; first < count; first += kChunk) {
    const int here = std::min(kChunk, count - first);
    // The pixel's own colours, then the means: planes of 2 x here pixels.
    for (int i = 0; i < here; i++) {
      const int x = static_cast<int>(places[first + i] % view_.source_width);
      const int y = static_cast<int>(places[first + i] / view_.source_width);
      const uint8_t *own = pixel(x, y);
      float mean[3];
      mean_colour(x, y, mean);
      for (int c = 0; c < 3; c++) {
        rgb[c * 2 * here + i] = own[c];
        rgb[c * 2 * here + here + i] = mean[c];
      }
    }
    lab_row(rgb, 2 * here, lab);
    for (int i = 0; i < here; i++) {
      const int x = static_cast<int>(places[first + i] % view_.source_width);
      const int y = static_cast<int>(places[first + i] / view_.source_width);
      float at[kChannels], own[3], mean[3], mean_rgb[3];
      look_up((x + 0.5f) * step_x_ - 0.5f, (y + 0.5f) * step_y_ - 0.5f, at);
      for (int c = 0; c < 3; c++) {
        own[c] = lab[c * 2 * here + i];
        mean[c] = lab[c * 2 * here + here + i];
        mean_rgb[c] = rgb[c * 2 * here + here + i];
      }
      const int bin = colour_bin(own[0], own[1], own[2]);
      float *out = features + static_cast<size_t>(first + i) * IB_BAND_FEATURES;
      std::copy(own, own + 3, out);
      std::copy(mean, mean + 3, out + 3);
      std::copy(at + kMask, at + kDistance + 1, out + kMaskFeature);
      out[10] = view_.colour_ratio[bin];
      out[11] = own_ratio_[bin];
      describe_sides(at, own, kNearColours, out + 12);
      describe_sides(at, own, kFarColours, out + 16);
      describe_across(at, x, y, mean_rgb, out + 20);
    }
  }
}

namespace {

bool good_view(const ib_band_view *view) {
  return view && view->rgb && view->picture && view->colour_ratio && view->mask &&
         good_size(view->width, view->height) && good_size(view->source_width, view->source_height) &&
         view->width <= view->source_width && view->height <= view->source_height &&
         static_cast<uint64_t>(view->source_width) * view->source_height <= 0xffffffffu;
}

/** Which of the places, in ascending order, lie inside the mask of these run lengths, which go down the columns. */
std::vector<float> truth_at(const std::vector<Place> &places, const uint32_t *counts, size_t count, int width,
                            int height) {
  std::vector<uint64_t> ends(count);
  uint64_t at = 0;
  for (size_t i = 0; i < count; i++) ends[i] = at += counts[i];
  std::vector<float> truth(places.size());
  for (size_t i = 0; i < places.size(); i++) {
    const uint64_t position = static_cast<uint64_t>(places[i] % width) * height + places[i] / width;
    const size_t run = std::upper_bound(ends.begin(), ends.end(), position) - ends.begin();
    truth[i] = run % 2 == 1 ? 1.0f : 0.0f;
  }
  return truth;
}

}  // namespace
}  // namespace ib

ib_status ib_band_teach(ib_samples *samples, ib_pool *pool, const ib_band_view *view, const uint32_t *counts,
                        size_t count, int max_count, uint32_t seed) {
  if (!samples || !pool || !ib::good_view(view) || (!counts && count > 0) || max_count < 0 ||
      !samples->takes(IB_BAND_FEATURES))
    return IB_BAD_ARGUMENT;
  return ib::guarded([&] {
    const ib::BandField field(*pool, *view);
    std::vector<ib::Place> places = field.places(*pool);
    const size_t wanted = std::min(places.size(), static_cast<size_t>(max_count));
    ib::Random random(seed);
    for (size_t k = 0; k < wanted; k++)
      std::swap(places[k], places[k + random.below(static_cast<uint32_t>(places.size() - k))]);
    places.resize(wanted);
    const std::vector<float> truth = ib::truth_at(places, counts, count, view->source_width, view->source_height);
    const size_t end = samples->features.size();
    samples->features.resize(end + wanted * IB_BAND_FEATURES);
    ib::for_ranges(*pool, static_cast<int>(wanted), ib::kChunk, [&](int first, int last) {
      field.describe(&places[first], last - first,
                     &samples->features[end + static_cast<size_t>(first) * IB_BAND_FEATURES]);
    });
    samples->truth.insert(samples->truth.end(), truth.begin(), truth.end());
    samples->weight.insert(samples->weight.end(), wanted, 1.0f);
    return IB_OK;
  });
}

ib_status ib_band_init(ib_band **out, const ib_forest *forest, ib_pool *pool, const ib_band_view *view) {
  if (!out || !forest || forest->trees.empty() || forest->width != IB_BAND_FEATURES || !pool || !ib::good_view(view))
    return IB_BAD_ARGUMENT;
  return ib::guarded([&] {
    auto band = std::make_unique<ib_band>();
    const ib::BandField field(*pool, *view);
    const std::vector<ib::Place> places = field.places(*pool);
    const size_t width = view->source_width;
    band->columns.resize(places.size());
    band->probabilities.resize(places.size());
    ib::for_ranges(*pool, static_cast<int>(places.size()), 2 * ib::kChunk, [&](int first, int last) {
      std::vector<float> features(static_cast<size_t>(last - first) * IB_BAND_FEATURES), votes(last - first);
      field.describe(&places[first], last - first, features.data());
      forest->predict(features.data(), last - first, votes.data());
      for (int i = first; i < last; i++) {
        band->columns[i] = static_cast<int>(places[i] % width);
        const float before = features[static_cast<size_t>(i - first) * IB_BAND_FEATURES + ib::kMaskFeature];
        const float p = ib::kShare * votes[i - first] + (1 - ib::kShare) * before;
        band->probabilities[i] = static_cast<uint8_t>(p * 255 + 0.5f);
      }
    });
    if (!places.empty()) {
      band->top = static_cast<int>(places.front() / width);
      for (size_t i = 0; i < places.size(); i++)
        while (band->top + band->starts.size() <= places[i] / width) band->starts.push_back(i);
    }
    band->starts.push_back(places.size());
    *out = band.release();
    return IB_OK;
  });
}

void ib_band_free(ib_band *band) { delete band; }
