// Dense inverse search, the sparse part: every patch of the first frame looks for itself in the second by inverse
// compositional gradient descent, neighbours hand good vectors on, and the patches' vectors are averaged to a dense
// field. Kroeger, Timofte, Dai, Van Gool: Fast Optical Flow using Dense Inverse Search (ECCV 2016); mean-normalised
// patches and spatial propagation as in its OpenCV version.
#include <algorithm>
#include <vector>

#include "flow-level.hpp"
#include "lanes.hpp"

namespace ib {
namespace {

constexpr float kPixels = kPatch * kPatch;
// Patch rows are searched in groups of this many, each alone, so that threads never wait for one another's rows and
// results do not depend on how many threads there are.
constexpr int kRowsAGroup = 6;

struct Vector {
  float u, v;
};

/** The grid of patches and what is found for each. */
struct PatchGrid {
  const FlowLevel &level;
  int stride, columns, rows;
  std::vector<Vector> vectors;

  PatchGrid(const FlowLevel &of, int patch_stride)
      : level(of),
        stride(patch_stride),
        columns(count(of.width, patch_stride)),
        rows(count(of.height, patch_stride)),
        vectors(static_cast<size_t>(columns) * rows) {}
  static int count(int length, int stride) { return (std::max(0, length - kPatch) + stride - 1) / stride + 1; }
  // The last patch ends with the picture even where the stride does not divide it.
  int left(int column) const { return std::max(0, std::min(column * stride, level.width - kPatch)); }
  int top(int row) const { return std::max(0, std::min(row * stride, level.height - kPatch)); }
  Vector &at(int column, int row) { return vectors[static_cast<size_t>(row) * columns + column]; }
  const Vector &at(int column, int row) const { return vectors[static_cast<size_t>(row) * columns + column]; }
};

/** One patch of the first frame with its gradients and the inverse of its structure tensor. */
struct Patch {
  Lanes image[kPatch], dx[kPatch], dy[kPatch];
  float sum_dx, sum_dy, inverse_xx, inverse_xy, inverse_yy;
};

IB_INLINE void load_patch(const FlowLevel &level, int left, int top, Patch &patch) {
  Lanes sum_x = {}, sum_y = {}, sum_xx = {}, sum_xy = {}, sum_yy = {};
  for (int y = 0; y < kPatch; y++) {
    load_lanes(level.from.at(left, top + y), patch.image[y]);
    load_lanes(level.from_dx.at(left, top + y), patch.dx[y]);
    load_lanes(level.from_dy.at(left, top + y), patch.dy[y]);
    sum_x += patch.dx[y];
    sum_y += patch.dy[y];
    sum_xx += patch.dx[y] * patch.dx[y];
    sum_xy += patch.dx[y] * patch.dy[y];
    sum_yy += patch.dy[y] * patch.dy[y];
  }
  patch.sum_dx = sum_lanes(sum_x);
  patch.sum_dy = sum_lanes(sum_y);
  const float xx = sum_lanes(sum_xx) - patch.sum_dx * patch.sum_dx / kPixels;
  const float xy = sum_lanes(sum_xy) - patch.sum_dx * patch.sum_dy / kPixels;
  const float yy = sum_lanes(sum_yy) - patch.sum_dy * patch.sum_dy / kPixels;
  const float determinant = std::max(xx * yy - xy * xy, 1e-3f);
  patch.inverse_xx = yy / determinant;
  patch.inverse_xy = -xy / determinant;
  patch.inverse_yy = xx / determinant;
}

/** Sum of squared differences after the mean is taken off, and the descent step that lowers it. */
IB_INLINE float match_patch(const FlowLevel &level, const Patch &patch, int left, int top, Vector vector,
                            Vector *step) {
  const float x = clamp_float(left + vector.u, 1.0f - kPatch, level.width - 1.0f);
  const float y = clamp_float(top + vector.v, 1.0f - kPatch, level.height - 1.0f);
  const int ix = static_cast<int>(std::floor(x)), iy = static_cast<int>(std::floor(y));
  const Bilinear w(x - ix, y - iy);
  Lanes sum = {}, squares = {}, times_dx = {}, times_dy = {};
  const float *row = level.to.at(ix, iy);
  const int pitch = level.to.pitch;
  Lanes a, b;
  load_lanes(row, a);
  load_lanes(row + 1, b);
  Lanes upper = a * (w.w00) + b * (w.w01);
  for (int r = 0; r < kPatch; r++) {
    row += pitch;
    load_lanes(row, a);
    load_lanes(row + 1, b);
    const Lanes difference = upper + (a * w.w10 + b * w.w11) - patch.image[r];
    upper = a * w.w00 + b * w.w01;
    sum += difference;
    squares += difference * difference;
    times_dx += difference * patch.dx[r];
    times_dy += difference * patch.dy[r];
  }
  const float total = sum_lanes(sum);
  if (step) {
    const float gx = sum_lanes(times_dx) - total * patch.sum_dx / kPixels;
    const float gy = sum_lanes(times_dy) - total * patch.sum_dy / kPixels;
    step->u = patch.inverse_xx * gx + patch.inverse_xy * gy;
    step->v = patch.inverse_xy * gx + patch.inverse_yy * gy;
  }
  return sum_lanes(squares) - total * total / kPixels;
}

IB_INLINE Vector descend(const FlowLevel &level, const Patch &patch, int left, int top, Vector start, int steps) {
  Vector now = start;
  float best = 1e30f;
  for (int i = 0; i < steps; i++) {
    Vector step;
    const float difference = match_patch(level, patch, left, top, now, &step);
    if (difference >= best) break;
    best = difference;
    now.u -= step.u;
    now.v -= step.v;
    if (step.u * step.u + step.v * step.v < 1e-5f) break;
  }
  const float far = (now.u - start.u) * (now.u - start.u) + (now.v - start.v) * (now.v - start.v);
  return far <= kPixels ? now : start;
}

/** Takes `other` for `best` if the patch fits better there. */
IB_INLINE void prefer(const FlowLevel &level, const Patch &patch, int left, int top, Vector other, Vector &best,
                      float &least) {
  const float difference = match_patch(level, patch, left, top, other, nullptr);
  if (difference >= least) return;
  least = difference;
  best = other;
}

/** Searches patch rows first .. last - 1, forward then backward, each patch starting from the best of its candidates. */
IB_KERNEL void search_rows(PatchGrid &grid, int first, int last, int steps) {
  const FlowLevel &level = grid.level;
  for (int pass = 0; pass < 2; pass++) {
    const int by = pass == 0 ? 1 : -1;
    const int first_row = pass == 0 ? first : last - 1, end_row = pass == 0 ? last : first - 1;
    const int first_column = pass == 0 ? 0 : grid.columns - 1, end_column = pass == 0 ? grid.columns : -1;
    for (int row = first_row; row != end_row; row += by)
      for (int column = first_column; column != end_column; column += by) {
        const int left = grid.left(column), top = grid.top(row);
        Patch patch;
        load_patch(level, left, top, patch);
        Vector best = grid.at(column, row);
        float least = match_patch(level, patch, left, top, best, nullptr);
        if (column != first_column) prefer(level, patch, left, top, grid.at(column - by, row), best, least);
        if (row != first_row) prefer(level, patch, left, top, grid.at(column, row - by), best, least);
        grid.at(column, row) = descend(level, patch, left, top, best, steps);
      }
  }
}

/**
 * Dense flow of pixel row y: every patch over it votes, the more the better it fits there. Patches that overlap follow
 * one another at a distance, else each would wait for the sums that the one before has just written.
 */
IB_KERNEL void densify_row(const PatchGrid &grid, FlowLevel &level, int y, int first_row, int last_row, float *sums) {
  const int width = level.width, padded = width + kPatch;
  float *sum_u = sums, *sum_v = sums + padded, *sum_weight = sums + 2 * padded;
  std::fill(sums, sums + 3 * padded, 0.0f);
  const int apart = (kPatch + grid.stride - 1) / grid.stride;
  for (int row = first_row; row <= last_row; row++)
    for (int turn = 0; turn < apart; turn++)
      for (int column = turn; column < grid.columns; column += apart) {
        const int left = grid.left(column);
        const Vector vector = grid.at(column, row);
        const float x_at = clamp_float(left + vector.u, 1.0f - kPatch, width - 1.0f);
        const float y_at = clamp_float(y + vector.v, 1.0f - kPatch, level.height - 1.0f);
        const int ix = static_cast<int>(std::floor(x_at)), iy = static_cast<int>(std::floor(y_at));
        const Bilinear w(x_at - ix, y_at - iy);
        const float *above = level.to.at(ix, iy), *below = above + level.to.pitch;
        Lanes a, b, c, d, image, weight;
        load_lanes(above, a), load_lanes(above + 1, b), load_lanes(below, c), load_lanes(below + 1, d);
        load_lanes(level.from.at(left, y), image);
        weigh_lanes(a * w.w00 + b * w.w01 + c * w.w10 + d * w.w11 - image, weight);
        load_lanes(sum_weight + left, a), load_lanes(sum_u + left, b), load_lanes(sum_v + left, c);
        store_lanes(a + weight, sum_weight + left);
        store_lanes(b + weight * vector.u, sum_u + left);
        store_lanes(c + weight * vector.v, sum_v + left);
      }
  float *u = &level.u[static_cast<size_t>(y) * width], *v = &level.v[static_cast<size_t>(y) * width];
  for (int x = 0; x < width; x++) {
    const float one = 1.0f / sum_weight[x];
    u[x] = sum_u[x] * one;
    v[x] = sum_v[x] * one;
  }
}

}  // namespace

void search_flow(ib_pool &pool, FlowLevel &level, int patch_stride, int descent_steps) {
  PatchGrid grid(level, patch_stride);
  for (int row = 0; row < grid.rows; row++)
    for (int column = 0; column < grid.columns; column++) {
      const int x = std::min(grid.left(column) + kPatch / 2, level.width - 1);
      const int y = std::min(grid.top(row) + kPatch / 2, level.height - 1);
      const size_t i = static_cast<size_t>(y) * level.width + x;
      grid.at(column, row) = {level.u[i], level.v[i]};
    }
  const int steps = std::max(1, descent_steps / 2);
  for_ranges(pool, grid.rows, kRowsAGroup, [&](int first, int last) { search_rows(grid, first, last, steps); });
  for_ranges(pool, level.height, 16, [&](int first, int last) {
    std::vector<float> sums(3 * static_cast<size_t>(level.width + kPatch));
    int first_row = 0, last_row = 0;
    for (int y = first; y < last; y++) {
      while (first_row + 1 < grid.rows && grid.top(first_row) + kPatch <= y) first_row++;
      last_row = std::max(last_row, first_row);
      while (last_row + 1 < grid.rows && grid.top(last_row + 1) <= y) last_row++;
      densify_row(grid, level, y, first_row, last_row, sums.data());
    }
  });
}

}  // namespace ib
