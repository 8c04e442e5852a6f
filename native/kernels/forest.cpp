// Extremely randomised trees: Geurts, Ernst, Wehenkel (Machine Learning 63, 2006). A split tries random features with
// thresholds drawn between two random samples of the node and keeps the best Gini gain.
#include "forest.hpp"

#include <algorithm>
#include <limits>
#include <memory>

#include "features.hpp"
#include "mask.hpp"

namespace ib {
namespace {

constexpr int kMaxTries = 32;
constexpr float kSampleBand = 24;

/** Random splits of one node, measured together: a sample's features are read once for all of them. */
struct Tries {
  int count;
  int feature[kMaxTries];
  float threshold[kMaxTries];
  float left_weight[kMaxTries], left_truth[kMaxTries], left_count[kMaxTries];
  float weight, truth, samples;
};

IB_KERNEL void measure_tries(const float *features, int width, const float *truth, const float *weight, const int *ids, int count,
                             int step, Tries &tries) {
  for (int q = 0; q < kMaxTries; q++) tries.left_weight[q] = tries.left_truth[q] = tries.left_count[q] = 0;
  tries.weight = tries.truth = tries.samples = 0;
  for (int i = 0; i < count; i += step) {
    const int id = ids[i];
    const float *x = features + static_cast<size_t>(id) * width;
    const float w = weight[id], p = w * truth[id];
    tries.weight += w;
    tries.truth += p;
    tries.samples += 1;
    IB_INDEPENDENT
    for (int q = 0; q < kMaxTries; q++) {
      const float left = x[tries.feature[q]] < tries.threshold[q] ? 1.0f : 0.0f;
      tries.left_weight[q] += left * w;
      tries.left_truth[q] += left * p;
      tries.left_count[q] += left;
    }
  }
}

float impurity(float truth, float weight) { return weight <= 0 ? 0 : truth * (1 - truth / weight); }

/** Index of the try with the largest gain, or -1. */
int best_try(const Tries &tries, int step, int min_leaf) {
  int best = -1;
  float best_gain = 1e-9f;
  for (int q = 0; q < tries.count; q++) {
    const float left = tries.left_count[q], right = tries.samples - left;
    if (left * step < min_leaf || right * step < min_leaf) continue;
    const float gain = impurity(tries.truth, tries.weight) - impurity(tries.left_truth[q], tries.left_weight[q]) -
                       impurity(tries.truth - tries.left_truth[q], tries.weight - tries.left_weight[q]);
    if (gain > best_gain) best_gain = gain, best = q;
  }
  return best;
}

void draw_tries(const ib_samples &samples, const int *ids, int count, int wanted, Random &random, Tries &tries) {
  tries.count = 0;
  for (int q = 0; q < kMaxTries; q++) {
    tries.feature[q] = 0;
    tries.threshold[q] = -std::numeric_limits<float>::infinity();
  }
  for (int q = 0; q < wanted; q++) {
    const int feature = static_cast<int>(random.below(samples.width));
    const float a = samples.features[static_cast<size_t>(ids[random.below(count)]) * samples.width + feature];
    const float b = samples.features[static_cast<size_t>(ids[random.below(count)]) * samples.width + feature];
    const float part = random.unit();
    if (a == b) continue;
    tries.feature[tries.count] = feature;
    tries.threshold[tries.count++] = a + (b - a) * part;
  }
}

void add_leaf(Tree &tree) {
  tree.nodes.emplace_back(0, std::numeric_limits<float>::infinity(), static_cast<int>(tree.nodes.size()));
  tree.probabilities.push_back(0.5f);
}

/** Grows one tree over a bootstrap of the samples. */
Tree grow_tree(const ib_samples &samples, const ib_forest_options &options, uint64_t seed) {
  Random random(seed);
  const int total = static_cast<int>(samples.count());
  std::vector<int> ids(total);
  for (int &id : ids) id = static_cast<int>(random.below(total));
  struct Work {
    int node, begin, end, depth;
  };
  Tree tree;
  add_leaf(tree);
  std::vector<Work> stack{{0, 0, total, 0}};
  Tries tries;
  while (!stack.empty()) {
    const Work work = stack.back();
    stack.pop_back();
    const int count = work.end - work.begin;
    double weight = 0, truth = 0;
    for (int i = work.begin; i < work.end; i++) {
      weight += samples.weight[ids[i]];
      truth += static_cast<double>(samples.weight[ids[i]]) * samples.truth[ids[i]];
    }
    tree.probabilities[work.node] = static_cast<float>((truth + 0.5) / (weight + 1));
    tree.depth = std::max(tree.depth, work.depth);
    const double share = weight > 0 ? truth / weight : 0.5;
    if (work.depth >= options.max_depth || count < 2 * options.min_leaf || share < 1e-4 || share > 1 - 1e-4) continue;
    const int *node_ids = ids.data() + work.begin;
    draw_tries(samples, node_ids, count, options.tries, random, tries);
    const int step = std::max(1, count / options.gain_samples);
    measure_tries(samples.features.data(), samples.width, samples.truth.data(), samples.weight.data(), node_ids, count, step, tries);
    const int best = best_try(tries, step, options.min_leaf);
    if (best < 0) continue;
    const int feature = tries.feature[best];
    const float threshold = tries.threshold[best];
    const auto middle = std::partition(ids.begin() + work.begin, ids.begin() + work.end, [&](int id) {
      return samples.features[static_cast<size_t>(id) * samples.width + feature] < threshold;
    });
    const int split = static_cast<int>(middle - ids.begin());
    if (split == work.begin || split == work.end) continue;
    const int left = static_cast<int>(tree.nodes.size());
    add_leaf(tree);
    add_leaf(tree);
    tree.nodes[work.node] = Node(feature, threshold, left);
    stack.push_back({left, work.begin, split, work.depth + 1});
    stack.push_back({left + 1, split, work.end, work.depth + 1});
  }
  return tree;
}

constexpr int kBlock = 16, kChunk = 256;
// After kFirstTrees trees, and every kMoreTrees after, pixels may leave whose mean vote is within kSure of 0 or 1: the
// trees left would hardly move them.
constexpr int kFirstTrees = 6, kMoreTrees = 3;
constexpr float kSure = 0.03f;

/** Pixels that are still voted on: where the features of each begin, its sum of votes, and its number. */
struct Voters {
  uint32_t begins[kChunk];
  float votes[kChunk];
  int numbers[kChunk];
  int count;
};

/** Adds the tree's vote for every pixel: a block of them walks down together, so that their memory waits overlap. */
void vote(const Tree &tree, const float *features, Voters &voters) {
  const Node *nodes = tree.nodes.data();
  for (int first = 0; first < voters.count; first += kBlock) {
    const uint32_t *begins = voters.begins + first;
    uint32_t at[kBlock] = {0};
    for (int level = 0; level < tree.depth; level++) {
      uint32_t moved = 0;
      for (int i = 0; i < kBlock; i++) {
        const Node node = nodes[at[i]];
        const uint32_t next = node.next() + (features[begins[i] + node.feature()] < node.threshold ? 0 : 1);
        moved |= next ^ at[i];
        at[i] = next;
      }
      if (!moved) break;
    }
    for (int i = 0; i < kBlock; i++) voters.votes[first + i] += tree.probabilities[at[i]];
  }
}

/** Writes the mean vote of every pixel that is decided after so many trees, or of all, and takes it out. */
void release(Voters &voters, int trees, bool all, float *out) {
  const auto share = static_cast<float>(trees);
  int kept = 0;
  for (int i = 0; i < voters.count; i++) {
    const float mean = voters.votes[i] / share;
    if (all || mean < kSure || mean > 1 - kSure) {
      out[voters.numbers[i]] = mean;
      continue;
    }
    voters.begins[kept] = voters.begins[i];
    voters.votes[kept] = voters.votes[i];
    voters.numbers[kept++] = voters.numbers[i];
  }
  voters.count = kept;
}

}  // namespace
}  // namespace ib

void ib_forest::predict(const float *features, int count, bool leaving, float *out) const {
  const int tree_count = static_cast<int>(trees.size());
  ib::Voters voters;
  for (int first = 0; first < count; first += ib::kChunk) {
    const int here = std::min(ib::kChunk, count - first);
    const float *from = features + static_cast<size_t>(first) * width;
    // Whole blocks walk: those past the end walk with the first pixel.
    for (int i = 0; i < ib::kChunk; i++) {
      voters.begins[i] = i < here ? static_cast<uint32_t>(i * width) : 0;
      voters.votes[i] = 0;
      voters.numbers[i] = i;
    }
    voters.count = here;
    for (int tree = 1; voters.count > 0; tree++) {
      ib::vote(trees[tree - 1], from, voters);
      const bool last = tree == tree_count;
      if (last || (leaving && tree >= ib::kFirstTrees && (tree - ib::kFirstTrees) % ib::kMoreTrees == 0))
        ib::release(voters, tree, last, out + first);
    }
  }
}

ib_status ib_samples_init(ib_samples **out) {
  if (!out) return IB_BAD_ARGUMENT;
  return ib::guarded([&] {
    *out = new ib_samples();
    return IB_OK;
  });
}

void ib_samples_free(ib_samples *samples) { delete samples; }

size_t ib_samples_count(const ib_samples *samples) { return samples ? samples->count() : 0; }

ib_status ib_samples_add(ib_samples *samples, ib_pool *pool, const ib_view *view, const float *prior,
                         const float *truth, int max_count, float weight, uint32_t seed) {
  if (!samples || !pool || !view || !prior || !truth || max_count < 0 || !ib::good_size(view->width, view->height) ||
      !samples->takes(IB_FEATURE_COUNT))
    return IB_BAD_ARGUMENT;
  return ib::guarded([&] {
    const int width = view->width, height = view->height;
    const ib::Box box = ib::box_above(prior, width, height, 0.02f)
                            .joined(ib::box_above(truth, width, height, 0.02f))
                            .grown(ib::kBoxMargin, width, height);
    if (box.empty()) return IB_OK;
    const ib::KernelRun counted(*pool);
    const ib::FeatureBox features(*pool, *view, prior, box);
    const size_t size = static_cast<size_t>(box.width()) * box.height();
    std::vector<float> cut(size), truth_distance(size);
    for (int y = 0; y < box.height(); y++)
      std::copy_n(truth + static_cast<size_t>(box.top + y) * width + box.left, box.width(), &cut[y * size_t(box.width())]);
    ib::signed_distance(cut.data(), box.width(), box.height(), 30, truth_distance.data());
    ib::Random random(seed);
    std::vector<int> near, far;
    for (size_t i = 0; i < size; i++) {
      if (cut[i] < 0) continue;
      if (std::fabs(features.distance()[i]) < ib::kSampleBand || std::fabs(truth_distance[i]) < ib::kSampleBand)
        near.push_back(static_cast<int>(i));
      else
        far.push_back(static_cast<int>(i));
    }
    const auto take = [&](std::vector<int> &from, size_t most) {
      const size_t count = std::min(most, from.size());
      for (size_t k = 0; k < count; k++) {
        std::swap(from[k], from[k + random.below(static_cast<uint32_t>(from.size() - k))]);
        const int x = box.left + from[k] % box.width(), y = box.top + from[k] / box.width();
        const size_t end = samples->features.size();
        samples->features.resize(end + IB_FEATURE_COUNT);
        features.gather(x, y, &samples->features[end]);
        samples->truth.push_back(cut[from[k]]);
        samples->weight.push_back(weight);
      }
    };
    take(near, static_cast<size_t>(max_count) * 3 / 4);
    take(far, static_cast<size_t>(max_count) / 4);
    return IB_OK;
  });
}

ib_status ib_forest_init(ib_forest **out, ib_pool *pool, const ib_samples *samples, const ib_forest_options *options,
                         uint32_t seed) {
  if (!out || !pool || !samples || !options || samples->count() == 0 || samples->count() > 100000000 ||
      options->tree_count < 1 || options->max_depth < 1 || options->max_depth > 30 || options->min_leaf < 1 ||
      options->tries < 1 || options->tries > ib::kMaxTries || options->gain_samples < 1)
    return IB_BAD_ARGUMENT;
  return ib::guarded([&] {
    const ib::KernelRun counted(*pool);
    auto forest = std::make_unique<ib_forest>();
    forest->width = samples->width;
    forest->trees.resize(options->tree_count);
    pool->run(options->tree_count, [&](int i) {
      forest->trees[i] = ib::grow_tree(*samples, *options, (static_cast<uint64_t>(seed) << 16) + i);
    });
    *out = forest.release();
    return IB_OK;
  });
}

void ib_forest_free(ib_forest *forest) { delete forest; }
