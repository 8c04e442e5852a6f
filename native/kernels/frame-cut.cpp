#include "frame-cut.hpp"

#include <algorithm>
#include <cstdlib>

namespace ib {

constexpr int GridCut::dx[];
constexpr int GridCut::dy[];

GridCut::GridCut(int width, int height) : pitch_(width + 2) {
  const size_t count = static_cast<size_t>(pitch_) * (height + 2);
  terminal_.assign(count, 0);
  capacity_.assign(count * kDirections, 0);
  stamp_.assign(count, 0);
  steps_.assign(count, 0);
  tree_.assign(count, kFree);
  parent_.assign(count, kOrphan);
  is_active_.assign(count, 0);
  for (int k = 0; k < kDirections; k++) offset_[k] = dy[k] * pitch_ + dx[k];
}

void GridCut::join(int x, int y, int direction, int cost) {
  const int node = at(x, y);
  capacity(node, direction) = cost;
  capacity(node + offset_[direction], 7 - direction) = cost;
}

void GridCut::activate(int node) {
  if (is_active_[node]) return;
  is_active_[node] = 1;
  active_.push_back(node);
}

int GridCut::next_active() {
  while (active_head_ < active_.size()) {
    const int node = active_[active_head_++];
    is_active_[node] = 0;
    if (parent_[node] != kOrphan) return node;
  }
  active_.clear();
  active_head_ = 0;
  return -1;
}

int GridCut::grow(int node) {
  const Tree tree = static_cast<Tree>(tree_[node]);
  for (int k = 0; k < kDirections; k++) {
    if (room(node, k, tree) == 0) continue;
    const int other = node + offset_[k];
    if (tree_[other] == kFree) {
      tree_[other] = tree;
      parent_[other] = static_cast<uint8_t>(7 - k);
      stamp_[other] = stamp_[node];
      steps_[other] = steps_[node] + 1;
      activate(other);
    } else if (tree_[other] != tree) {
      return k;
    } else if (stamp_[other] <= stamp_[node] && steps_[other] > steps_[node]) {
      // A shorter way home.
      parent_[other] = static_cast<uint8_t>(7 - k);
      stamp_[other] = stamp_[node];
      steps_[other] = steps_[node] + 1;
    }
  }
  return -1;
}

int GridCut::bottleneck_to_terminal(int node, int least) {
  const Tree tree = static_cast<Tree>(tree_[node]);
  while (parent_[node] != kTerminal) {
    const int k = parent_[node], parent = node + offset_[k];
    least = std::min(least, tree == kObject ? capacity(parent, 7 - k) : capacity(node, k));
    node = parent;
  }
  return std::min(least, std::abs(terminal_[node]));
}

void GridCut::push_to_terminal(int node, int amount) {
  const Tree tree = static_cast<Tree>(tree_[node]);
  for (;;) {
    if (parent_[node] == kTerminal) {
      terminal_[node] += tree == kObject ? -amount : amount;
      if (terminal_[node] == 0) {
        parent_[node] = kOrphan;
        orphans_.push_back(node);
      }
      return;
    }
    const int k = parent_[node], parent = node + offset_[k];
    int &from_parent = tree == kObject ? capacity(parent, 7 - k) : capacity(node, k);
    int &back = tree == kObject ? capacity(node, k) : capacity(parent, 7 - k);
    from_parent -= amount;
    back += amount;
    if (from_parent == 0) {
      parent_[node] = kOrphan;
      orphans_.push_back(node);
    }
    node = parent;
  }
}

void GridCut::augment(int node, int direction) {
  const bool of_object = tree_[node] == kObject;
  const int other = node + offset_[direction];
  const int from = of_object ? node : other, to = of_object ? other : node;
  const int way = of_object ? direction : 7 - direction;
  int amount = bottleneck_to_terminal(from, capacity(from, way));
  amount = bottleneck_to_terminal(to, amount);
  capacity(from, way) -= amount;
  capacity(to, 7 - way) += amount;
  push_to_terminal(from, amount);
  push_to_terminal(to, amount);
}

int GridCut::steps_to_terminal(int node) {
  int steps = 0;
  for (int at = node;;) {
    if (stamp_[at] == time_) {
      steps += steps_[at];
      break;
    }
    steps++;
    if (parent_[at] == kTerminal) {
      stamp_[at] = time_;
      steps_[at] = 1;
      break;
    }
    if (parent_[at] == kOrphan) return 0;
    at += offset_[parent_[at]];
  }
  // Remembered along the way, for the next one who asks.
  int left = steps;
  for (int at = node; stamp_[at] != time_; at += offset_[parent_[at]]) {
    stamp_[at] = time_;
    steps_[at] = left--;
  }
  return steps;
}

void GridCut::adopt(int node) {
  const Tree tree = static_cast<Tree>(tree_[node]);
  int best = -1, best_steps = 0;
  for (int k = 0; k < kDirections; k++) {
    const int other = node + offset_[k];
    const int carried = tree == kObject ? capacity(other, 7 - k) : capacity(node, k);
    if (tree_[other] != tree || carried == 0 || parent_[other] == kOrphan) continue;
    const int steps = steps_to_terminal(other);
    if (steps > 0 && (best < 0 || steps < best_steps)) best = k, best_steps = steps;
  }
  if (best >= 0) {
    parent_[node] = static_cast<uint8_t>(best);
    stamp_[node] = time_;
    steps_[node] = best_steps + 1;
    return;
  }
  for (int k = 0; k < kDirections; k++) {
    const int other = node + offset_[k];
    if (tree_[other] != tree) continue;
    const int carried = tree == kObject ? capacity(other, 7 - k) : capacity(node, k);
    if (carried > 0) activate(other);
    if (parent_[other] == 7 - k) {
      parent_[other] = kOrphan;
      orphans_.push_back(other);
    }
  }
  tree_[node] = kFree;
}

void GridCut::adopt() {
  time_++;
  for (size_t i = 0; i < orphans_.size(); i++) adopt(orphans_[i]);
  orphans_.clear();
}

void GridCut::run() {
  for (size_t i = 0; i < terminal_.size(); i++) {
    if (terminal_[i] == 0) continue;
    tree_[i] = terminal_[i] > 0 ? kObject : kRest;
    parent_[i] = kTerminal;
    steps_[i] = 1;
    activate(static_cast<int>(i));
  }
  for (int node = next_active(); node >= 0; node = next_active()) {
    // The same node is looked at until it finds no more ways to the other tree.
    while (parent_[node] != kOrphan && tree_[node] != kFree) {
      const int direction = grow(node);
      if (direction < 0) break;
      augment(node, direction);
      adopt();
    }
  }
}

}  // namespace ib
