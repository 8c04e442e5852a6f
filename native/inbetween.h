/*
 * The kernels behind video propagation: plain C++17, no dependencies, one C door.
 *
 * Conventions. Every function returns IB_OK or an error code. The caller allocates every output. Pictures, masks and
 * flows are float planes of the working size, row by row without padding. `ib_<class>_init` makes an opaque thing,
 * `ib_<class>_free` releases it. Work is spread over the threads of an ib_pool; results do not depend on how many
 * there are. Randomness comes only from `seed` arguments. Nothing here keeps global state, so calls on different
 * outputs may run at the same time, also on the same pool.
 */
#ifndef INBETWEEN_H
#define INBETWEEN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ib_status {
  IB_OK = 0,
  /* A size, pointer or number that cannot be right. */
  IB_BAD_ARGUMENT = 1,
  IB_OUT_OF_MEMORY = 2,
  /* The output given is too small; the length wanted has been written. */
  IB_TOO_SMALL = 3
} ib_status;

/* Grey (0..255); Lab at sigma 0, 2, 5; gradient magnitude; local deviation; four orientation energies. */
#define IB_PICTURE_PLANES 16
/* What the forest sees of one pixel. */
#define IB_FEATURE_COUNT 29
/* What the forest of the band sees of one full-size pixel. */
#define IB_BAND_FEATURES 24
/* A colour histogram: 16 x 16 x 16 bins of Lab. */
#define IB_COLOUR_BINS 4096
/* Flow comes in steps of 1 / IB_FLOW_STEPS pixels, at most IB_FLOW_LIMIT pixels far. */
#define IB_FLOW_STEPS 64
#define IB_FLOW_LIMIT 511
/* What ib_forest_refine reports about its result; see ib_report. */
#define IB_REPORT_FLOATS 8

typedef struct ib_pool ib_pool;
typedef struct ib_samples ib_samples;
typedef struct ib_forest ib_forest;
typedef struct ib_band ib_band;

/* thread_count >= 1, the calling thread included. */
ib_status ib_pool_init(ib_pool **out, int thread_count);
void ib_pool_free(ib_pool *pool);

/* --- pictures ---------------------------------------------------------------------------------------------- */

/*
 * RGB24 of source size to IB_PICTURE_PLANES planes of working size (averaged over areas when smaller).
 * The working size must not be larger than the source size.
 */
ib_status ib_picture_compute(ib_pool *pool, const uint8_t *rgb, int source_width, int source_height, int width,
                             int height, float *picture);

/* How unlike two neighbouring pictures are as shots: 0 alike to 1 nothing in common. `flow` leads from a to b. */
ib_status ib_picture_cut_score(const float *a, const float *b, const float *flow, int width, int height,
                               float *score);

/* --- optical flow ------------------------------------------------------------------------------------------ */

typedef struct ib_flow_options {
  /* Pyramid level at which the search ends: 0 working size, 1 half of it. */
  int finest_level;
  /* Distance of neighbouring patches, pixels. */
  int patch_stride;
  /* Gradient descent steps a patch. */
  int descent_steps;
  /* Fixed point iterations of the variational refinement a level; 0: none. */
  int refine_iterations;
} ib_flow_options;

/*
 * Dense inverse search (Kroeger et al. 2016) from grey plane `from` to `to`: pixel x of `from` is found at
 * x + (u, v)(x) in `to`. Writes u, then v: 2 x width x height floats, in whole 64ths of a pixel and within +-511, so
 * that 16-bit integers hold them exactly.
 */
ib_status ib_flow_compute(ib_pool *pool, const float *from, const float *to, int width, int height,
                          const ib_flow_options *options, float *flow);

/* --- masks ------------------------------------------------------------------------------------------------- */

/* COCO run lengths of a full-size mask to coverage in [0, 1] at working size. */
ib_status ib_mask_shrink(const uint32_t *counts, size_t count, int source_width, int source_height, int width,
                         int height, float *mask);

/* mask(x + flow(x)), bilinear, border pixels repeated. */
ib_status ib_mask_warp(ib_pool *pool, const float *mask, const float *flow, int width, int height, float *out);

/* The mask turned, scaled and shifted about its own centroid. */
ib_status ib_mask_jitter(const float *mask, int width, int height, float angle, float scale, float shift_x,
                         float shift_y, float *out);

/* out = weight x left + (1 - weight) x right; `agreement` becomes the IoU of both at 0.5 (1 if both are empty). */
ib_status ib_mask_fuse(const float *left, const float *right, int width, int height, float weight, float *out,
                       float *agreement);

/* IoU of two masks at 0.5; 1 if both are empty. */
ib_status ib_mask_overlap(const float *a, const float *b, int width, int height, float *iou);

/*
 * Who owns each pixel of the full-size frame: `owners` (source_width x source_height) becomes i + 1 where masks[i] has
 * the largest odds and at least even ones, else 0. Masks are stretched to full size (bilinear), or bands[i] in the place
 * of masks[i]. `bands` or any of them may be null. Pixels where `owners` is 65535 on entry stay so,
 * and belong to nobody here. Of equals the later one wins. At most 65534 masks.
 */
ib_status ib_owners_compute(ib_pool *pool, const float *const *masks, const ib_band *const *bands, int mask_count,
                            int width, int height, int source_width, int source_height, uint16_t *owners);

/*
 * For pictures that are labelled all over: where more than the part `unlabelled` of the pixels is 0 in `owners`, the
 * surplus goes to who claims it best although the odds are not even, the strongest claims first; of equals the later.
 * Claims below 5/255 do not count.
 */
ib_status ib_owners_fill(ib_pool *pool, const float *const *masks, const ib_band *const *bands, int mask_count,
                         int width, int height, int source_width, int source_height, float unlabelled,
                         uint16_t *owners);

/* Marks the pixels of a full-size mask as 65535 in `owners`. */
ib_status ib_owners_reserve(const uint32_t *counts, size_t count, int source_width, int source_height,
                            uint16_t *owners);

/* COCO run lengths of the pixels owned by `owner`. `length` becomes the number of runs, also with IB_TOO_SMALL. */
ib_status ib_owners_encode(const uint16_t *owners, int source_width, int source_height, uint16_t owner,
                           uint32_t *counts, size_t capacity, size_t *length);

/* --- an object's appearance -------------------------------------------------------------------------------- */

/*
 * Adds a key frame to `counts`: IB_COLOUR_BINS of the object, then as many of the rest. Start from zeros. Pixels whose
 * mask is below 0 are not known and not counted.
 */
ib_status ib_colours_add(const float *picture, const float *mask, int width, int height, float *counts);

/* Smoothed log-likelihood ratio object : rest a bin, IB_COLOUR_BINS floats in [-4, 4]. */
ib_status ib_colours_ratio(const float *counts, float *ratio);

/* One frame as seen when coming from its neighbour: everything features are made of, but the prior. */
typedef struct ib_view {
  int width, height;
  const float *picture;
  const float *neighbour_picture;
  /* From this frame to the neighbour. */
  const float *flow;
  /* From ib_colours_ratio. */
  const float *colour_ratio;
} ib_view;

/* Training pixels of one object. */
ib_status ib_samples_init(ib_samples **out);
void ib_samples_free(ib_samples *samples);
/*
 * Adds up to max_count pixels near the boundaries of prior and truth, labelled by truth. Where truth is below 0 it is not
 * known, and no pixel is taken.
 */
ib_status ib_samples_add(ib_samples *samples, ib_pool *pool, const ib_view *view, const float *prior,
                         const float *truth, int max_count, float weight, uint32_t seed);
size_t ib_samples_count(const ib_samples *samples);

typedef struct ib_forest_options {
  int tree_count, max_depth, min_leaf, tries;
  /* A split's gain is estimated on at most so many samples. */
  int gain_samples;
} ib_forest_options;

/* Extremely randomised trees (Geurts et al. 2006) over the samples. */
ib_status ib_forest_init(ib_forest **out, ib_pool *pool, const ib_samples *samples, const ib_forest_options *options,
                         uint32_t seed);
void ib_forest_free(ib_forest *forest);

typedef struct ib_report {
  /* Sum of the prior and of the result, pixels of working size. */
  float prior_area, area;
  /* Mean |2p - 1| over the band in which the forest decided: 1 sure, 0 guessing. */
  float margin;
  /* Mean colour difference to the warped neighbour inside the result, Lab units. */
  float residual;
  /* IoU of prior and result at 0.5. */
  float prior_overlap;
  /* Centroid of the result, pixels of working size; 0 where it is empty. */
  float centroid_x, centroid_y;
  /* Part of the result that touches the picture's border, 0 to 1. */
  float border_part;
} ib_report;

/* One step: corrects `prior` (a neighbour's mask, warped here) by the forest; soft result in `out`,
 * in 255ths. */
ib_status ib_forest_refine(const ib_forest *forest, ib_pool *pool, const ib_view *view, const float *prior, float *out,
                           ib_report *report);

/* --- the outline at full size -------------------------------------------------------------------------------- */

/* A soft mask of working size on its frame, and the frame at full size, which is not smaller. */
typedef struct ib_band_view {
  int source_width, source_height;
  int width, height;
  /* RGB24 of full size. */
  const uint8_t *rgb;
  /* IB_PICTURE_PLANES planes of working size. */
  const float *picture;
  /* From ib_colours_ratio. */
  const float *colour_ratio;
  const float *mask;
} ib_band_view;

/*
 * Adds up to max_count pixels near the outline of the mask, labelled by the truth (run lengths of full size). They are
 * full-size pixels, or larger where the frame's long side is above 960: then as many as that.
 * Samples hold either these or those of ib_samples_add.
 */
ib_status ib_band_teach(ib_samples *samples, ib_pool *pool, const ib_band_view *view, const uint32_t *counts,
                        size_t count, int max_count, uint32_t seed);

/* Lets a forest grown from such samples decide such pixels near the outline; elsewhere it is the mask, stretched. */
ib_status ib_band_init(ib_band **out, const ib_forest *forest, ib_pool *pool, const ib_band_view *view);
void ib_band_free(ib_band *band);

/* --- one frame, a few marks -------------------------------------------------------------------------------- */

/* The part of a frame in which an object is being marked. */
typedef struct ib_region {
  /* Working size, not larger than full size, and IB_PICTURE_PLANES planes of it from ib_picture_compute. */
  int width, height;
  const float *picture;
  int full_width, full_height;
} ib_region;

/* What a person has said about the object. Pixels are of the region at full size. */
typedef struct ib_hints {
  /* A box around the object, right and bottom exclusive; all 0: none. */
  int left, top, right, bottom;
  /* 0 unmarked, 1 marked as the object, 2 marked as not the object; 3 and 4 the same, by the mark made last. */
  const uint8_t *marks;
  /* 0 or 1: a mask to correct; NULL: there is none yet. */
  const uint8_t *mask;
  /* Sums of ib_region_colours over the object's key masks; NULL: nothing is known. */
  const float *colour_counts;
} ib_hints;

/*
 * Adds a key mask (0 or 1 a pixel of the region at full size) to `counts`, as ib_colours_add does. With `taught` only its
 * pixels are counted, as many times as makes up for the others.
 */
ib_status ib_region_colours(const ib_region *region, const uint8_t *mask, const uint8_t *taught, float *counts);

/*
 * The object as 0 or 1 a pixel of the region at full size. Marked pixels are always as marked. Without a mask the object
 * lies within the box; with one, only what hangs together with a mark is changed.
 */
ib_status ib_region_segment(ib_pool *pool, const ib_region *region, const ib_hints *hints, uint32_t seed,
                            uint8_t *out);

#ifdef __cplusplus
}
#endif
#endif
