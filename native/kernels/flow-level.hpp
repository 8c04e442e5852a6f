// One pyramid level of a pair of frames, and the two halves of the flow computation that work on it.
#pragma once

#include "pool.hpp"

namespace ib {

constexpr int kPatch = 8;
// Repeated pixels around a level's images: a patch may leave the picture by its own size, and is read bilinearly.
constexpr int kPad = 16;

/** A plane with kPad repeated pixels on every side. */
struct PaddedPlane {
  int width = 0, height = 0, pitch = 0;
  float *data = nullptr;
  /** Memory for a plane of this size, its values unset. */
  void make(Workspace &memory, int new_width, int new_height);
  /** Repeats the outer pixels into the border. */
  void close();
  float *at(int x, int y) { return data + static_cast<long>(y + kPad) * pitch + (x + kPad); }
  const float *at(int x, int y) const { return data + static_cast<long>(y + kPad) * pitch + (x + kPad); }
};

struct FlowLevel {
  int width = 0, height = 0;
  PaddedPlane from, to, from_dx, from_dy;
  /** Dense flow of the level, pixels of the level. */
  float *u = nullptr, *v = nullptr;
};

/** Replaces the level's flow by the one found by inverse search from it, made dense. */
void search_flow(ib_pool &pool, FlowLevel &level, int patch_stride, int descent_steps);

/** Variational refinement (Brox et al. 2004) of the level's flow. */
void refine_flow(ib_pool &pool, FlowLevel &level, int iterations);

}  // namespace ib
