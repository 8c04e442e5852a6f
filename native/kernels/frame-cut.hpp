// Minimum cut of a picture's grid into object and rest.
#pragma once

#include <cstdint>
#include <vector>

#include "kernel.hpp"

namespace ib {

/**
 * Maximum flow over pixels joined to their eight neighbours, by two search trees that are kept from one path to the
 * next (Boykov, Kolmogorov, PAMI 26, 2004). Capacities are integers, so that the cut is the same everywhere.
 */
class GridCut {
 public:
  GridCut(int width, int height);

  /** Positive: what it costs to call the pixel background; negative: to call it object. */
  void set_terminal(int x, int y, int value) { terminal_[at(x, y)] = value; }
  /** What it costs to part (x, y) from its neighbour 4 to 7: right, lower left, below, lower right. Both in the grid. */
  void join(int x, int y, int direction, int cost);
  void run();
  /** Whether the pixel is on the object's side. Pixels that neither side needs are background. */
  bool inside(int x, int y) const { return tree_[at(x, y)] == kObject; }

  static constexpr int kDirections = 8;
  static constexpr int dx[kDirections] = {-1, 0, 1, -1, 1, -1, 0, 1};
  static constexpr int dy[kDirections] = {-1, -1, -1, 0, 0, 1, 1, 1};

 private:
  enum Tree : uint8_t { kFree, kObject, kRest };
  /** Parents: a direction, the terminal, or none yet. */
  static constexpr uint8_t kTerminal = 8, kOrphan = 9;

  int at(int x, int y) const { return (y + 1) * pitch_ + x + 1; }
  int &capacity(int node, int direction) { return capacity_[static_cast<size_t>(node) * kDirections + direction]; }
  /** What the edge from `node` in `direction` can still carry from parent to child in the node's own tree. */
  int room(int node, int direction, Tree tree) {
    return tree == kObject ? capacity(node, direction) : capacity(node + offset_[direction], 7 - direction);
  }
  void activate(int node);
  int next_active();
  /** Looks for a way from `node` to the other tree; -1 when there is none, else the direction. */
  int grow(int node);
  void augment(int node, int direction);
  void push_to_terminal(int node, int amount);
  int bottleneck_to_terminal(int node, int least);
  void adopt();
  void adopt(int node);
  /** Steps from the node to its tree's terminal; 0 when it hangs on an orphan. */
  int steps_to_terminal(int node);

  int pitch_;
  int offset_[kDirections];
  std::vector<int> terminal_, capacity_, stamp_, steps_;
  std::vector<uint8_t> tree_, parent_, is_active_;
  std::vector<int> active_, orphans_;
  size_t active_head_ = 0;
  int time_ = 0;
};

}  // namespace ib
