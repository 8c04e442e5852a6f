#include "pool.hpp"

#ifdef __wasm__

std::unique_ptr<ib::Scratch> ib_pool::take_scratch() {
  if (idle_.empty()) return std::make_unique<ib::Scratch>();
  auto scratch = std::move(idle_.back());
  idle_.pop_back();
  return scratch;
}

void ib_pool::give_scratch(std::unique_ptr<ib::Scratch> scratch) {
  scratch->reset();
  idle_.push_back(std::move(scratch));
}

#else

#include <system_error>

namespace {
// Phases of one kernel follow each other within microseconds: looking this often before sleeping saves the wake-up.
constexpr int kLooksBeforeSleep = 200;
}  // namespace

ib_pool::ib_pool(int thread_count) {
  try {
    for (int i = 1; i < thread_count; i++) threads_.emplace_back([this] { work(); });
  } catch (const std::system_error &) {
    // No more threads to be had: the ones there are, or the caller alone, do the work.
  }
}

ib_pool::~ib_pool() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto &thread : threads_) thread.join();
}

void ib_pool::run(int part_count, const std::function<void(int)> &body) {
  std::unique_lock<std::mutex> owner(owner_, std::defer_lock);
  if (part_count <= 1 || alone() || !owner.try_lock()) {
    for (int part = 0; part < part_count; part++) body(part);
    return;
  }
  {
    std::lock_guard<std::mutex> lock(mutex_);
    body_ = &body;
    part_count_ = part_count;
    next_part_ = 0;
    failed_ = false;
    job_++;
  }
  wake_.notify_all();
  take_parts(body);
  // A thread that wakes only now finds no part left and no body to call: see work().
  std::unique_lock<std::mutex> lock(mutex_);
  body_ = nullptr;
  done_.wait(lock, [this] { return working_ == 0; });
  if (failed_) throw std::bad_alloc();
}

std::unique_ptr<ib::Scratch> ib_pool::take_scratch() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (idle_.empty()) return std::make_unique<ib::Scratch>();
  auto scratch = std::move(idle_.back());
  idle_.pop_back();
  return scratch;
}

void ib_pool::give_scratch(std::unique_ptr<ib::Scratch> scratch) {
  scratch->reset();
  std::lock_guard<std::mutex> lock(mutex_);
  idle_.push_back(std::move(scratch));
}

void ib_pool::take_parts(const std::function<void(int)> &body) {
  for (;;) {
    const int part = next_part_.fetch_add(1);
    if (part >= part_count_) return;
    try {
      body(part);
    } catch (...) {
      // Bodies only ever fail for want of memory; run() reports it on the caller's thread.
      failed_ = true;
    }
  }
}

void ib_pool::work() {
  uint64_t seen = 0;
  for (;;) {
    for (int look = 0; look < kLooksBeforeSleep && job_ == seen && !stopping_; look++) std::this_thread::yield();
    const std::function<void(int)> *body;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait(lock, [&] { return stopping_ || job_ != seen; });
      if (stopping_) return;
      seen = job_;
      body = body_;
      if (body == nullptr) continue;
      working_++;
    }
    take_parts(*body);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      working_--;
    }
    done_.notify_all();
  }
}

#endif

ib_status ib_pool_init(ib_pool **out, int thread_count) {
  if (!out || thread_count < 1 || thread_count > 256) return IB_BAD_ARGUMENT;
  return ib::guarded([&] {
    *out = new ib_pool(thread_count);
    return IB_OK;
  });
}

void ib_pool_free(ib_pool *pool) { delete pool; }
