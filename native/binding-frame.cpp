// Node-API for single frames. A person waits for these: each call has a thread of its own, because Node's worker threads
// may all be busy with a propagation.
#include <thread>

#include "binding.hpp"

namespace binding {
namespace {

/** Runs `work` at once, on a new thread, and settles a promise. */
class UrgentTask {
 public:
  static Napi::Value start(Arguments &arguments, Work work) {
    auto *task = new UrgentTask(arguments, std::move(work));
    const Napi::Promise promise = task->deferred_.Promise();
    std::thread([task] { task->run(); }).detach();
    return promise;
  }

 private:
  UrgentTask(Arguments &arguments, Work work)
      : deferred_(Napi::Promise::Deferred::New(arguments.env())),
        kept_(arguments.take_kept()),
        work_(std::move(work)),
        settle_(Napi::ThreadSafeFunction::New(
            arguments.env(), Napi::Function::New(arguments.env(), [](const Napi::CallbackInfo &) {}), "segment", 0,
            1)) {}

  void run() {
    trouble_ = trouble_of(work_());
    // The task may be gone as soon as it is handed over.
    Napi::ThreadSafeFunction settle = settle_;
    settle.BlockingCall(this, [](Napi::Env env, Napi::Function, UrgentTask *task) {
      if (task->trouble_.empty()) task->deferred_.Resolve(env.Undefined());
      else task->deferred_.Reject(Napi::Error::New(env, task->trouble_).Value());
      delete task;
    });
    settle.Release();
  }

  Napi::Promise::Deferred deferred_;
  std::vector<Napi::Reference<Napi::Value>> kept_;
  Work work_;
  Napi::ThreadSafeFunction settle_;
  std::string trouble_;
};

Napi::Value region_picture(Arguments &a) {
  ib_pool *pool = a.handle<ib_pool>("pool");
  const Size full = size_of(a), size = size_of(a);
  const uint8_t *rgb = a.array<uint8_t>("rgb", full.pixels() * 3);
  float *picture = a.array<float>("picture", IB_PICTURE_PLANES * size.pixels());
  return UrgentTask::start(a, [=] {
    return ib_picture_compute(pool, rgb, full.width, full.height, size.width, size.height, picture);
  });
}

/** An array of exactly `length` elements, or one of none, which stands for what is not known. */
template <class T>
const T *optional_array(Arguments &a, const char *name, size_t length) {
  size_t count = 0;
  const T *array = a.array_of<T>(a.next(name), name, 0, &count);
  if (count == 0) return nullptr;
  if (count < length) throw BadArgument{std::string("array too short: ") + name};
  return array;
}

ib_region region_from(Arguments &a) {
  const Size full = size_of(a), size = size_of(a);
  ib_region region{};
  region.width = size.width;
  region.height = size.height;
  region.picture = a.array<float>("picture", IB_PICTURE_PLANES * size.pixels());
  region.full_width = full.width;
  region.full_height = full.height;
  return region;
}

size_t full_pixels(const ib_region &region) { return static_cast<size_t>(region.full_width) * region.full_height; }

Napi::Value region_colours(Arguments &a) {
  const ib_region region = region_from(a);
  const uint8_t *mask = a.array<uint8_t>("mask", full_pixels(region));
  const uint8_t *taught = optional_array<uint8_t>(a, "taught", full_pixels(region));
  float *counts = a.array<float>("counts", 2 * IB_COLOUR_BINS);
  return UrgentTask::start(a, [=] { return ib_region_colours(&region, mask, taught, counts); });
}

Napi::Value region_segment(Arguments &a) {
  ib_pool *pool = a.handle<ib_pool>("pool");
  const ib_region region = region_from(a);
  ib_hints hints{};
  hints.left = a.integer("left");
  hints.top = a.integer("top");
  hints.right = a.integer("right");
  hints.bottom = a.integer("bottom");
  hints.marks = a.array<uint8_t>("marks", full_pixels(region));
  hints.mask = optional_array<uint8_t>(a, "mask", full_pixels(region));
  hints.colour_counts = optional_array<float>(a, "colour counts", 2 * IB_COLOUR_BINS);
  const uint32_t seed = static_cast<uint32_t>(a.integer("seed"));
  uint8_t *out = a.array<uint8_t>("out", full_pixels(region));
  return UrgentTask::start(a, [=] { return ib_region_segment(pool, &region, &hints, seed, out); });
}

}  // namespace

void add_frame_calls(Napi::Env env, Napi::Object exports) {
  exports.Set("regionPicture", Napi::Function::New(env, call<region_picture>, "regionPicture"));
  exports.Set("regionColours", Napi::Function::New(env, call<region_colours>, "regionColours"));
  exports.Set("regionSegment", Napi::Function::New(env, call<region_segment>, "regionSegment"));
}

}  // namespace binding
