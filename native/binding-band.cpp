// Outlines at full size, and who owns each pixel there.
#include <algorithm>
#include <new>
#include <utility>

#include "binding.hpp"

namespace binding {
namespace {

ib_band_view band_view_of(Arguments &a) {
  const Size source = size_of(a), size = size_of(a);
  ib_band_view view{};
  view.source_width = source.width;
  view.source_height = source.height;
  view.width = size.width;
  view.height = size.height;
  view.rgb = a.array<uint8_t>("rgb", source.pixels() * 3);
  view.picture = a.array<float>("picture", IB_PICTURE_PLANES * size.pixels());
  view.colour_ratio = a.array<float>("colour ratio", IB_COLOUR_BINS);
  view.mask = a.array<float>("mask", size.pixels());
  return view;
}

Napi::Value band_teach(Arguments &a) {
  ib_samples *samples = a.handle<ib_samples>("samples");
  ib_pool *pool = a.handle<ib_pool>("pool");
  const ib_band_view view = band_view_of(a);
  size_t count = 0;
  const uint32_t *counts = a.array_of<uint32_t>(a.next("counts"), "counts", 0, &count);
  const int most = a.integer("max count");
  const uint32_t seed = static_cast<uint32_t>(a.integer("seed"));
  const int64_t before = bytes_of(samples);
  return Task::start(
      a, [=] { return ib_band_teach(samples, pool, &view, counts, count, most, seed); },
      [=](Napi::Env env) {
        Napi::MemoryManagement::AdjustExternalMemory(env, bytes_of(samples) - before);
        return env.Undefined();
      });
}

Napi::Value band_find(Arguments &a) {
  const ib_forest *forest = a.handle<ib_forest>("forest");
  ib_pool *pool = a.handle<ib_pool>("pool");
  const ib_band_view view = band_view_of(a);
  const auto band = std::make_shared<ib_band *>(nullptr);
  return Task::start(
      a, [=] { return ib_band_init(band.get(), forest, pool, &view); },
      [=](Napi::Env env) -> Napi::Value {
        return Napi::External<ib_band>::New(env, *band, [](Napi::Env, ib_band *b) { ib_band_free(b); });
      });
}

/** Soft masks in, run lengths out: the owner map lives only for the call. */
struct Merge {
  std::vector<const float *> masks;
  /** One a mask; null where bilinear stretching is all there is. */
  std::vector<const ib_band *> bands;
  std::vector<std::pair<const uint32_t *, size_t>> reserved;
  std::vector<std::vector<uint32_t>> counts;
  float unlabelled = 1;

  ib_status run(ib_pool *pool, Size size, Size full) try {
    std::vector<uint16_t> owners(full.pixels(), 0);
    for (const auto &mask : reserved) {
      const ib_status status = ib_owners_reserve(mask.first, mask.second, full.width, full.height, owners.data());
      if (status != IB_OK) return status;
    }
    ib_status status = ib_owners_compute(pool, masks.data(), bands.data(), static_cast<int>(masks.size()), size.width, size.height,
                                         full.width, full.height, owners.data());
    if (status == IB_OK && unlabelled < 1)
      status = ib_owners_fill(pool, masks.data(), bands.data(), static_cast<int>(masks.size()), size.width, size.height, full.width,
                              full.height, unlabelled, owners.data());
    counts.resize(masks.size());
    for (size_t i = 0; i < masks.size() && status == IB_OK; i++) {
      counts[i].resize(4096);
      size_t length = 0;
      const auto encode = [&] {
        return ib_owners_encode(owners.data(), full.width, full.height, static_cast<uint16_t>(i + 1), counts[i].data(),
                                counts[i].size(), &length);
      };
      status = encode();
      if (status == IB_TOO_SMALL) {
        counts[i].resize(length);
        status = encode();
      }
      counts[i].resize(length);
    }
    return status;
  } catch (const std::bad_alloc &) {
    return IB_OUT_OF_MEMORY;
  }
  Napi::Value answer(Napi::Env env) const {
    Napi::Array answer = Napi::Array::New(env, counts.size());
    for (size_t i = 0; i < counts.size(); i++) {
      Napi::Uint32Array typed = Napi::Uint32Array::New(env, counts[i].size());
      std::copy(counts[i].begin(), counts[i].end(), typed.Data());
      answer.Set(static_cast<uint32_t>(i), typed);
    }
    return answer;
  }
};

Napi::Value masks_merge(Arguments &a) {
  ib_pool *pool = a.handle<ib_pool>("pool");
  const Size size = size_of(a), full = size_of(a);
  const auto merge = std::make_shared<Merge>();
  const Napi::Array masks = a.next("masks").As<Napi::Array>(), bands = a.next("bands").As<Napi::Array>();
  const Napi::Array reserved = a.next("reserved").As<Napi::Array>();
  for (uint32_t i = 0; i < masks.Length(); i++) {
    merge->masks.push_back(a.array_of<float>(masks.Get(i), "mask", size.pixels(), nullptr));
    const Napi::Value band = bands.Get(i);
    merge->bands.push_back(band.IsExternal() ? band.As<Napi::External<ib_band>>().Data() : nullptr);
    if (band.IsExternal()) a.keep(band);
  }
  for (uint32_t i = 0; i < reserved.Length(); i++) {
    size_t count = 0;
    const uint32_t *counts = a.array_of<uint32_t>(reserved.Get(i), "reserved", 0, &count);
    merge->reserved.emplace_back(counts, count);
  }
  merge->unlabelled = static_cast<float>(a.number("unlabelled"));
  return Task::start(
      a, [=] { return merge->run(pool, size, full); }, [=](Napi::Env env) { return merge->answer(env); });
}

}  // namespace

void add_band_calls(Napi::Env env, Napi::Object exports) {
  exports.Set("bandTeach", Napi::Function::New(env, call<band_teach>, "bandTeach"));
  exports.Set("bandFind", Napi::Function::New(env, call<band_find>, "bandFind"));
  exports.Set("masksMerge", Napi::Function::New(env, call<masks_merge>, "masksMerge"));
}

}  // namespace binding
