// Training pixels and the trees grown from them.
#pragma once

#include <vector>

#include "pool.hpp"

struct ib_samples {
  /** IB_FEATURE_COUNT a sample, one sample after the other. */
  std::vector<float> features;
  std::vector<float> truth, weight;
  size_t count() const { return truth.size(); }
};

namespace ib {

/**
 * A node of a tree. A pixel goes to `next` if its feature is below the threshold, else to next + 1. A leaf's threshold
 * is infinite and its `next` is itself, so that a walk of fixed length needs no test for the end.
 */
struct Node {
  int feature;
  float threshold;
  int next;
  float probability;
};

struct Tree {
  std::vector<Node> nodes;
  int depth = 0;
};

}  // namespace ib

struct ib_forest {
  std::vector<ib::Tree> trees;
  /** Object probability of `count` pixels, IB_FEATURE_COUNT features each. */
  void predict(const float *features, int count, float *out) const;
};
