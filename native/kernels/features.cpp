#include "features.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "blur.hpp"
#include "colours.hpp"
#include "lab.hpp"
#include "mask.hpp"

namespace ib {
namespace {

constexpr float kDistanceLimit = 30, kOwnColourBand = 25, kResidualLimit = 60;

float median_of(std::vector<float> &values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + values.size() / 2;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

IB_KERNEL void speed_row(const float *IB_RESTRICT u, const float *IB_RESTRICT v, float mean_u, float mean_v, int count,
                         float *IB_RESTRICT out) {
  for (int i = 0; i < count; i++)
    out[i] = std::sqrt((u[i] - mean_u) * (u[i] - mean_u) + (v[i] - mean_v) * (v[i] - mean_v));
}

IB_KERNEL void residual_row(const float *IB_RESTRICT a, const float *IB_RESTRICT b, int count, float *IB_RESTRICT sum) {
  for (int i = 0; i < count; i++) {
    const float more = sum[i] + std::fabs(a[i] - b[i]);
    sum[i] = more < kResidualLimit ? more : kResidualLimit;
  }
}

}  // namespace

FeatureBox::FeatureBox(ib_pool &pool, const ib_view &view, const float *prior, const Box &of)
    : box(of), view_(view), size_(static_cast<size_t>(of.width()) * of.height()), memory_(pool),
      planes_(memory_.floats(size_ * kObjectFeatures)) {
  set_prior(pool, prior);
  set_colours(pool);
  set_residual(pool);
  set_motion(prior);
}

void FeatureBox::set_prior(ib_pool &pool, const float *prior) {
  const int width = box.width(), height = box.height();
  for (int y = box.top; y < box.bottom; y++)
    std::memcpy(plane(kPrior) + at(box.left, y), prior + static_cast<size_t>(y) * view_.width + box.left,
                sizeof(float) * width);
  blur_plane(pool, plane(kPrior), width, height, 3, plane(kPrior3));
  blur_plane(pool, plane(kPrior), width, height, 8, plane(kPrior8));
  signed_distance(plane(kPrior), width, height, kDistanceLimit, plane(kDistance));
  double area = 0, sum_x = 0, sum_y = 0;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      const double p = plane(kPrior)[static_cast<size_t>(y) * width + x];
      area += p, sum_x += p * x, sum_y += p * y;
    }
  const float centre_x = area > 1 ? static_cast<float>(sum_x / area) : width * 0.5f;
  const float centre_y = area > 1 ? static_cast<float>(sum_y / area) : height * 0.5f;
  const float by_size = 1.0f / static_cast<float>(std::sqrt(std::max(area, 16.0)));
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      const size_t i = static_cast<size_t>(y) * width + x;
      plane(kX)[i] = (x - centre_x) * by_size;
      plane(kY)[i] = (y - centre_y) * by_size;
    }
}

void FeatureBox::set_colours(ib_pool &pool) {
  const int width = box.width(), height = box.height();
  const size_t picture_size = static_cast<size_t>(view_.width) * view_.height;
  const float *lab = view_.picture + picture_size;
  std::vector<int> bins(size_);
  std::vector<float> counts(2 * IB_COLOUR_BINS, 0.0f), own_ratio(IB_COLOUR_BINS);
  const float *prior = plane(kPrior), *distance = plane(kDistance);
  for (int y = box.top; y < box.bottom; y++)
    for (int x = box.left; x < box.right; x++) {
      const size_t i = at(x, y), pixel = static_cast<size_t>(y) * view_.width + x;
      bins[i] = colour_bin(lab[pixel], lab[pixel + picture_size], lab[pixel + 2 * picture_size]);
      if (std::fabs(distance[i]) >= kOwnColourBand) continue;
      counts[bins[i]] += prior[i];
      counts[IB_COLOUR_BINS + bins[i]] += 1 - prior[i];
    }
  ratio_of_counts(counts.data(), own_ratio.data());
  float *key = plane(kKeyRatio), *own = plane(kOwnRatio);
  for (size_t i = 0; i < size_; i++) {
    key[i] = view_.colour_ratio[bins[i]];
    own[i] = own_ratio[bins[i]];
  }
  blur_plane(pool, key, width, height, 3, plane(kKeyRatio3));
  blur_plane(pool, own, width, height, 3, plane(kOwnRatio3));
}

void FeatureBox::set_residual(ib_pool &pool) {
  const int width = box.width();
  const size_t picture_size = static_cast<size_t>(view_.width) * view_.height;
  for_ranges(pool, box.height(), 16, [&](int first, int last) {
    std::vector<float> warped(width);
    for (int y = box.top + first; y < box.top + last; y++) {
      const size_t pixel = static_cast<size_t>(y) * view_.width + box.left;
      float *sum = plane(kResidual) + at(box.left, y);
      std::fill(sum, sum + width, 0.0f);
      for (int c = 1; c <= 3; c++) {
        warp_row(view_.neighbour_picture + c * picture_size, view_.flow + pixel, view_.flow + picture_size + pixel,
                 view_.width, view_.height, y, box.left, width, warped.data());
        residual_row(warped.data(), view_.picture + c * picture_size + pixel, width, sum);
      }
    }
  });
  blur_plane(pool, plane(kResidual), width, box.height(), 3, plane(kResidual3));
}

void FeatureBox::set_motion(const float *prior) {
  const size_t picture_size = static_cast<size_t>(view_.width) * view_.height;
  const float *u = view_.flow, *v = view_.flow + picture_size;
  std::vector<float> rest_u, rest_v;
  double object_u = 0, object_v = 0, weight = 1e-6;
  for (int y = 0; y < view_.height; y += 3)
    for (int x = 0; x < view_.width; x += 3) {
      const size_t i = static_cast<size_t>(y) * view_.width + x;
      if (prior[i] > 0.6f) {
        object_u += prior[i] * u[i], object_v += prior[i] * v[i], weight += prior[i];
      } else if (prior[i] < 0.2f && (x % 2 == 0) && (y % 2 == 0)) {
        rest_u.push_back(u[i]);
        rest_v.push_back(v[i]);
      }
    }
  const float median_u = median_of(rest_u), median_v = median_of(rest_v);
  const float mean_u = static_cast<float>(object_u / weight), mean_v = static_cast<float>(object_v / weight);
  for (int y = box.top; y < box.bottom; y++) {
    const size_t pixel = static_cast<size_t>(y) * view_.width + box.left;
    speed_row(u + pixel, v + pixel, median_u, median_v, box.width(), plane(kFromRest) + at(box.left, y));
    speed_row(u + pixel, v + pixel, mean_u, mean_v, box.width(), plane(kFromObject) + at(box.left, y));
  }
}

void FeatureBox::gather(int x, int y, float *out) const {
  const size_t picture_size = static_cast<size_t>(view_.width) * view_.height;
  const float *appearance = view_.picture + picture_size + static_cast<size_t>(y) * view_.width + x;
  for (int k = 0; k < kAppearanceFeatures; k++) out[k] = appearance[k * picture_size];
  const float *own = planes_ + at(x, y);
  for (int k = 0; k < kObjectFeatures; k++) out[kAppearanceFeatures + k] = own[k * size_];
}

}  // namespace ib
