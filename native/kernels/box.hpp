// The part of a picture that an object's pixels need.
#pragma once

#include <algorithm>

namespace ib {

/** Right and bottom exclusive. */
struct Box {
  int left = 0, top = 0, right = 0, bottom = 0;
  int width() const { return right - left; }
  int height() const { return bottom - top; }
  bool empty() const { return right <= left || bottom <= top; }
  Box grown(int by, int picture_width, int picture_height) const {
    if (empty()) return *this;
    return {std::max(0, left - by), std::max(0, top - by), std::min(picture_width, right + by),
            std::min(picture_height, bottom + by)};
  }
  Box joined(const Box &other) const {
    if (empty()) return other;
    if (other.empty()) return *this;
    return {std::min(left, other.left), std::min(top, other.top), std::max(right, other.right),
            std::max(bottom, other.bottom)};
  }
};

/** Smallest box around the values above `threshold`. */
inline Box box_above(const float *plane, int width, int height, float threshold) {
  Box box{width, height, 0, 0};
  for (int y = 0; y < height; y++) {
    const float *row = plane + static_cast<long>(y) * width;
    int first = 0, last = width - 1;
    while (first < width && !(row[first] > threshold)) first++;
    if (first == width) continue;
    while (!(row[last] > threshold)) last--;
    box = {std::min(box.left, first), std::min(box.top, y), std::max(box.right, last + 1), y + 1};
  }
  return box.empty() ? Box{} : box;
}

}  // namespace ib
