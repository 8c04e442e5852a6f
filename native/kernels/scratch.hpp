// Memory that kernels use again and again: fresh pages from the system cost more than most loops over them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

namespace ib {

/** Hands out stretches of floats until `reset`, which keeps the memory. */
class Scratch {
 public:
  /** Uninitialised, aligned to 64 bytes, good until `reset`. */
  float *floats(size_t count) {
    const size_t wanted = (count + kAlign - 1) / kAlign * kAlign;
    while (block_ < blocks_.size() && used_ + wanted > blocks_[block_].size) {
      block_++;
      used_ = 0;
    }
    if (block_ == blocks_.size()) {
      blocks_.push_back({std::make_unique<float[]>(std::max(wanted, kLeast) + kAlign), std::max(wanted, kLeast)});
      used_ = 0;
    }
    float *start = blocks_[block_].data.get();
    const size_t off = reinterpret_cast<size_t>(start) / sizeof(float) % kAlign;
    float *out = start + (off == 0 ? 0 : kAlign - off) + used_;
    used_ += wanted;
    return out;
  }

  /** All of it is free again. */
  void reset() { block_ = used_ = 0; }

 private:
  static constexpr size_t kAlign = 16, kLeast = 1 << 20;
  struct Block {
    std::unique_ptr<float[]> data;
    size_t size;
  };
  std::vector<Block> blocks_;
  size_t block_ = 0, used_ = 0;
};

}  // namespace ib
