// Training pixels and the trees grown from them.
#pragma once

#include <vector>

#include "pool.hpp"

struct ib_samples {
  /** Features a sample: IB_FEATURE_COUNT or IB_BAND_FEATURES. 0: not known before the first sample. */
  int width = 0;
  /** `width` a sample, one sample after the other. */
  std::vector<float> features;
  std::vector<float> truth, weight;
  size_t count() const { return truth.size(); }
  /** Whether samples of so many features can be added. */
  bool takes(int features_a_sample) {
    if (width == 0) width = features_a_sample;
    return width == features_a_sample;
  }
};

namespace ib {

/**
 * A node of a tree, in eight bytes, because a walk is all memory. A pixel goes to `next` if its feature is below the
 * threshold, else to next + 1. A leaf's threshold is infinite and its `next` is itself, so that a walk of fixed length
 * needs no test for the end.
 */
struct Node {
  float threshold;
  uint32_t link;
  static constexpr int kFeatureBits = 5;
  static_assert(IB_FEATURE_COUNT <= 1 << kFeatureBits, "a node's link holds the feature's number");
  Node(int feature, float below, int next) : threshold(below), link(static_cast<uint32_t>(next) << kFeatureBits | feature) {}
  int feature() const { return link & ((1 << kFeatureBits) - 1); }
  int next() const { return link >> kFeatureBits; }
};

struct Tree {
  std::vector<Node> nodes;
  /** Of each node, were it a leaf. */
  std::vector<float> probabilities;
  int depth = 0;
};

}  // namespace ib

struct ib_forest {
  /** Features a pixel. */
  int width = 0;
  std::vector<ib::Tree> trees;
  /** Object probability of `count` pixels, `width` features each; `leaving`: the first trees decide where they agree. */
  void predict(const float *features, int count, bool leaving, float *out) const;
};
