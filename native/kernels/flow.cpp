// Optical flow from coarse to fine.
#include <algorithm>
#include <cstring>

#include "flow-level.hpp"
#include "resize.hpp"

namespace ib {

void PaddedPlane::set(const float *source, int new_width, int new_height) {
  width = new_width;
  height = new_height;
  // A patch is read whole even where the picture is smaller than one.
  pitch = std::max(width, kPatch) + 2 * kPad;
  const int rows = std::max(height, kPatch) + 2 * kPad;
  data.resize(static_cast<size_t>(rows) * pitch);
  for (int y = 0; y < rows; y++) {
    const float *row = source + static_cast<size_t>(clamp_int(y - kPad, 0, height - 1)) * width;
    float *to = &data[static_cast<size_t>(y) * pitch];
    std::fill(to, to + kPad, row[0]);
    std::memcpy(to + kPad, row, sizeof(float) * width);
    std::fill(to + kPad + width, to + pitch, row[width - 1]);
  }
}

namespace {

struct GreyPlane {
  int width, height;
  std::vector<float> data;
};

std::vector<GreyPlane> pyramid_of(const float *grey, int width, int height, int levels) {
  std::vector<GreyPlane> levels_made;
  levels_made.push_back({width, height, std::vector<float>(grey, grey + static_cast<size_t>(width) * height)});
  for (int i = 1; i < levels; i++) {
    const GreyPlane &above = levels_made.back();
    GreyPlane next{std::max(1, above.width / 2), std::max(1, above.height / 2), {}};
    next.data.resize(static_cast<size_t>(next.width) * next.height);
    shrink_plane(above.data.data(), above.width, above.height, next.width, next.height, next.data.data());
    levels_made.push_back(std::move(next));
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

void set_level(FlowLevel &level, const GreyPlane &from, const GreyPlane &to) {
  level.width = from.width;
  level.height = from.height;
  level.from.set(from.data.data(), from.width, from.height);
  level.to.set(to.data.data(), to.width, to.height);
  const size_t size = static_cast<size_t>(from.width) * from.height;
  std::vector<float> dx(size), dy(size);
  for (int y = 0; y < from.height; y++)
    slope_row(level.from.at(0, y - 1), level.from.at(0, y), level.from.at(0, y + 1), from.width,
              &dx[static_cast<size_t>(y) * from.width], &dy[static_cast<size_t>(y) * from.width]);
  level.from_dx.set(dx.data(), from.width, from.height);
  level.from_dy.set(dy.data(), from.width, from.height);
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
    const int levels = ib::level_count(width, height, options->finest_level);
    std::vector<ib::GreyPlane> pyramids[2];
    pool->run(2, [&](int i) { pyramids[i] = ib::pyramid_of(i == 0 ? from : to, width, height, levels); });
    ib::FlowLevel level;
    for (int i = levels - 1; i >= options->finest_level; i--) {
      const int old_width = level.width, old_height = level.height;
      const ib::GreyPlane &grey = pyramids[0][i];
      const size_t size = static_cast<size_t>(grey.width) * grey.height;
      std::vector<float> u(size, 0.0f), v(size, 0.0f);
      if (old_width > 0) {
        ib::stretch_plane(level.u.data(), old_width, old_height, grey.width, grey.height,
                          static_cast<float>(grey.width) / old_width, u.data());
        ib::stretch_plane(level.v.data(), old_width, old_height, grey.width, grey.height,
                          static_cast<float>(grey.height) / old_height, v.data());
      }
      ib::set_level(level, grey, pyramids[1][i]);
      level.u = std::move(u);
      level.v = std::move(v);
      ib::search_flow(*pool, level, options->patch_stride, options->descent_steps);
      ib::refine_flow(*pool, level, options->refine_iterations);
    }
    const size_t size = static_cast<size_t>(width) * height;
    ib::stretch_plane(level.u.data(), level.width, level.height, width, height,
                      static_cast<float>(width) / level.width, flow);
    ib::stretch_plane(level.v.data(), level.width, level.height, width, height,
                      static_cast<float>(height) / level.height, flow + size);
    ib::round_range(2 * size, flow);
    return IB_OK;
  });
}
