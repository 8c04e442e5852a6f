#include "frame-appearance.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "blur.hpp"
#include "colours.hpp"
#include "features.hpp"
#include "forest.hpp"
#include "lab.hpp"

namespace ib {
namespace {

constexpr float kWideBlur = 10, kRatioBlur = 3;
constexpr int kSamples = 6000;
constexpr ib_forest_options kForest{16, 10, 12, 16, 1000};
constexpr float kForestShare = 0.6f;
// Fifteen of the picture, three of its wide blur, ratios of the frame and of the key masks.
constexpr int kUsedFeatures = kAppearanceFeatures + 6;
static_assert(kUsedFeatures <= IB_FEATURE_COUNT, "the forest takes IB_FEATURE_COUNT features");

}  // namespace

Appearance::Appearance(ib_pool &pool, const ib_region &region, const float *key_counts)
    : pool_(pool), region_(region), size_(static_cast<size_t>(region.width) * region.height), bins_(size_),
      wide_(3 * size_), key_ratio_(size_, 0.0f) {
  const float *lab = region.picture + size_;
  std::vector<float> key_ratio(IB_COLOUR_BINS, 0.0f);
  if (key_counts) ratio_of_counts(key_counts, key_ratio.data());
  for (size_t i = 0; i < size_; i++) {
    bins_[i] = colour_bin(lab[i], lab[i + size_], lab[i + 2 * size_]);
    key_ratio_[i] = key_ratio[bins_[i]];
  }
  for (int c = 0; c < 3; c++)
    blur_plane(pool, lab + (6 + c) * size_, region.width, region.height, kWideBlur, &wide_[c * size_]);
}

void Appearance::features_of(int pixel, const float *ratio, const float *blurred, float *out) const {
  const float *appearance = region_.picture + size_ + pixel;
  int k = 0;
  for (; k < kAppearanceFeatures; k++) out[k] = appearance[k * size_];
  for (int c = 0; c < 3; c++) out[k++] = wide_[c * size_ + pixel];
  out[k++] = ratio[pixel];
  out[k++] = blurred[pixel];
  out[k++] = key_ratio_[pixel];
  std::fill(out + k, out + IB_FEATURE_COUNT, 0.0f);
}

ib_status Appearance::learn(const std::vector<float> &truth, const std::vector<float> &weight, uint32_t seed,
                       std::vector<float> &log_odds) const {
  std::vector<float> counts(2 * IB_COLOUR_BINS, 0.0f), by_bin(IB_COLOUR_BINS), ratio(size_), blurred(size_);
  const float *lab = region_.picture + size_;
  double object = 1e-6, rest = 1e-6;
  std::vector<int> pixels;
  for (size_t i = 0; i < size_; i++) {
    if (!(weight[i] > 0)) continue;
    count_colours(lab, size_, i, truth[i], weight[i], counts.data());
    object += weight[i] * truth[i];
    rest += weight[i] * (1 - truth[i]);
    pixels.push_back(static_cast<int>(i));
  }
  ratio_of_counts(counts.data(), by_bin.data());
  for (size_t i = 0; i < size_; i++) ratio[i] = by_bin[bins_[i]];
  blur_plane(pool_, ratio.data(), region_.width, region_.height, kRatioBlur, blurred.data());

  // Both sides weigh the same, so that the forest says what a pixel looks like and not how large the object is.
  const float by_object = static_cast<float>((object + rest) / (2 * object));
  const float by_rest = static_cast<float>((object + rest) / (2 * rest));
  ib_samples samples;
  Random random(seed);
  const size_t count = std::min<size_t>(kSamples, pixels.size());
  samples.features.resize(count * IB_FEATURE_COUNT);
  for (size_t k = 0; k < count; k++) {
    std::swap(pixels[k], pixels[k + random.below(static_cast<uint32_t>(pixels.size() - k))]);
    const int i = pixels[k];
    features_of(i, ratio.data(), blurred.data(), &samples.features[k * IB_FEATURE_COUNT]);
    const float of_object = truth[i] * by_object, of_rest = (1 - truth[i]) * by_rest;
    samples.truth.push_back(of_object / (of_object + of_rest));
    samples.weight.push_back(weight[i] * (of_object + of_rest));
  }
  log_odds.assign(size_, 0.0f);
  if (count == 0) return IB_OK;
  ib_forest *grown = nullptr;
  const ib_status status = ib_forest_init(&grown, &pool_, &samples, &kForest, seed);
  if (status != IB_OK) return status;
  const std::unique_ptr<ib_forest, decltype(&ib_forest_free)> forest(grown, ib_forest_free);
  for_ranges(pool_, region_.height, 8, [&](int first, int last) {
    std::vector<float> features(static_cast<size_t>(region_.width) * IB_FEATURE_COUNT), p(region_.width);
    for (int y = first; y < last; y++) {
      const int row = y * region_.width;
      for (int x = 0; x < region_.width; x++)
        features_of(row + x, ratio.data(), blurred.data(), &features[static_cast<size_t>(x) * IB_FEATURE_COUNT]);
      forest->predict(features.data(), region_.width, false, p.data());
      for (int x = 0; x < region_.width; x++) {
        const float sure = clamp_float(p[x], 0.02f, 0.98f);
        log_odds[row + x] = kForestShare * std::log(sure / (1 - sure)) + (1 - kForestShare) * ratio[row + x];
      }
    }
  });
  return IB_OK;
}

}  // namespace ib

ib_status ib_region_colours(const ib_region *region, const uint8_t *mask, const uint8_t *taught, float *counts) {
  if (!region || !region->picture || !mask || !counts || !ib::good_size(region->width, region->height) ||
      !ib::good_size(region->full_width, region->full_height))
    return IB_BAD_ARGUMENT;
  return ib::guarded([&] {
    const int width = region->width, height = region->height;
    const size_t size = static_cast<size_t>(width) * height;
    const auto shrunk = [&](const uint8_t *of) {
      return ib::shrunk_mask(of, region->full_width, region->full_height, width, height);
    };
    const std::vector<float> object = shrunk(mask);
    const std::vector<float> weight = taught ? shrunk(taught) : std::vector<float>(size, 1.0f);
    double sum = 0;
    for (const float w : weight) sum += w;
    if (sum < 1) return IB_OK;
    const float times = static_cast<float>(static_cast<double>(size) / sum);
    for (size_t i = 0; i < size; i++)
      if (weight[i] > 0) ib::count_colours(region->picture + size, size, i, object[i], weight[i] * times, counts);
    return IB_OK;
  });
}
