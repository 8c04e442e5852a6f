// Optical flow from coarse to fine.
#include <algorithm>
#include <cstring>
#include <vector>

#include "flow-level.hpp"
#include "resize.hpp"

namespace ib {

void PaddedPlane::make(Workspace &memory, int new_width, int new_height) {
  width = new_width;
  height = new_height;
  // A patch is read whole even where the picture is smaller than one.
  pitch = std::max(width, kPatch) + 2 * kPad;
  data = memory.floats(static_cast<size_t>(std::max(height, kPatch) + 2 * kPad) * pitch);
}

void PaddedPlane::close() {
  for (int y = 0; y < height; y++) {
    float *row = at(0, y);
    std::fill(row - kPad, row, row[0]);
    std::fill(row + width, row + pitch - kPad, row[width - 1]);
  }
  const size_t bytes = sizeof(float) * pitch;
  for (int y = 1; y <= kPad; y++) std::memcpy(at(-kPad, -y), at(-kPad, 0), bytes);
  for (int y = height; y < std::max(height, kPatch) + kPad; y++) std::memcpy(at(-kPad, y), at(-kPad, height - 1), bytes);
}

namespace {

struct GreyPlane {
  int width, height;
  const float *data;
};

std::vector<GreyPlane> pyramid_of(Workspace &memory, const float *grey, int width, int height, int levels) {
  std::vector<GreyPlane> levels_made{{width, height, grey}};
  for (int i = 1; i < levels; i++) {
    const GreyPlane &above = levels_made.back();
    const int half_width = std::max(1, above.width / 2), half_height = std::max(1, above.height / 2);
    float *next = memory.floats(static_cast<size_t>(half_width) * half_height);
    shrink_plane(above.data, above.width, above.height, half_width, half_height, next);
    levels_made.push_back({half_width, half_height, next});
  }
  return levels_made;
}

/** Levels down to about four patches across, and never less than one patch high. */
int level_count(int width, int height, int finest) {
  const int across = static_cast<int>(std::log2(std::max(width, height) / (4.0 * kPatch)) + 0.5);
  const int high = static_cast<int>(std::log2(std::min(width, height) / static_cast<double>(kPatch)));
  return std::max(finest, std::min(across, high)) + 1;
}

IB_KERNEL void slope_row(const float *IB_RESTRICT above, const float *IB_RESTRICT row, const float *IB_RESTRICT below,
                         int width, float *IB_RESTRICT dx, float *IB_RESTRICT dy) {
  for (int x = 0; x < width; x++) {
    dx[x] = 0.5f * (row[x + 1] - row[x - 1]);
    dy[x] = 0.5f * (below[x] - above[x]);
  }
}

void set_plane(Workspace &memory, const GreyPlane &grey, PaddedPlane &plane) {
  plane.make(memory, grey.width, grey.height);
  for (int y = 0; y < grey.height; y++)
    std::memcpy(plane.at(0, y), grey.data + static_cast<size_t>(y) * grey.width, sizeof(float) * grey.width);
  plane.close();
}

void set_level(Workspace &memory, FlowLevel &level, const GreyPlane &from, const GreyPlane &to) {
  level.width = from.width;
  level.height = from.height;
  set_plane(memory, from, level.from);
  set_plane(memory, to, level.to);
  level.from_dx.make(memory, from.width, from.height);
  level.from_dy.make(memory, from.width, from.height);
  for (int y = 0; y < from.height; y++)
    slope_row(level.from.at(0, y - 1), level.from.at(0, y), level.from.at(0, y + 1), from.width,
              level.from_dx.at(0, y), level.from_dy.at(0, y));
  level.from_dx.close();
  level.from_dy.close();
}

}  // namespace
}  // namespace ib

namespace ib {

/** To 64ths of a pixel, so that a flow stored in two bytes a number is the same flow. */
IB_KERNEL void round_range(size_t size, float *flow) {
  for (size_t i = 0; i < size; i++) {
    const float bounded = clamp_float(flow[i], -IB_FLOW_LIMIT, IB_FLOW_LIMIT);
    flow[i] = std::floor(bounded * IB_FLOW_STEPS + 0.5f) * (1.0f / IB_FLOW_STEPS);
  }
}

}  // namespace ib

ib_status ib_flow_compute(ib_pool *pool, const float *from, const float *to, int width, int height,
                          const ib_flow_options *options, float *flow) {
  if (!pool || !from || !to || !options || !flow || !ib::good_size(width, height) || options->finest_level < 0 ||
      options->finest_level > 4 || options->patch_stride < 1 || options->patch_stride > ib::kPatch ||
      options->descent_steps < 1 || options->refine_iterations < 0)
    return IB_BAD_ARGUMENT;
  return ib::guarded([&] {
    const ib::KernelRun counted(*pool);
    ib::Workspace memory(*pool);
    const int levels = ib::level_count(width, height, options->finest_level);
    const auto from_levels = ib::pyramid_of(memory, from, width, height, levels);
    const auto to_levels = ib::pyramid_of(memory, to, width, height, levels);
    const size_t size = static_cast<size_t>(width) * height;
    ib::FlowLevel level;
    for (int i = levels - 1; i >= options->finest_level; i--) {
      const ib::FlowLevel coarser = level;
      const ib::GreyPlane &grey = from_levels[i];
      const size_t level_size = static_cast<size_t>(grey.width) * grey.height;
      level.u = i == 0 ? flow : memory.floats(level_size);
      level.v = i == 0 ? flow + size : memory.floats(level_size);
      if (coarser.width > 0) {
        ib::stretch_plane(coarser.u, coarser.width, coarser.height, grey.width, grey.height,
                          static_cast<float>(grey.width) / coarser.width, level.u);
        ib::stretch_plane(coarser.v, coarser.width, coarser.height, grey.width, grey.height,
                          static_cast<float>(grey.height) / coarser.height, level.v);
      } else {
        std::fill_n(level.u, level_size, 0.0f);
        std::fill_n(level.v, level_size, 0.0f);
      }
      ib::set_level(memory, level, grey, to_levels[i]);
      ib::search_flow(*pool, level, options->patch_stride, options->descent_steps);
      ib::refine_flow(*pool, level, options->refine_iterations);
    }
    if (options->finest_level > 0) {
      ib::stretch_plane(level.u, level.width, level.height, width, height, static_cast<float>(width) / level.width, flow);
      ib::stretch_plane(level.v, level.width, level.height, width, height, static_cast<float>(height) / level.height,
                        flow + size);
    }
    ib::round_range(2 * size, flow);
    return IB_OK;
  });
}
