// One step of propagation: the forest decides the pixels near the outline of the warped mask.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "blur.hpp"
#include "features.hpp"
#include "forest.hpp"

namespace ib {
namespace {

// Pixels farther than this from the prior's outline keep what the prior says, unless it is unsure.
constexpr float kBand = 22;
constexpr float kUnsure = 0.02f;

/** Runs the forest over rows first .. last - 1 of the box; `undecided` receives 1 where it did. */
void decide_rows(const ib_forest &forest, const FeatureBox &features, const float *prior, int width, int first, int last,
                 float *cut, unsigned char *decided) {
  const Box &box = features.box;
  std::vector<float> rows(static_cast<size_t>(box.width()) * IB_FEATURE_COUNT), votes(box.width());
  std::vector<int> columns(box.width());
  for (int y = first; y < last; y++) {
    const float *from = prior + static_cast<size_t>(box.top + y) * width + box.left;
    const float *distance = features.distance() + static_cast<size_t>(y) * box.width();
    float *to = cut + static_cast<size_t>(y) * box.width();
    int count = 0;
    for (int x = 0; x < box.width(); x++) {
      const bool unsure = from[x] > kUnsure && from[x] < 1 - kUnsure;
      if (std::fabs(distance[x]) <= kBand || unsure) {
        features.gather(box.left + x, box.top + y, &rows[static_cast<size_t>(count) * IB_FEATURE_COUNT]);
        columns[count++] = x;
      } else {
        to[x] = distance[x] > 0 ? 1.0f : 0.0f;
      }
    }
    forest.predict(rows.data(), count, false, votes.data());
    for (int i = 0; i < count; i++) {
      to[columns[i]] = votes[i];
      decided[static_cast<size_t>(y) * box.width() + columns[i]] = 1;
    }
  }
}

ib_report report_of(const FeatureBox &features, const ib_view &view, const float *prior, const float *cut,
                    const unsigned char *decided) {
  const Box &box = features.box;
  ib_report report{};
  double sure = 0, residual = 0, sum_x = 0, sum_y = 0, prior_area = 0, area = 0, border = 0;
  size_t band = 0, inside = 0, both = 0, either = 0;
  for (int y = 0; y < box.height(); y++)
    for (int x = 0; x < box.width(); x++) {
      const size_t i = static_cast<size_t>(y) * box.width() + x;
      const int picture_x = box.left + x, picture_y = box.top + y;
      const float p = cut[i], before = prior[static_cast<size_t>(picture_y) * view.width + picture_x];
      prior_area += before;
      area += p;
      sum_x += static_cast<double>(p) * picture_x;
      sum_y += static_cast<double>(p) * picture_y;
      both += p > 0.5f && before > 0.5f;
      either += p > 0.5f || before > 0.5f;
      if (p > 0.5f) {
        inside++;
        residual += features.residual()[i];
        border += picture_x == 0 || picture_y == 0 || picture_x == view.width - 1 || picture_y == view.height - 1;
      }
      if (decided[i] && std::fabs(features.distance()[i]) < 8) {
        band++;
        sure += std::fabs(2 * p - 1);
      }
    }
  report.prior_area = static_cast<float>(prior_area);
  report.area = static_cast<float>(area);
  report.margin = band ? static_cast<float>(sure / band) : 1;
  report.residual = inside ? static_cast<float>(residual / inside) : 0;
  report.prior_overlap = either ? static_cast<float>(both) / static_cast<float>(either) : 1;
  report.centroid_x = area > 0 ? static_cast<float>(sum_x / area) : 0;
  report.centroid_y = area > 0 ? static_cast<float>(sum_y / area) : 0;
  report.border_part = inside ? static_cast<float>(border / std::sqrt(static_cast<double>(inside))) : 0;
  return report;
}

}  // namespace
}  // namespace ib

ib_status ib_forest_refine(const ib_forest *forest, ib_pool *pool, const ib_view *view, const float *prior, float *out,
                           ib_report *report) {
  if (!forest || forest->trees.empty() || forest->width != IB_FEATURE_COUNT || !pool || !view || !prior || !out || !report || prior == out ||
      !ib::good_size(view->width, view->height))
    return IB_BAD_ARGUMENT;
  return ib::guarded([&] {
    const int width = view->width, height = view->height;
    std::fill(out, out + static_cast<size_t>(width) * height, 0.0f);
    const ib::Box box = ib::box_above(prior, width, height, ib::kUnsure).grown(ib::kBoxMargin, width, height);
    *report = {};
    report->margin = report->prior_overlap = 1;
    if (box.empty()) return IB_OK;
    const ib::KernelRun counted(*pool);
    const ib::FeatureBox features(*pool, *view, prior, box);
    const size_t size = static_cast<size_t>(box.width()) * box.height();
    ib::Workspace memory(*pool);
    float *cut = memory.floats(size), *filtered = memory.floats(size);
    std::vector<unsigned char> decided(size, 0);
    ib::for_ranges(*pool, box.height(), 8, [&](int first, int last) {
      ib::decide_rows(*forest, features, prior, width, first, last, cut, decided.data());
    });
    ib::median_plane(cut, box.width(), box.height(), filtered);
    // In 255ths, so that a mask stored in a byte a pixel is the same mask: to the last bit, which a division that the
    // compiler may turn into a product of floats does not give.
    for (size_t i = 0; i < size; i++)
      filtered[i] = static_cast<float>(static_cast<double>(std::floor(filtered[i] * 255 + 0.5f)) * (1 / 255.0));
    for (int y = 0; y < box.height(); y++)
      std::memcpy(out + static_cast<size_t>(box.top + y) * width + box.left,
                  &filtered[static_cast<size_t>(y) * box.width()], sizeof(float) * box.width());
    *report = ib::report_of(features, *view, prior, filtered, decided.data());
    return IB_OK;
  });
}
