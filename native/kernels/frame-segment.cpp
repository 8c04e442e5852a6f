// One object on one frame, from a box, strokes and clicks, or from a mask that is nearly right.
#include <algorithm>
#include <cmath>

#include "blur.hpp"
#include "frame-appearance.hpp"
#include "frame-cut.hpp"
#include "frame-region.hpp"
#include "mask.hpp"
#include "resize.hpp"

namespace ib {
namespace {

// All odds are natural logarithms.
// How much a geodesic way avoids edges; how far a mark speaks, in distances to the nearest outline, at most and without a
// mask in sizes of the object; what it says; for how many pixels each of its own counts in learning.
constexpr float kGeodesic = 0.3f, kReach = 2, kMostReach = 0.4f, kFreeReach = 0.35f, kPush = 4, kMarkWeight = 20;
// In a correction: how far the mark itself speaks, as a part of how far the picture may decide; and the mean odds that the
// picture gives to what changes, at least: where it is surer of the contrary the mark has reached into something else.
constexpr float kCorrectionPush = 0.7f, kLeastSupport = -0.7f;
// How much of a mask one correction may change, how large a mask counts at least for that, as a part of what is expected
// (a mask of nothing may grow), how often the reach is halved until it does, and how near counts as near in the end.
constexpr float kMostChange = 0.4f, kLeastMask = 0.3f, kNear = 0.02f;
constexpr int kAttempts = 4;
// What a mask to be corrected says of itself away from marks.
constexpr float kHold = 3;
// The place in the box: odds fall with the square of the distance from the middle, even at the square root of kBias.
constexpr float kPlace = 2.5f, kBias = 0.5f;
// What the picture says, and what an outline costs.
struct Weights {
  float look, smooth;
};
constexpr Weights kGuess{2, 25}, kCorrection{2.5f, 12};
constexpr int kRounds = 4;
// A box is drawn around something: a guess that fills less of it than this is made again with outlines at half the price,
// down to the least one.
constexpr float kLeastFill = 0.1f, kLeastSmooth = 2;
constexpr int kCapacityUnit = 64;
constexpr int kHard = 1 << 24;

class Segmentation {
 public:
  Segmentation(ib_pool &pool, const ib_region &region, const ib_hints &hints, uint32_t seed);
  ib_status run(uint8_t *out);

 private:
  size_t at(int x, int y) const { return static_cast<size_t>(y) * width_ + x; }
  void set_scale();
  ib_status guess();
  ib_status correct();
  void set_marks(float reach_share);
  float reach_of(Mark mark) const;
  void set_first_guess();
  ib_status learn(int round);
  void cut(const Weights &weights);
  float changed_share() const;
  float support() const;
  bool in_box(int x, int y) const;
  bool limited_by_box() const;
  void keep_what_hangs_together();
  void write(uint8_t *out) const;
  float edge_cost(size_t a, size_t b, float length) const;

  ib_pool &pool_;
  const ib_region &region_;
  const ib_hints &hints_;
  const uint32_t seed_;
  const int width_, height_;
  const size_t size_;
  const float *lab_;
  const Appearance appearance_;
  Box box_;
  float scale_ = 0;
  float contrast_ = 1;
  std::vector<uint8_t> marks_;
  /** Log odds from what was known before the picture was looked at: place in the box, or the mask to correct. */
  std::vector<float> prior_;
  /** Log odds from the marks, by geodesic distance. */
  std::vector<float> push_;
  std::vector<float> given_;
  /** How far the picture may decide against the given mask: 1 at the marks, 0 away from them. */
  std::vector<float> open_;
  /** What the picture says of each pixel, log odds. */
  std::vector<float> look_;
  std::vector<float> object_;
};

Segmentation::Segmentation(ib_pool &pool, const ib_region &region, const ib_hints &hints, uint32_t seed)
    : pool_(pool), region_(region), hints_(hints), seed_(seed), width_(region.width), height_(region.height),
      size_(static_cast<size_t>(region.width) * region.height), lab_(region.picture + size_),
      appearance_(pool, region, hints.colour_counts), prior_(size_), push_(size_, 0.0f), open_(size_, 1.0f),
      object_(size_) {
  marks_ = shrunk_marks(hints.marks, region.full_width, region.full_height, width_, height_);
  if (hints.mask) given_ = shrunk_mask(hints.mask, region.full_width, region.full_height, width_, height_);
  const double by_x = static_cast<double>(width_) / region.full_width;
  const double by_y = static_cast<double>(height_) / region.full_height;
  if (hints.right > hints.left && hints.bottom > hints.top)
    box_ = {static_cast<int>(hints.left * by_x), static_cast<int>(hints.top * by_y),
            std::min(width_, static_cast<int>(std::ceil(hints.right * by_x))),
            std::min(height_, static_cast<int>(std::ceil(hints.bottom * by_y)))};
}

ib_status Segmentation::run(uint8_t *out) {
  set_scale();
  const ib_status status = given_.empty() ? guess() : correct();
  if (status == IB_OK) write(out);
  return status;
}

ib_status Segmentation::guess() {
  set_marks(1);
  set_first_guess();
  const float least = kLeastFill * static_cast<float>(box_.empty() ? 0 : box_.width() * box_.height());
  Weights weights = kGuess;
  for (int round = 0; round < kRounds; round++) {
    const std::vector<float> before(object_);
    const ib_status status = learn(round);
    if (status != IB_OK) return status;
    for (;;) {
      cut(weights);
      float fill = 0;
      for (const float p : object_) fill += p;
      if (fill >= least) break;
      object_ = before;
      if (weights.smooth < 2 * kLeastSmooth) break;
      weights.smooth /= 2;
    }
  }
  for (float &p : object_) p = p > 0.5f ? 1.0f : 0.0f;
  keep_what_hangs_together();
  return IB_OK;
}

/**
 * One mark is no reason to throw most of a mask away, nor to take in what the picture says is not the object: then the
 * cut is made again with a mark that reaches less. What the object looks like is learnt once, from pixels beyond the
 * widest reach and from the marked ones: whether the surroundings of the mark belong is the question.
 */
ib_status Segmentation::correct() {
  for (int attempt = 0; attempt < kAttempts; attempt++) {
    set_marks(1.0f / static_cast<float>(1 << attempt));
    set_first_guess();
    const ib_status status = attempt == 0 ? learn(0) : IB_OK;
    if (status != IB_OK) return status;
    cut(kCorrection);
    keep_what_hangs_together();
    if (changed_share() <= kMostChange && support() >= kLeastSupport) return IB_OK;
  }
  for (size_t i = 0; i < size_; i++)
    if (open_[i] < kNear) object_[i] = given_[i] > 0.5f ? 1.0f : 0.0f;
  return IB_OK;
}

/** Mean odds that the picture gives to what has changed, marked pixels left out. */
float Segmentation::support() const {
  double sum = 0;
  int count = 0;
  for (size_t i = 0; i < size_; i++)
    if ((object_[i] > 0.5f) != (given_[i] > 0.5f) && marks_[i] == kUnmarked) {
      sum += object_[i] > 0.5f ? look_[i] : -look_[i];
      count++;
    }
  return count == 0 ? 0 : static_cast<float>(sum / count);
}

/** What has changed, as a part of the larger mask, the one before or after. */
float Segmentation::changed_share() const {
  float changed = 0, before = 0, after = 0;
  for (size_t i = 0; i < size_; i++) {
    changed += std::abs(object_[i] - given_[i]);
    before += given_[i];
    after += object_[i];
  }
  return changed / std::max({before, after, kLeastMask * scale_ * scale_});
}

/** How large the object is about, and how much neighbouring pixels differ where nothing ends. */
void Segmentation::set_scale() {
  double area = 0;
  for (const float p : given_) area += p;
  if (!box_.empty()) area = std::max(area, 0.6 * box_.width() * box_.height());
  if (area < 1) area = 0.1 * static_cast<double>(size_);
  scale_ = static_cast<float>(std::sqrt(area));
  contrast_ = usual_contrast(lab_, width_, height_);
}

void Segmentation::set_marks(float reach_share) {
  bool has[kNewOutside + 1] = {};
  for (const uint8_t mark : marks_) has[mark] = true;
  std::fill(push_.begin(), push_.end(), 0.0f);
  if (!given_.empty()) std::fill(open_.begin(), open_.end(), 0.0f);
  if (!has[kNewInside] && !has[kNewOutside] && !has[kMarkedInside] && !has[kMarkedOutside]) return;
  // Over the smoother colours: grain is no way to go.
  const StepCosts costs(pool_, lab_ + 3 * size_, width_, height_, kGeodesic);
  for (const Mark mark : {kNewInside, kNewOutside, kMarkedInside, kMarkedOutside}) {
    // Earlier marks have had their say in the mask that is corrected.
    if (!has[mark] || (!given_.empty() && !is_new(mark))) continue;
    const float reach = reach_share * reach_of(mark);
    const std::vector<float> distance = costs.distance(marks_.data(), mark, 6 * reach);
    const float push_reach = given_.empty() ? reach : kCorrectionPush * reach;
    const auto within = [&](size_t i, float radius) {
      return std::exp(-(distance[i] / radius) * (distance[i] / radius));
    };
    for (size_t i = 0; i < size_; i++) {
      push_[i] += (says_inside(mark) ? kPush : -kPush) * within(i, push_reach);
      open_[i] = std::max(open_[i], within(i, reach));
    }
  }
}

/** A mark is made in the middle of what is wrong: it speaks for as far as the nearest outline is away, and beyond.
 *  But a mark deep in the object's middle does not speak for all of it. */
float Segmentation::reach_of(Mark mark) const {
  if (given_.empty()) return kFreeReach * scale_;
  std::vector<float> distance(size_);
  signed_distance(given_.data(), width_, height_, 0.5f * scale_ + 8, distance.data());
  float deepest = 2;
  for (size_t i = 0; i < size_; i++)
    if (marks_[i] == mark) deepest = std::max(deepest, says_inside(mark) ? -distance[i] : distance[i]);
  return std::min(kReach * deepest, kMostReach * scale_);
}

void Segmentation::set_first_guess() {
  if (!given_.empty()) {
    std::vector<float> distance(size_);
    signed_distance(given_.data(), width_, height_, 30, distance.data());
    for (size_t i = 0; i < size_; i++) {
      prior_[i] = kHold * clamp_float(distance[i] / 3, -1, 1) * (1 - open_[i]);
      object_[i] = given_[i];
    }
    return;
  }
  const Box box = box_.empty() ? Box{0, 0, width_, height_} : box_;
  const float by_x = 2.0f / box.width(), by_y = 2.0f / box.height();
  for (int y = 0; y < height_; y++)
    for (int x = 0; x < width_; x++) {
      const float u = (x + 0.5f - box.left) * by_x - 1, v = (y + 0.5f - box.top) * by_y - 1;
      const float r2 = u * u + v * v;
      prior_[at(x, y)] = box_.empty() ? -1 : kPlace * (kBias - r2);
      object_[at(x, y)] = box_.empty() || in_box(x, y) ? 1 / (1 + std::exp(-(prior_[at(x, y)] + push_[at(x, y)]))) : 0.0f;
    }
}

bool Segmentation::in_box(int x, int y) const {
  return x >= box_.left && x < box_.right && y >= box_.top && y < box_.bottom;
}

/** Nothing beyond the box belongs to the object, unless a mark beyond it says so. */
bool Segmentation::limited_by_box() const {
  if (box_.empty()) return false;
  for (int y = 0; y < height_; y++)
    for (int x = 0; x < width_; x++)
      if (says_inside(marks_[at(x, y)]) && !in_box(x, y)) return false;
  return true;
}

float Segmentation::edge_cost(size_t a, size_t b, float length) const {
  float sum = 0;
  for (int c = 0; c < 3; c++) {
    const float difference = lab_[c * size_ + a] - lab_[c * size_ + b];
    sum += difference * difference;
  }
  return std::exp(-sum / (2 * contrast_)) / length;
}

/** From the object as it is held to be; in a correction without the pixels that the mark has put in question. */
ib_status Segmentation::learn(int round) {
  std::vector<float> weight(size_), truth(object_);
  for (size_t i = 0; i < size_; i++) {
    weight[i] = given_.empty() ? 1 : 1 - open_[i];
    if (marks_[i] == kUnmarked) continue;
    truth[i] = says_inside(marks_[i]) ? 1.0f : 0.0f;
    weight[i] = kMarkWeight;
  }
  return appearance_.learn(truth, weight, seed_ + round, look_);
}

void Segmentation::cut(const Weights &weights) {
  GridCut grid(width_, height_);
  const bool limited = limited_by_box();
  for (int y = 0; y < height_; y++)
    for (int x = 0; x < width_; x++) {
      const size_t i = at(x, y);
      const float u = weights.look * look_[i] + prior_[i] + push_[i];
      int terminal = static_cast<int>(u * kCapacityUnit);
      if (marks_[i] != kUnmarked) terminal = says_inside(marks_[i]) ? kHard : -kHard;
      else if (limited && !in_box(x, y)) terminal = -kHard;
      grid.set_terminal(x, y, terminal);
      for (int k = 4; k < GridCut::kDirections; k++) {
        const int to_x = x + GridCut::dx[k], to_y = y + GridCut::dy[k];
        if (to_x < 0 || to_x >= width_ || to_y >= height_) continue;
        const float length = k == 5 || k == 7 ? 1.41421356f : 1.0f;
        const float cost = weights.smooth * (0.05f + edge_cost(i, at(to_x, to_y), length));
        grid.join(x, y, k, static_cast<int>(cost * kCapacityUnit));
      }
    }
  grid.run();
  for (int y = 0; y < height_; y++)
    for (int x = 0; x < width_; x++) object_[at(x, y)] = grid.inside(x, y) ? 1.0f : 0.0f;
}

/** With a mask to correct: takes back every change that does not touch a mark. Else: drops crumbs. */
void Segmentation::keep_what_hangs_together() {
  const bool correcting = !given_.empty();
  const auto kind = [&](size_t i) -> int {
    const bool now = object_[i] > 0.5f;
    if (!correcting) return now ? 1 : 0;
    return now == (given_[i] > 0.5f) ? 0 : now ? 1 : 2;
  };
  std::vector<int> seen(size_, 0), stack;
  std::vector<std::vector<int>> parts;
  std::vector<bool> marked;
  size_t largest = 0;
  for (size_t start = 0; start < size_; start++) {
    const int of = kind(start);
    if (of == 0 || seen[start]) continue;
    std::vector<int> part;
    bool touches = false;
    stack.assign(1, static_cast<int>(start));
    seen[start] = 1;
    while (!stack.empty()) {
      const int i = stack.back();
      stack.pop_back();
      part.push_back(i);
      touches |= correcting ? is_new(marks_[i]) : marks_[i] != kUnmarked;
      const int x = i % width_, y = i / width_;
      for (int k = 0; k < GridCut::kDirections; k++) {
        const int to_x = x + GridCut::dx[k], to_y = y + GridCut::dy[k];
        if (to_x < 0 || to_y < 0 || to_x >= width_ || to_y >= height_) continue;
        const size_t j = at(to_x, to_y);
        if (is_new(marks_[j])) touches = true;
        if (seen[j] || kind(j) != of) continue;
        seen[j] = 1;
        stack.push_back(static_cast<int>(j));
      }
    }
    largest = std::max(largest, part.size());
    parts.push_back(std::move(part));
    marked.push_back(touches);
  }
  for (size_t p = 0; p < parts.size(); p++) {
    const bool keep = marked[p] || (!correcting && parts[p].size() * 20 >= largest);
    if (keep) continue;
    for (const int i : parts[p]) object_[i] = correcting ? (given_[i] > 0.5f ? 1.0f : 0.0f) : 0.0f;
  }
}

void Segmentation::write(uint8_t *out) const {
  const int full_width = region_.full_width, full_height = region_.full_height;
  const size_t full_size = static_cast<size_t>(full_width) * full_height;
  const bool same_size = full_width == width_ && full_height == height_;
  std::vector<float> soft(object_), full(full_size);
  if (!same_size) blur_plane(pool_, object_.data(), width_, height_, 0.7f, soft.data());
  stretch_plane(soft.data(), width_, height_, full_width, full_height, 1, full.data());
  for (int y = 0; y < full_height; y++)
    for (int x = 0; x < full_width; x++) {
      const size_t i = static_cast<size_t>(y) * full_width + x;
      out[i] = full[i] > 0.5f;
      if (hints_.mask) {
        // Where nothing was changed the mask stays as it was, to the pixel.
        const size_t small = at(static_cast<int>(static_cast<int64_t>(x) * width_ / full_width),
                                static_cast<int>(static_cast<int64_t>(y) * height_ / full_height));
        if ((object_[small] > 0.5f) == (given_[small] > 0.5f)) out[i] = hints_.mask[i];
      }
      if (hints_.marks[i] != kUnmarked) out[i] = says_inside(hints_.marks[i]);
    }
}

}  // namespace
}  // namespace ib

ib_status ib_region_segment(ib_pool *pool, const ib_region *region, const ib_hints *hints, uint32_t seed,
                            uint8_t *out) {
  if (!pool || !region || !hints || !out || !region->picture || !hints->marks ||
      !ib::good_size(region->width, region->height) || !ib::good_size(region->full_width, region->full_height) ||
      region->width > region->full_width || region->height > region->full_height || hints->left < 0 ||
      hints->top < 0 || hints->right > region->full_width || hints->bottom > region->full_height)
    return IB_BAD_ARGUMENT;
  return ib::guarded([&] {
    return ib::Segmentation(*pool, *region, *hints, seed).run(out);
  });
}
