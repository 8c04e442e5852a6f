// A mask's outline near the full size of the video. Working size decides where the object is; which side of an edge a
// pixel lies on is decided here, by a forest that has seen this object's key masks at that size.
#include "band.hpp"

#include <algorithm>
#include <memory>

#include "forest.hpp"

namespace ib {
namespace {

// The forest's share of the result; the rest is what working size said, which has seen the frames before.
constexpr float kShare = 0.7f;
constexpr int kMaskFeature = 6;
constexpr int kRowsAPart = 16;

bool good_view(const ib_band_view *view) {
  return view && view->rgb && view->picture && view->colour_ratio && view->mask &&
         good_size(view->width, view->height) && good_size(view->source_width, view->source_height) &&
         view->width <= view->source_width && view->height <= view->source_height;
}

/** Which of the places lie inside the mask of these run lengths, which go down the columns of full size. */
std::vector<float> truth_at(const BandField &field, const std::vector<Place> &places, const uint32_t *counts,
                            size_t count, int source_height) {
  std::vector<uint64_t> ends(count);
  uint64_t at = 0;
  for (size_t i = 0; i < count; i++) ends[i] = at += counts[i];
  std::vector<float> truth(places.size());
  for (size_t i = 0; i < places.size(); i++) {
    int x, y;
    field.middle(places[i], x, y);
    const uint64_t position = static_cast<uint64_t>(x) * source_height + y;
    const size_t run = std::upper_bound(ends.begin(), ends.end(), position) - ends.begin();
    truth[i] = run % 2 == 1 ? 1.0f : 0.0f;
  }
  return truth;
}

std::vector<Place> all_places(const BandField &field) {
  std::vector<Place> places;
  std::vector<float> room(field.row_room()), odds(field.reach().width());
  for (int y = field.reach().top; y < field.reach().bottom; y++) field.row(y, room.data(), odds.data(), places);
  return places;
}

/** Fills rows first .. last - 1 of the band's box. */
void decide_rows(const BandField &field, const ib_forest &forest, int first, int last, float *odds) {
  const Box &box = field.reach();
  const size_t width = box.width();
  std::vector<float> room(field.row_room());
  std::vector<Place> places;
  for (int y = first; y < last; y++) field.row(box.top + y, room.data(), odds + y * width, places);
  const int count = static_cast<int>(places.size());
  std::vector<float> features(places.size() * IB_BAND_FEATURES), votes(places.size());
  field.describe(places.data(), count, features.data());
  // What is decided here goes into no later frame: masks that are carried on need every tree.
  forest.predict(features.data(), count, true, votes.data());
  for (int i = 0; i < count; i++) {
    const float before = features[static_cast<size_t>(i) * IB_BAND_FEATURES + kMaskFeature];
    odds[(places[i].y - box.top) * width + places[i].x - box.left] = kShare * votes[i] + (1 - kShare) * before;
  }
}

}  // namespace
}  // namespace ib

ib_status ib_band_teach(ib_samples *samples, ib_pool *pool, const ib_band_view *view, const uint32_t *counts,
                        size_t count, int max_count, uint32_t seed) {
  if (!samples || !pool || !ib::good_view(view) || (!counts && count > 0) || max_count < 0 ||
      !samples->takes(IB_BAND_FEATURES))
    return IB_BAD_ARGUMENT;
  return ib::guarded([&] {
    const ib::KernelRun counted(*pool);
    const ib::BandField field(*pool, *view);
    std::vector<ib::Place> places = ib::all_places(field);
    const size_t wanted = std::min(places.size(), static_cast<size_t>(max_count));
    ib::Random random(seed);
    for (size_t k = 0; k < wanted; k++)
      std::swap(places[k], places[k + random.below(static_cast<uint32_t>(places.size() - k))]);
    places.resize(wanted);
    const std::vector<float> truth = ib::truth_at(field, places, counts, count, view->source_height);
    const size_t end = samples->features.size();
    samples->features.resize(end + wanted * IB_BAND_FEATURES);
    ib::for_ranges(*pool, static_cast<int>(wanted), 512, [&](int first, int last) {
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
    const ib::KernelRun counted(*pool);
    auto band = std::make_unique<ib_band>();
    const ib::BandField field(*pool, *view);
    band->width = field.width();
    band->height = field.height();
    band->box = field.reach();
    band->odds.resize(static_cast<size_t>(band->box.width()) * band->box.height());
    ib::for_ranges(*pool, band->box.height(), ib::kRowsAPart, [&](int first, int last) {
      ib::decide_rows(field, *forest, first, last, band->odds.data());
    });
    *out = band.release();
    return IB_OK;
  });
}

void ib_band_free(ib_band *band) { delete band; }
