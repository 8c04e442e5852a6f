// From soft masks of working size to one owner a pixel at full size, and its run lengths.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "band.hpp"
#include "box.hpp"
#include "pool.hpp"

namespace ib {
namespace {

constexpr uint16_t kReserved = 65535;

/** For each full-size position: the working pixel before it, and how far it is towards the next one. */
struct Positions {
  std::vector<int> before;
  std::vector<float> part;
  Positions(int from, int to) : before(to), part(to) {
    const double step = static_cast<double>(from) / to;
    for (int i = 0; i < to; i++) {
      const double at = std::max(0.0, std::min((i + 0.5) * step - 0.5, from - 1.0));
      before[i] = std::max(0, std::min(static_cast<int>(at), from - 2));
      part[i] = from > 1 ? static_cast<float>(at - before[i]) : 0;
    }
  }
};

IB_KERNEL void stretch_row(const float *IB_RESTRICT mixed, const int *IB_RESTRICT before, const float *IB_RESTRICT part,
                           int next, int first, int last, float *IB_RESTRICT out) {
  for (int x = first; x < last; x++) out[x] = mixed[before[x]] + part[x] * (mixed[before[x] + next] - mixed[before[x]]);
}

IB_KERNEL void claim_row(const float *IB_RESTRICT odds, int first, int last, uint16_t owner, float *IB_RESTRICT best,
                         uint16_t *IB_RESTRICT owners) {
  for (int x = first; x < last; x++) {
    const bool mine = odds[x] > 0.5f && odds[x] >= best[x] && owners[x] != kReserved;
    best[x] = mine ? odds[x] : best[x];
    owners[x] = mine ? owner : owners[x];
  }
}

IB_KERNEL bool row_has(const uint16_t *row, int width, uint16_t owner) {
  int found = 0;
  for (int x = 0; x < width; x++) found |= row[x] == owner;
  return found != 0;
}

/** Smallest box around what `owner` owns. */
Box box_of(const uint16_t *owners, int width, int height, uint16_t owner) {
  Box box{width, height, 0, 0};
  for (int y = 0; y < height; y++) {
    const uint16_t *row = owners + static_cast<size_t>(y) * width;
    if (!row_has(row, width, owner)) continue;
    int first = 0, last = width - 1;
    while (row[first] != owner) first++;
    while (row[last] != owner) last--;
    box = {std::min(box.left, first), std::min(box.top, y), std::max(box.right, last + 1), y + 1};
  }
  return box.empty() ? Box{} : box;
}

/** The full-size range that working pixels first .. last - 1 can reach. */
void reach(int first, int last, int from, int to, int &begin, int &end) {
  const double step = static_cast<double>(to) / from;
  begin = std::max(0, static_cast<int>((first - 1) * step) - 1);
  end = std::min(to, static_cast<int>((last + 1) * step) + 2);
}

/** What claims the pixels of one frame. */
struct Claims {
  const float *const *masks;
  const ib_band *const *bands;
  std::vector<Box> boxes;
  int width, height, source_width, source_height;
  Positions columns, rows;
};

/** The band's word on row y, where it has one. */
void put_band(const ib_band *band, int y, float *odds) {
  const int row = band ? y - band->top : -1;
  if (row < 0 || row + 1 >= static_cast<int>(band->starts.size())) return;
  for (size_t i = band->starts[row]; i < band->starts[row + 1]; i++)
    odds[band->columns[i]] = static_cast<float>(band->probabilities[i]) / 255;
}

void claim_rows(const Claims &claims, int first, int last, uint16_t *owners) {
  const int width = claims.width, source_width = claims.source_width;
  std::vector<float> best(source_width), mixed(width + 1), odds(source_width);
  for (int y = first; y < last; y++) {
    std::fill(best.begin(), best.end(), 0.5f);
    uint16_t *row = owners + static_cast<size_t>(y) * source_width;
    for (int x = 0; x < source_width; x++)
      if (row[x] != kReserved) row[x] = 0;
    for (size_t i = 0; i < claims.boxes.size(); i++) {
      const Box &box = claims.boxes[i];
      int left, right, top, bottom;
      reach(box.left, box.right, width, source_width, left, right);
      reach(box.top, box.bottom, claims.height, claims.source_height, top, bottom);
      if (box.empty() || y < top || y >= bottom) continue;
      const float *a = claims.masks[i] + static_cast<size_t>(claims.rows.before[y]) * width;
      const float *b = claims.height > 1 ? a + width : a;
      for (int x = 0; x < width; x++) mixed[x] = a[x] + claims.rows.part[y] * (b[x] - a[x]);
      stretch_row(mixed.data(), claims.columns.before.data(), claims.columns.part.data(), width > 1 ? 1 : 0, left, right,
                  odds.data());
      if (claims.bands) put_band(claims.bands[i], y, odds.data());
      claim_row(odds.data(), left, right, static_cast<uint16_t>(i + 1), best.data(), row);
    }
  }
}

/** A claim weaker than this, in 255ths, is none. */
constexpr int kLeastClaim = 5;

/** Reads a band along a row, from left to right. */
class BandCursor {
 public:
  BandCursor(const ib_band *band, int y) : band_(band) {
    const int row = band ? y - band->top : -1;
    if (row < 0 || row + 1 >= static_cast<int>(band->starts.size())) return;
    at_ = band->starts[row];
    end_ = band->starts[row + 1];
  }
  /** What the band says of column x, where it says anything; x never goes back. */
  const uint8_t *find(int x) {
    while (at_ < end_ && band_->columns[at_] < x) at_++;
    return at_ < end_ && band_->columns[at_] == x ? &band_->probabilities[at_] : nullptr;
  }

 private:
  const ib_band *band_;
  size_t at_ = 0, end_ = 0;
};

/** Gives every pixel of row y that nobody owns to its best claimant, and writes the claim's strength in 255ths. */
void claim_left_over(const Claims &all, int y, uint16_t *owners, uint8_t *claims) {
  const Positions &columns = all.columns, &rows = all.rows;
  const int before = rows.before[y], below = all.height > 1 ? all.width : 0, next = all.width > 1 ? 1 : 0;
  std::vector<BandCursor> bands;
  for (size_t i = 0; i < all.boxes.size(); i++) bands.emplace_back(all.bands ? all.bands[i] : nullptr, y);
  for (int x = 0; x < all.source_width; x++) {
    if (owners[x] != 0) continue;
    const int column = columns.before[x];
    float best = 0;
    for (size_t i = 0; i < all.boxes.size(); i++) {
      const Box &box = all.boxes[i];
      if (box.empty() || before + 1 < box.top || before >= box.bottom || column + 1 < box.left || column >= box.right)
        continue;
      const float *a = all.masks[i] + static_cast<size_t>(before) * all.width + column, *b = a + below;
      const float upper = a[0] + columns.part[x] * (a[next] - a[0]), lower = b[0] + columns.part[x] * (b[next] - b[0]);
      const uint8_t *banded = bands[i].find(x);
      const float p = banded ? static_cast<float>(*banded) / 255 : upper + rows.part[y] * (lower - upper);
      if (p <= 0 || p < best) continue;
      best = p;
      owners[x] = static_cast<uint16_t>(i + 1);
    }
    claims[x] = static_cast<uint8_t>(std::min(255.0f, best * 255 + 0.5f));
    if (claims[x] == 0) owners[x] = 0;
  }
}

}  // namespace
}  // namespace ib

ib_status ib_owners_compute(ib_pool *pool, const float *const *masks, const ib_band *const *bands, int mask_count,
                            int width, int height, int source_width, int source_height, uint16_t *owners) {
  if (!pool || (!masks && mask_count > 0) || mask_count < 0 || mask_count > 65534 || !owners ||
      !ib::good_size(width, height) || !ib::good_size(source_width, source_height))
    return IB_BAD_ARGUMENT;
  return ib::guarded([&] {
    ib::Claims claims{masks, bands, {}, width, height, source_width, source_height, {width, source_width},
                      {height, source_height}};
    for (int i = 0; i < mask_count; i++) {
      // A band reaches beyond the outline that it corrects.
      const bool banded = bands && bands[i];
      const ib::Box box = ib::box_above(masks[i], width, height, banded ? 0.02f : 0.5f);
      claims.boxes.push_back(box.grown(banded ? ib::kBandReach : 0, width, height));
    }
    ib::for_ranges(*pool, source_height, 64,
                   [&](int first, int last) { ib::claim_rows(claims, first, last, owners); });
    return IB_OK;
  });
}

ib_status ib_owners_fill(ib_pool *pool, const float *const *masks, const ib_band *const *bands, int mask_count,
                         int width, int height, int source_width, int source_height, float unlabelled,
                         uint16_t *owners) {
  if (!pool || (!masks && mask_count > 0) || mask_count < 0 || mask_count > 65534 || !owners || !(unlabelled >= 0) ||
      !ib::good_size(width, height) || !ib::good_size(source_width, source_height))
    return IB_BAD_ARGUMENT;
  return ib::guarded([&] {
    const size_t pixels = static_cast<size_t>(source_width) * source_height;
    const auto free_count = static_cast<double>(std::count(owners, owners + pixels, uint16_t{0}));
    const double surplus = std::floor(free_count - static_cast<double>(unlabelled) * static_cast<double>(pixels));
    if (surplus < 1) return IB_OK;
    ib::Claims all{masks, bands, {}, width, height, source_width, source_height, {width, source_width},
                   {height, source_height}};
    for (int i = 0; i < mask_count; i++) all.boxes.push_back(ib::box_above(masks[i], width, height, 0));
    std::vector<uint8_t> claims(pixels, 0);
    ib::for_ranges(*pool, source_height, 64, [&](int first, int last) {
      for (int y = first; y < last; y++) {
        const size_t row = static_cast<size_t>(y) * source_width;
        ib::claim_left_over(all, y, owners + row, claims.data() + row);
      }
    });
    size_t counts[256] = {};
    for (const uint8_t claim : claims) counts[claim]++;
    int least = 256;
    for (double given = 0; least > ib::kLeastClaim && given < surplus;) given += static_cast<double>(counts[--least]);
    for (size_t i = 0; i < pixels; i++)
      if (claims[i] > 0 && claims[i] < least) owners[i] = 0;
    return IB_OK;
  });
}

ib_status ib_owners_reserve(const uint32_t *counts, size_t count, int source_width, int source_height,
                            uint16_t *owners) {
  if ((!counts && count > 0) || !owners || !ib::good_size(source_width, source_height)) return IB_BAD_ARGUMENT;
  const uint64_t pixels = static_cast<uint64_t>(source_width) * source_height;
  uint64_t at = 0;
  for (size_t i = 0; i < count; i++) {
    if (at + counts[i] > pixels) return IB_BAD_ARGUMENT;
    if (i % 2 == 1)
      for (uint64_t k = at; k < at + counts[i]; k++)
        owners[(k % source_height) * source_width + k / source_height] = ib::kReserved;
    at += counts[i];
  }
  return IB_OK;
}

ib_status ib_owners_encode(const uint16_t *owners, int source_width, int source_height, uint16_t owner,
                           uint32_t *counts, size_t capacity, size_t *length) {
  if (!owners || (!counts && capacity > 0) || !length || !ib::good_size(source_width, source_height))
    return IB_BAD_ARGUMENT;
  size_t written = 0;
  uint64_t start = 0;
  const uint64_t pixels = static_cast<uint64_t>(source_width) * source_height;
  bool inside = false;
  const auto end_run = [&](uint64_t at) {
    if (written < capacity) counts[written] = static_cast<uint32_t>(at - start);
    written++;
    start = at;
    inside = !inside;
  };
  // Runs go down the columns, memory along the rows: the columns are walked only where the owner is.
  const ib::Box box = ib::box_of(owners, source_width, source_height, owner);
  for (int x = box.left; x < box.right; x++) {
    const uint64_t column = static_cast<uint64_t>(x) * source_height;
    if (inside && box.top > 0) end_run(column);
    for (int y = box.top; y < box.bottom; y++)
      if ((owners[static_cast<size_t>(y) * source_width + x] == owner) != inside) end_run(column + y);
    if (inside && box.bottom < source_height) end_run(column + box.bottom);
  }
  if (inside && box.right < source_width) end_run(static_cast<uint64_t>(box.right) * source_height);
  end_run(pixels);
  *length = written;
  return written > capacity ? IB_TOO_SMALL : IB_OK;
}
