// What every kernel file shares: how vectorisable functions are marked, and how errors become codes.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <new>

#include "../inbetween.h"

// Compiled twice where the loader can choose at start (GCC on x86-64 Linux): for AVX2 and FMA, and for any x86-64.
// Everything called from such a function has to be inlined into it to profit. Named by level, not by processor:
// "arch=haswell" would be chosen on a Haswell alone. IB_SCALAR: the twin that tests compare with, plain loops only.
#if !defined(IB_SCALAR) && defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__)
#if __GNUC__ >= 12
#define IB_KERNEL __attribute__((target_clones("arch=x86-64-v3", "default"), noinline))
#else
#define IB_KERNEL __attribute__((target_clones("avx2", "default"), noinline))
#endif
#else
#define IB_KERNEL
#endif

#if defined(__GNUC__)
#define IB_INLINE inline __attribute__((always_inline))
#define IB_RESTRICT __restrict__
#elif defined(_MSC_VER)
#define IB_INLINE __forceinline
#define IB_RESTRICT __restrict
#else
#define IB_INLINE inline
#define IB_RESTRICT
#endif

// The loop's iterations are independent although the compiler cannot prove it.
#if defined(__clang__)
#define IB_INDEPENDENT _Pragma("clang loop vectorize(enable)")
#elif defined(__GNUC__)
#define IB_INDEPENDENT _Pragma("GCC ivdep")
#else
#define IB_INDEPENDENT
#endif

namespace ib {

IB_INLINE int clamp_int(int value, int low, int high) {
  return value < low ? low : value > high ? high : value;
}
IB_INLINE float clamp_float(float value, float low, float high) {
  return value < low ? low : value > high ? high : value;
}
IB_INLINE float min_float(float a, float b) { return a < b ? a : b; }
IB_INLINE float max_float(float a, float b) { return a > b ? a : b; }

inline bool good_size(int width, int height) {
  return width >= 1 && height >= 1 && width <= 1 << 16 && height <= 1 << 16;
}

/** Runs `body`, which may throw std::bad_alloc, at the C boundary. */
template <class Body>
ib_status guarded(const Body &body) noexcept {
#ifdef __wasm__
  // WebAssembly is built without exceptions: there, want of memory traps and the caller sees the trap.
  return body();
#else
  try {
    return body();
  } catch (const std::bad_alloc &) {
    return IB_OUT_OF_MEMORY;
  } catch (...) {
    return IB_BAD_ARGUMENT;
  }
#endif
}

/** xorshift64*, seeded through splitmix64: small, fast, the same everywhere. */
struct Random {
  uint64_t state;
  explicit Random(uint64_t seed) {
    uint64_t z = seed + 0x9e3779b97f4a7c15ull;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    state = (z ^ (z >> 31)) | 1;
  }
  uint32_t next() {
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return static_cast<uint32_t>((state * 0x2545f4914f6cdd1dull) >> 32);
  }
  /** Uniform in 0 .. n - 1. */
  uint32_t below(uint32_t n) { return static_cast<uint32_t>((static_cast<uint64_t>(next()) * n) >> 32); }
  /** Uniform in [0, 1). */
  float unit() { return static_cast<float>(next() >> 8) * (1.0f / 16777216.0f); }
};

}  // namespace ib
