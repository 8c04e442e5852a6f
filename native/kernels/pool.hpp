// A few threads that share the parts of one job.
#pragma once

#include <functional>

#ifndef __wasm__
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>
#endif

#include "kernel.hpp"

#ifdef __wasm__

/** WebAssembly has no threads here: the caller does every part. Results are the same, as they are for any number. */
struct ib_pool {
  explicit ib_pool(int) {}
  void run(int part_count, const std::function<void(int)> &body) {
    for (int part = 0; part < part_count; part++) body(part);
  }
};

#else

struct ib_pool {
  explicit ib_pool(int thread_count);
  ~ib_pool();
  ib_pool(const ib_pool &) = delete;
  ib_pool &operator=(const ib_pool &) = delete;

  /**
   * Calls body(0) .. body(part_count - 1), each once, in any order, and returns when all are done. Throws
   * std::bad_alloc if a part ran out of memory. Where the pool is busy with another caller's job, this caller does its parts alone.
   */
  void run(int part_count, const std::function<void(int)> &body);

 private:
  void work();
  void take_parts(const std::function<void(int)> &body);

  std::vector<std::thread> threads_;
  std::mutex owner_;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  const std::function<void(int)> *body_ = nullptr;
  int part_count_ = 0;
  int working_ = 0;
  std::atomic<int> next_part_{0};
  std::atomic<uint64_t> job_{0};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> failed_{false};
};

#endif

namespace ib {

/** body(first, last) over 0 .. count - 1 in parts of `part_size`, spread over the pool. */
template <class Body>
void for_ranges(ib_pool &pool, int count, int part_size, const Body &body) {
  const int parts = (count + part_size - 1) / part_size;
  pool.run(parts, [&](int part) {
    const int first = part * part_size;
    const int last = first + part_size < count ? first + part_size : count;
    body(first, last);
  });
}

}  // namespace ib
