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

/** What an object says of a frame, to be stretched: its mask of working size, or its band. */
struct Soft {
  const float *odds;
  /** Where the odds are, row by row; beyond, they are 0. */
  Box extent;
  /** Where they count. */
  Box box;
  int width, height;
  Positions columns, rows;

  Soft(const float *mask, int width, int height, int source_width, int source_height, float least)
      : odds(mask), extent{0, 0, width, height}, box(box_above(mask, width, height, least)), width(width),
        height(height), columns(width, source_width), rows(height, source_height) {}
  Soft(const ib_band &band, int source_width, int source_height)
      : odds(band.odds.data()), extent(band.box), box(band.box), width(band.width), height(band.height),
        columns(band.width, source_width), rows(band.height, source_height) {}

  /** From its column `extent.left`; null where there are no odds. */
  const float *row(int y) const {
    return y < extent.top || y >= extent.bottom ? nullptr : odds + static_cast<size_t>(y - extent.top) * extent.width();
  }
  float at(int x, int y) const {
    const float *from = x < extent.left || x >= extent.right ? nullptr : row(y);
    return from ? from[x - extent.left] : 0;
  }
};

std::vector<Soft> softs_of(const float *const *masks, const ib_band *const *bands, int count, int width, int height,
                           int source_width, int source_height, float least) {
  std::vector<Soft> softs;
  softs.reserve(count);
  for (int i = 0; i < count; i++) {
    if (bands && bands[i])
      softs.emplace_back(*bands[i], source_width, source_height);
    else
      softs.emplace_back(masks[i], width, height, source_width, source_height, least);
  }
  return softs;
}

/** Columns first .. last - 1 of two rows, mixed; a row of null is 0, and so is what lies outside `extent`. */
void mix_rows(const Soft &soft, const float *a, const float *b, float part, int first, int last, float *mixed) {
  const Box &extent = soft.extent;
  for (int x = first; x < last; x++) {
    const int at = x - extent.left;
    if (x < extent.left || x >= extent.right) {
      mixed[x] = 0;
      continue;
    }
    const float upper = a ? a[at] : 0, lower = b ? b[at] : 0;
    mixed[x] = upper + part * (lower - upper);
  }
}

void claim_rows(const std::vector<Soft> &softs, int source_width, int source_height, int first, int last,
                uint16_t *owners) {
  std::vector<float> best(source_width), mixed, odds(source_width);
  for (int y = first; y < last; y++) {
    std::fill(best.begin(), best.end(), 0.5f);
    uint16_t *row = owners + static_cast<size_t>(y) * source_width;
    for (int x = 0; x < source_width; x++)
      if (row[x] != kReserved) row[x] = 0;
    for (size_t i = 0; i < softs.size(); i++) {
      const Soft &soft = softs[i];
      int left, right, top, bottom;
      reach(soft.box.left, soft.box.right, soft.width, source_width, left, right);
      reach(soft.box.top, soft.box.bottom, soft.height, source_height, top, bottom);
      if (soft.box.empty() || y < top || y >= bottom) continue;
      mixed.resize(soft.width + 1);
      const int before = soft.rows.before[y];
      mix_rows(soft, soft.row(before), soft.height > 1 ? soft.row(before + 1) : soft.row(before), soft.rows.part[y],
               soft.columns.before[left], std::min(soft.width, soft.columns.before[right - 1] + 2), mixed.data());
      stretch_row(mixed.data(), soft.columns.before.data(), soft.columns.part.data(), soft.width > 1 ? 1 : 0, left,
                  right, odds.data());
      claim_row(odds.data(), left, right, static_cast<uint16_t>(i + 1), best.data(), row);
    }
  }
}

/** A claim weaker than this, in 255ths, is none. */
constexpr int kLeastClaim = 5;

/** Gives every pixel of row y that nobody owns to its best claimant, and writes the claim's strength in 255ths. */
void claim_left_over(const std::vector<Soft> &softs, int source_width, int y, uint16_t *owners, uint8_t *claims) {
  for (int x = 0; x < source_width; x++) {
    if (owners[x] != 0) continue;
    float best = 0;
    for (size_t i = 0; i < softs.size(); i++) {
      const Soft &soft = softs[i];
      const Box &box = soft.box;
      const int column = soft.columns.before[x], before = soft.rows.before[y];
      if (box.empty() || before + 1 < box.top || before >= box.bottom || column + 1 < box.left || column >= box.right)
        continue;
      const int next = soft.width > 1 ? 1 : 0, below = soft.height > 1 ? 1 : 0;
      const float part = soft.columns.part[x];
      const float a = soft.at(column, before), b = soft.at(column, before + below);
      const float upper = a + part * (soft.at(column + next, before) - a);
      const float lower = b + part * (soft.at(column + next, before + below) - b);
      const float p = upper + soft.rows.part[y] * (lower - upper);
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
    const std::vector<ib::Soft> softs =
        ib::softs_of(masks, bands, mask_count, width, height, source_width, source_height, 0.5f);
    ib::for_ranges(*pool, source_height, 64, [&](int first, int last) {
      ib::claim_rows(softs, source_width, source_height, first, last, owners);
    });
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
    const std::vector<ib::Soft> softs =
        ib::softs_of(masks, bands, mask_count, width, height, source_width, source_height, 0);
    std::vector<uint8_t> claims(pixels, 0);
    ib::for_ranges(*pool, source_height, 64, [&](int first, int last) {
      for (int y = first; y < last; y++) {
        const size_t row = static_cast<size_t>(y) * source_width;
        ib::claim_left_over(softs, source_width, y, owners + row, claims.data() + row);
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
