// A few threads that share the parts of one job.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#ifndef __wasm__
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#endif

#include "kernel.hpp"
#include "scratch.hpp"

#ifdef __wasm__

/** WebAssembly has no threads here: the caller does every part. Results are the same, as they are for any number. */
struct ib_pool {
  explicit ib_pool(int) {}
  void run(int part_count, const std::function<void(int)> &body) {
    for (int part = 0; part < part_count; part++) body(part);
  }
  bool alone() const { return true; }
  void enter() {}
  void leave() {}
  std::unique_ptr<ib::Scratch> take_scratch();
  void give_scratch(std::unique_ptr<ib::Scratch> scratch);

 private:
  std::vector<std::unique_ptr<ib::Scratch>> idle_;
};

#else

struct ib_pool {
  explicit ib_pool(int thread_count);
  ~ib_pool();
  ib_pool(const ib_pool &) = delete;
  ib_pool &operator=(const ib_pool &) = delete;

  /**
   * Calls body(0) .. body(part_count - 1), each once, in any order, and returns when all are done. Throws
   * std::bad_alloc if a part ran out of memory. A caller does its parts alone where another's job has the threads, and
   * where as many kernels run as there are threads: then each is done sooner without waiting for helpers.
   */
  void run(int part_count, const std::function<void(int)> &body);

  /** Whether a run now would be the caller's alone. */
  bool alone() const { return threads_.empty() || kernels_ > static_cast<int>(threads_.size()); }

  /** A kernel has begun, and ended: see ib::KernelRun. */
  void enter() { kernels_++; }
  void leave() { kernels_--; }

  std::unique_ptr<ib::Scratch> take_scratch();
  void give_scratch(std::unique_ptr<ib::Scratch> scratch);

 private:
  void work();
  void take_parts(const std::function<void(int)> &body);

  std::vector<std::thread> threads_;
  std::vector<std::unique_ptr<ib::Scratch>> idle_;
  std::atomic<int> kernels_{0};
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

/** One kernel at work, counted by the pool: made by every ib_ function that takes a pool. */
class KernelRun {
 public:
  explicit KernelRun(ib_pool &pool) : pool_(pool) { pool_.enter(); }
  ~KernelRun() { pool_.leave(); }
  KernelRun(const KernelRun &) = delete;
  KernelRun &operator=(const KernelRun &) = delete;

 private:
  ib_pool &pool_;
};

/** Memory of the pool's for as long as this lives; the next one gets the same again. */
class Workspace {
 public:
  explicit Workspace(ib_pool &pool) : pool_(pool), scratch_(pool.take_scratch()) {}
  ~Workspace() { pool_.give_scratch(std::move(scratch_)); }
  Workspace(const Workspace &) = delete;
  Workspace &operator=(const Workspace &) = delete;
  /** Uninitialised floats that live as long as the workspace. */
  float *floats(size_t count) { return scratch_->floats(count); }

 private:
  ib_pool &pool_;
  std::unique_ptr<Scratch> scratch_;
};

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
