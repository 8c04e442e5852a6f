// With binding.hpp, binding-band.cpp and binding-frame.cpp all that knows Node-API. Checks arguments, keeps them alive, runs the kernels of
// inbetween.h on worker threads and settles promises. Outputs are buffers that JavaScript allocated: Electron forbids
// external ArrayBuffers.
#include "binding.hpp"

namespace {

using namespace binding;

ib_view view_of(Arguments &a, Size size) {
  ib_view view{};
  view.width = size.width;
  view.height = size.height;
  view.picture = a.array<float>("picture", IB_PICTURE_PLANES * size.pixels());
  view.neighbour_picture = a.array<float>("neighbour picture", IB_PICTURE_PLANES * size.pixels());
  view.flow = a.array<float>("flow", 2 * size.pixels());
  view.colour_ratio = a.array<float>("colour ratio", IB_COLOUR_BINS);
  return view;
}

Napi::Value pool_create(Arguments &a) {
  ib_pool *pool = nullptr;
  if (ib_pool_init(&pool, a.integer("thread count")) != IB_OK) throw BadArgument{"thread count must be 1 to 256"};
  return Napi::External<ib_pool>::New(a.env(), pool, [](Napi::Env, ib_pool *p) { ib_pool_free(p); });
}

Napi::Value picture_compute(Arguments &a) {
  ib_pool *pool = a.handle<ib_pool>("pool");
  const Size source = size_of(a), size = size_of(a);
  const uint8_t *rgb = a.array<uint8_t>("rgb", source.pixels() * 3);
  float *picture = a.array<float>("picture", IB_PICTURE_PLANES * size.pixels());
  return Task::start(a, [=] {
    return ib_picture_compute(pool, rgb, source.width, source.height, size.width, size.height, picture);
  });
}

Napi::Value cut_score(Arguments &a) {
  const Size size = size_of(a);
  const float *from = a.array<float>("from", IB_PICTURE_PLANES * size.pixels());
  const float *to = a.array<float>("to", IB_PICTURE_PLANES * size.pixels());
  const float *flow = a.array<float>("flow", 2 * size.pixels());
  const auto score = std::make_shared<float>();
  return Task::start(
      a, [=] { return ib_picture_cut_score(from, to, flow, size.width, size.height, score.get()); },
      [=](Napi::Env env) { return Napi::Number::New(env, *score); });
}

Napi::Value flow_compute(Arguments &a) {
  ib_pool *pool = a.handle<ib_pool>("pool");
  const Size size = size_of(a);
  const float *from = a.array<float>("from", size.pixels());
  const float *to = a.array<float>("to", size.pixels());
  ib_flow_options options{};
  options.finest_level = a.integer("finest level");
  options.patch_stride = a.integer("patch stride");
  options.descent_steps = a.integer("descent steps");
  options.refine_iterations = a.integer("refine iterations");
  float *flow = a.array<float>("flow", 2 * size.pixels());
  return Task::start(a, [=] { return ib_flow_compute(pool, from, to, size.width, size.height, &options, flow); });
}

Napi::Value mask_shrink(Arguments &a) {
  const Size source = size_of(a), size = size_of(a);
  size_t count = 0;
  const uint32_t *counts = a.array_of<uint32_t>(a.next("counts"), "counts", 0, &count);
  float *mask = a.array<float>("mask", size.pixels());
  return Task::start(a, [=] {
    return ib_mask_shrink(counts, count, source.width, source.height, size.width, size.height, mask);
  });
}

Napi::Value mask_warp(Arguments &a) {
  ib_pool *pool = a.handle<ib_pool>("pool");
  const Size size = size_of(a);
  const float *mask = a.array<float>("mask", size.pixels());
  const float *flow = a.array<float>("flow", 2 * size.pixels());
  float *out = a.array<float>("out", size.pixels());
  return Task::start(a, [=] { return ib_mask_warp(pool, mask, flow, size.width, size.height, out); });
}

Napi::Value mask_jitter(Arguments &a) {
  const Size size = size_of(a);
  const float *mask = a.array<float>("mask", size.pixels());
  const float angle = static_cast<float>(a.number("angle")), scale = static_cast<float>(a.number("scale"));
  const float shift_x = static_cast<float>(a.number("shift x")), shift_y = static_cast<float>(a.number("shift y"));
  float *out = a.array<float>("out", size.pixels());
  return Task::start(a, [=] {
    return ib_mask_jitter(mask, size.width, size.height, angle, scale, shift_x, shift_y, out);
  });
}

Napi::Value mask_fuse(Arguments &a) {
  const Size size = size_of(a);
  const float *left = a.array<float>("left", size.pixels()), *right = a.array<float>("right", size.pixels());
  const float weight = static_cast<float>(a.number("weight"));
  float *out = a.array<float>("out", size.pixels());
  const auto agreement = std::make_shared<float>();
  return Task::start(
      a, [=] { return ib_mask_fuse(left, right, size.width, size.height, weight, out, agreement.get()); },
      [=](Napi::Env env) { return Napi::Number::New(env, *agreement); });
}

Napi::Value mask_overlap(Arguments &a) {
  const Size size = size_of(a);
  const float *one = a.array<float>("a", size.pixels()), *other = a.array<float>("b", size.pixels());
  const auto iou = std::make_shared<float>();
  return Task::start(
      a, [=] { return ib_mask_overlap(one, other, size.width, size.height, iou.get()); },
      [=](Napi::Env env) { return Napi::Number::New(env, *iou); });
}

Napi::Value colours_add(Arguments &a) {
  const Size size = size_of(a);
  const float *picture = a.array<float>("picture", IB_PICTURE_PLANES * size.pixels());
  const float *mask = a.array<float>("mask", size.pixels());
  float *counts = a.array<float>("counts", 2 * IB_COLOUR_BINS);
  return Task::start(a, [=] { return ib_colours_add(picture, mask, size.width, size.height, counts); });
}

Napi::Value colours_ratio(Arguments &a) {
  const float *counts = a.array<float>("counts", 2 * IB_COLOUR_BINS);
  float *ratio = a.array<float>("ratio", IB_COLOUR_BINS);
  return Task::start(a, [=] { return ib_colours_ratio(counts, ratio); });
}

Napi::Value samples_create(Arguments &a) {
  ib_samples *samples = nullptr;
  if (ib_samples_init(&samples) != IB_OK) throw BadArgument{"There is not enough memory for samples"};
  return Napi::External<ib_samples>::New(a.env(), samples, [](Napi::Env env, ib_samples *s) {
    Napi::MemoryManagement::AdjustExternalMemory(env, -bytes_of(s));
    ib_samples_free(s);
  });
}

Napi::Value samples_count(Arguments &a) {
  return Napi::Number::New(a.env(), static_cast<double>(ib_samples_count(a.handle<ib_samples>("samples"))));
}

Napi::Value samples_add(Arguments &a) {
  ib_samples *samples = a.handle<ib_samples>("samples");
  ib_pool *pool = a.handle<ib_pool>("pool");
  const Size size = size_of(a);
  const ib_view view = view_of(a, size);
  const float *prior = a.array<float>("prior", size.pixels()), *truth = a.array<float>("truth", size.pixels());
  const int most = a.integer("max count");
  const float weight = static_cast<float>(a.number("weight"));
  const uint32_t seed = static_cast<uint32_t>(a.integer("seed"));
  const int64_t before = bytes_of(samples);
  return Task::start(
      a, [=] { return ib_samples_add(samples, pool, &view, prior, truth, most, weight, seed); },
      [=](Napi::Env env) {
        Napi::MemoryManagement::AdjustExternalMemory(env, bytes_of(samples) - before);
        return env.Undefined();
      });
}

Napi::Value forest_grow(Arguments &a) {
  ib_pool *pool = a.handle<ib_pool>("pool");
  const ib_samples *samples = a.handle<ib_samples>("samples");
  ib_forest_options options{};
  options.tree_count = a.integer("tree count");
  options.max_depth = a.integer("max depth");
  options.min_leaf = a.integer("min leaf");
  options.tries = a.integer("tries");
  options.gain_samples = a.integer("gain samples");
  const uint32_t seed = static_cast<uint32_t>(a.integer("seed"));
  const auto forest = std::make_shared<ib_forest *>(nullptr);
  return Task::start(
      a, [=] { return ib_forest_init(forest.get(), pool, samples, &options, seed); },
      [=](Napi::Env env) -> Napi::Value {
        return Napi::External<ib_forest>::New(env, *forest, [](Napi::Env, ib_forest *f) { ib_forest_free(f); });
      });
}

Napi::Value forest_refine(Arguments &a) {
  const ib_forest *forest = a.handle<ib_forest>("forest");
  ib_pool *pool = a.handle<ib_pool>("pool");
  const Size size = size_of(a);
  const ib_view view = view_of(a, size);
  const float *prior = a.array<float>("prior", size.pixels());
  float *out = a.array<float>("out", size.pixels());
  float *report = a.array<float>("report", IB_REPORT_FLOATS);
  static_assert(sizeof(ib_report) == IB_REPORT_FLOATS * sizeof(float), "ib_report is read as an array of floats");
  return Task::start(a, [=] {
    return ib_forest_refine(forest, pool, &view, prior, out, reinterpret_cast<ib_report *>(report));
  });
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  const auto add = [&](const char *name, Napi::Value (*body)(const Napi::CallbackInfo &)) {
    exports.Set(name, Napi::Function::New(env, body, name));
  };
  add("poolCreate", call<pool_create>);
  add("pictureCompute", call<picture_compute>);
  add("cutScore", call<cut_score>);
  add("flowCompute", call<flow_compute>);
  add("maskShrink", call<mask_shrink>);
  add("maskWarp", call<mask_warp>);
  add("maskJitter", call<mask_jitter>);
  add("maskFuse", call<mask_fuse>);
  add("maskOverlap", call<mask_overlap>);
  add("coloursAdd", call<colours_add>);
  add("coloursRatio", call<colours_ratio>);
  add("samplesCreate", call<samples_create>);
  add("samplesCount", call<samples_count>);
  add("samplesAdd", call<samples_add>);
  add("forestGrow", call<forest_grow>);
  add("forestRefine", call<forest_refine>);
  add_band_calls(env, exports);
  add_frame_calls(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(inbetween, init)
