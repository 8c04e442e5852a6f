// Colour histograms of an object and its surroundings.
#pragma once

#include "kernel.hpp"

namespace ib {

/** Counts one pixel: `object` of it for the object, the remainder for the rest. `counts` as in ib_colours_add. */
void count_colours(const float *lab, size_t plane_size, size_t pixel, float object, float weight, float *counts);

/** See ib_colours_ratio. */
void ratio_of_counts(const float *counts, float *ratio);

}  // namespace ib
