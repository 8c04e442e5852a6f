// What every file of the Node-API door shares: reading arguments, and work on other threads that settles a promise.
#pragma once

#include <napi.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "inbetween.h"

namespace binding {

/** What can go wrong with arguments; becomes a TypeError. */
struct BadArgument { std::string message; };

constexpr napi_typedarray_type kind_of(const float *) { return napi_float32_array; }
constexpr napi_typedarray_type kind_of(const uint8_t *) { return napi_uint8_array; }
constexpr napi_typedarray_type kind_of(const uint32_t *) { return napi_uint32_array; }

/** Reads the arguments of one call in order and remembers what has to stay alive until the work is done. */
class Arguments {
 public:
  explicit Arguments(const Napi::CallbackInfo &info) : info_(info) {}

  Napi::Value next(const char *name) {
    if (position_ >= info_.Length()) throw BadArgument{std::string("missing argument: ") + name};
    return info_[position_++];
  }
  double number(const char *name) {
    const Napi::Value value = next(name);
    if (!value.IsNumber()) throw BadArgument{std::string("not a number: ") + name};
    return value.As<Napi::Number>().DoubleValue();
  }
  int integer(const char *name) {
    const double value = number(name);
    if (!(value >= -2147483648.0 && value <= 4294967295.0)) throw BadArgument{std::string("not an integer: ") + name};
    return static_cast<int>(static_cast<int64_t>(value));
  }
  /** A typed array of at least `length` elements. */
  template <class T>
  T *array(const char *name, size_t length) {
    return array_of<T>(next(name), name, length, nullptr);
  }
  template <class T>
  T *array_of(const Napi::Value &value, const char *name, size_t length, size_t *actual) {
    if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != kind_of(static_cast<T *>(nullptr)))
      throw BadArgument{std::string("not the right kind of typed array: ") + name};
    auto typed = value.As<Napi::TypedArrayOf<T>>();
    if (typed.ElementLength() < length) throw BadArgument{std::string("array too short: ") + name};
    if (actual) *actual = typed.ElementLength();
    keep(value);
    return typed.Data();
  }
  template <class T>
  T *handle(const char *name) {
    const Napi::Value value = next(name);
    if (!value.IsExternal()) throw BadArgument{std::string("not a handle: ") + name};
    keep(value);
    return value.As<Napi::External<T>>().Data();
  }
  void keep(const Napi::Value &value) { kept_.push_back(Napi::Reference<Napi::Value>::New(value, 1)); }
  std::vector<Napi::Reference<Napi::Value>> take_kept() { return std::move(kept_); }
  Napi::Env env() const { return info_.Env(); }

 private:
  const Napi::CallbackInfo &info_;
  size_t position_ = 0;
  std::vector<Napi::Reference<Napi::Value>> kept_;
};

using Work = std::function<ib_status()>;
using Answer = std::function<Napi::Value(Napi::Env)>;

/** The sentence for a code; empty when all went well. */
inline std::string trouble_of(ib_status status) {
  if (status == IB_OUT_OF_MEMORY) return "There is not enough memory for this picture.";
  if (status != IB_OK) return "A native kernel refused its arguments (code " + std::to_string(status) + ").";
  return "";
}

/** Runs `work` on a worker thread and settles a promise with `answer`. */
class Task : public Napi::AsyncWorker {
 public:
  static Napi::Value start(Arguments &arguments, Work work, Answer answer = nullptr) {
    Task *task = new Task(arguments, std::move(work), std::move(answer));
    task->Queue();
    return task->deferred_.Promise();
  }

 protected:
  void Execute() override {
    const std::string trouble = trouble_of(work_());
    if (!trouble.empty()) SetError(trouble);
  }
  void OnOK() override { deferred_.Resolve(answer_ ? answer_(Env()) : Env().Undefined()); }
  void OnError(const Napi::Error &error) override { deferred_.Reject(error.Value()); }

 private:
  Task(Arguments &arguments, Work work, Answer answer)
      : Napi::AsyncWorker(arguments.env()),
        deferred_(Napi::Promise::Deferred::New(arguments.env())),
        kept_(arguments.take_kept()),
        work_(std::move(work)),
        answer_(std::move(answer)) {}

  Napi::Promise::Deferred deferred_;
  std::vector<Napi::Reference<Napi::Value>> kept_;
  Work work_;
  Answer answer_;
};

/** A kernel's JavaScript face: reads arguments and starts the work; BadArgument becomes a TypeError. */
template <Napi::Value (*Body)(Arguments &)>
Napi::Value call(const Napi::CallbackInfo &info) {
  try {
    Arguments arguments(info);
    return Body(arguments);
  } catch (const BadArgument &bad) {
    throw Napi::TypeError::New(info.Env(), bad.message);
  }
}

struct Size {
  int width, height;
  size_t pixels() const { return static_cast<size_t>(width) * height; }
};

inline Size size_of(Arguments &a) {
  const Size size{a.integer("width"), a.integer("height")};
  if (size.width < 1 || size.height < 1 || size.width > 65536 || size.height > 65536)
    throw BadArgument{"width and height must be 1 to 65536"};
  return size;
}

/** The calls of binding-frame.cpp. */
void add_frame_calls(Napi::Env env, Napi::Object exports);
/** Told to the garbage collector, which else sees only a small handle. */
inline int64_t bytes_of(const ib_samples *samples) {
  return static_cast<int64_t>(ib_samples_count(samples) * (IB_FEATURE_COUNT + 2) * sizeof(float));
}

/** Those of outlines at full size and of owners. */
void add_band_calls(Napi::Env env, Napi::Object exports);

}  // namespace binding
