// Variational refinement: brightness and gradient constancy with robust penalties and a smooth field, solved by
// successive over-relaxation in red-black order. Brox, Bruhn, Papenberg, Weickert (ECCV 2004), with the normalised
// data terms of Zimmer et al. (2011), as DIS uses it.
#include <algorithm>
#include <cstring>

#include "flow-level.hpp"

namespace ib {
namespace {

constexpr float kSmoothWeight = 20.0f / 2, kBrightWeight = 5.0f / 2, kGradientWeight = 10.0f / 2;
constexpr float kZeta2 = 0.1f * 0.1f, kEpsilon2 = 0.001f * 0.001f;
constexpr float kOver = 1.6f;
constexpr int kRelaxations = 5, kRowsAPart = 20;

/** A plane with one border pixel on each side, so that every pixel has four neighbours. */
struct Framed {
  int width, height, pitch;
  std::vector<float> data;
  Framed(int w, int h) : width(w), height(h), pitch(w + 2), data(static_cast<size_t>(w + 2) * (h + 2)) {}
  float *row(int y) { return &data[static_cast<size_t>(y + 1) * pitch + 1]; }
  /** Repeats the outer pixels into the border. */
  void close() {
    for (int y = 0; y < height; y++) {
      row(y)[-1] = row(y)[0];
      row(y)[width] = row(y)[width - 1];
    }
    std::memcpy(row(-1) - 1, row(0) - 1, sizeof(float) * pitch);
    std::memcpy(row(height) - 1, row(height - 1) - 1, sizeof(float) * pitch);
  }
};

struct Problem {
  int width, height;
  Framed u, v, du, dv;       // the flow so far, and its correction
  Framed mean, difference;   // (from + warped to) / 2, and warped to - from
  Framed ix, iy;             // slopes of `mean`
  Framed ixx, ixy, iyy, ixz, iyz;
  Framed smooth;             // weight of the ties to the right and the lower neighbour
  Framed a11, a12, a22, b1, b2;
  Problem(int w, int h)
      : width(w), height(h), u(w, h), v(w, h), du(w, h), dv(w, h), mean(w, h), difference(w, h), ix(w, h), iy(w, h),
        ixx(w, h), ixy(w, h), iyy(w, h), ixz(w, h), iyz(w, h), smooth(w, h), a11(w, h), a12(w, h), a22(w, h), b1(w, h),
        b2(w, h) {}
};

IB_KERNEL void warp_row(const PaddedPlane &to, const float *IB_RESTRICT from, const float *IB_RESTRICT u,
                        const float *IB_RESTRICT v, int y, float *IB_RESTRICT mean, float *IB_RESTRICT difference) {
  const float *origin = to.at(0, 0);
  const int pitch = to.pitch;
  const float right = static_cast<float>(to.width - 1), bottom = static_cast<float>(to.height - 1);
  IB_INDEPENDENT
  for (int x = 0; x < to.width; x++) {
    const float at_x = clamp_float(x + u[x], 0.0f, right), at_y = clamp_float(y + v[x], 0.0f, bottom);
    const int ix = static_cast<int>(at_x), iy = static_cast<int>(at_y);
    const float fx = at_x - ix, fy = at_y - iy;
    const float *p = origin + iy * pitch + ix;
    const float upper = p[0] + fx * (p[1] - p[0]), lower = p[pitch] + fx * (p[pitch + 1] - p[pitch]);
    const float warped = upper + fy * (lower - upper);
    mean[x] = 0.5f * (warped + from[x]);
    difference[x] = warped - from[x];
  }
}

/** Central differences of a framed plane. */
IB_KERNEL void slope_row(const float *IB_RESTRICT middle, int pitch, int width, float *IB_RESTRICT dx,
                         float *IB_RESTRICT dy) {
  for (int x = 0; x < width; x++) dx[x] = 0.5f * (middle[x + 1] - middle[x - 1]);
  for (int x = 0; x < width; x++) dy[x] = 0.5f * (middle[x + pitch] - middle[x - pitch]);
}

IB_KERNEL void smooth_row(const float *IB_RESTRICT u, const float *IB_RESTRICT v, const float *IB_RESTRICT du,
                          const float *IB_RESTRICT dv, int pitch, int width, bool last, float *IB_RESTRICT out) {
  const int below = last ? 0 : pitch;
  for (int x = 0; x < width; x++) {
    const float here_u = u[x] + du[x], here_v = v[x] + dv[x];
    const float ux = u[x + 1] + du[x + 1] - here_u, vx = v[x + 1] + dv[x + 1] - here_v;
    const float uy = u[x + below] + du[x + below] - here_u, vy = v[x + below] + dv[x + below] - here_v;
    out[x] = kSmoothWeight / std::sqrt(ux * ux + vx * vx + uy * uy + vy * vy + kEpsilon2);
  }
}

struct DataRows {
  const float *ix, *iy, *iz, *ixx, *ixy, *iyy, *ixz, *iyz, *du, *dv;
  float *a11, *a12, *a22, *b1, *b2;
};

IB_KERNEL void data_row(const DataRows &r, int width) {
  IB_INDEPENDENT
  for (int x = 0; x < width; x++) {
    const float ix = r.ix[x], iy = r.iy[x], iz = r.iz[x], du = r.du[x], dv = r.dv[x];
    const float norm = 1.0f / (ix * ix + iy * iy + kZeta2);
    const float left = iz + ix * du + iy * dv;
    const float bright = kBrightWeight * norm / std::sqrt(left * left * norm + kEpsilon2);
    const float ixx = r.ixx[x], ixy = r.ixy[x], iyy = r.iyy[x], ixz = r.ixz[x], iyz = r.iyz[x];
    const float norm_x = 1.0f / (ixx * ixx + ixy * ixy + kZeta2), norm_y = 1.0f / (iyy * iyy + ixy * ixy + kZeta2);
    const float left_x = ixz + ixx * du + ixy * dv, left_y = iyz + ixy * du + iyy * dv;
    const float gradient =
        kGradientWeight / std::sqrt(left_x * left_x * norm_x + left_y * left_y * norm_y + kEpsilon2);
    r.a11[x] = bright * ix * ix + gradient * (ixx * ixx * norm_x + ixy * ixy * norm_y) + kZeta2;
    r.a12[x] = bright * ix * iy + gradient * (ixx * ixy * norm_x + ixy * iyy * norm_y);
    r.a22[x] = bright * iy * iy + gradient * (ixy * ixy * norm_x + iyy * iyy * norm_y) + kZeta2;
    r.b1[x] = -bright * iz * ix - gradient * (ixx * ixz * norm_x + ixy * iyz * norm_y);
    r.b2[x] = -bright * iz * iy - gradient * (ixy * ixz * norm_x + iyy * iyz * norm_y);
  }
}

/** Adds the ties to the four neighbours, and turns the diagonals into their inverses. */
IB_KERNEL void tie_row(const float *IB_RESTRICT smooth, const float *IB_RESTRICT u, const float *IB_RESTRICT v,
                       int pitch, int width, float *IB_RESTRICT a11, float *IB_RESTRICT a22, float *IB_RESTRICT b1,
                       float *IB_RESTRICT b2, float below) {
  for (int x = 0; x < width; x++) {
    const float w_right = x + 1 < width ? smooth[x] : 0.0f, w_left = smooth[x - 1];
    const float w_down = smooth[x] * below, w_up = smooth[x - pitch];
    b1[x] += w_right * (u[x + 1] - u[x]) + w_left * (u[x - 1] - u[x]) + w_down * (u[x + pitch] - u[x]) +
             w_up * (u[x - pitch] - u[x]);
    b2[x] += w_right * (v[x + 1] - v[x]) + w_left * (v[x - 1] - v[x]) + w_down * (v[x + pitch] - v[x]) +
             w_up * (v[x - pitch] - v[x]);
    const float ties = w_right + w_left + w_down + w_up;
    a11[x] = 1.0f / (a11[x] + ties);
    a22[x] = 1.0f / (a22[x] + ties);
  }
}

/**
 * One half of a red-black relaxation of a row: the pixels with (x + first) even. All are computed, to one side and so
 * that the loops vectorise, and half of them kept. Ties across the picture's border have no weight.
 */
IB_KERNEL void relax_row(const float *IB_RESTRICT smooth, const float *IB_RESTRICT a11, const float *IB_RESTRICT a12,
                         const float *IB_RESTRICT a22, const float *IB_RESTRICT b1, const float *IB_RESTRICT b2,
                         int pitch, int width, int first, float below, float *IB_RESTRICT aside,
                         float *IB_RESTRICT du, float *IB_RESTRICT dv) {
  float *IB_RESTRICT aside_u = aside, *IB_RESTRICT aside_v = aside + width;
  for (int x = 0; x < width; x++) {
    const float w_right = smooth[x], w_left = smooth[x - 1], w_down = smooth[x] * below, w_up = smooth[x - pitch];
    const float pull_u = w_right * du[x + 1] + w_left * du[x - 1] + w_down * du[x + pitch] + w_up * du[x - pitch];
    const float pull_v = w_right * dv[x + 1] + w_left * dv[x - 1] + w_down * dv[x + pitch] + w_up * dv[x - pitch];
    const float old_u = du[x], old_v = dv[x];
    // Nothing for the pixels of the other half: a factor, because a branch would keep the loop from being vectorised.
    const float over = kOver * static_cast<float>((x + first + 1) & 1);
    const float new_u = old_u + over * ((pull_u + b1[x] - old_v * a12[x]) * a11[x] - old_u);
    aside_u[x] = new_u;
    aside_v[x] = old_v + over * ((pull_v + b2[x] - new_u * a12[x]) * a22[x] - old_v);
  }
  std::memcpy(du, aside_u, sizeof(float) * width);
  std::memcpy(dv, aside_v, sizeof(float) * width);
}

void prepare(ib_pool &pool, const FlowLevel &level, Problem &p) {
  const int w = p.width, h = p.height;
  for (int y = 0; y < h; y++) {
    std::memcpy(p.u.row(y), &level.u[static_cast<size_t>(y) * w], sizeof(float) * w);
    std::memcpy(p.v.row(y), &level.v[static_cast<size_t>(y) * w], sizeof(float) * w);
  }
  p.u.close();
  p.v.close();
  for_ranges(pool, h, kRowsAPart, [&](int first, int last) {
    for (int y = first; y < last; y++)
      warp_row(level.to, level.from.at(0, y), p.u.row(y), p.v.row(y), y, p.mean.row(y), p.difference.row(y));
  });
  p.mean.close();
  p.difference.close();
  const auto slopes = [&](Framed &of, Framed &dx, Framed &dy) {
    for_ranges(pool, h, kRowsAPart, [&](int first, int last) {
      for (int y = first; y < last; y++) slope_row(of.row(y), of.pitch, w, dx.row(y), dy.row(y));
    });
  };
  slopes(p.mean, p.ix, p.iy);
  slopes(p.difference, p.ixz, p.iyz);
  p.ix.close();
  p.iy.close();
  slopes(p.iy, p.ixy, p.iyy);
  // The mixed derivative is the same either way round; this pass keeps the one of ix with respect to y.
  slopes(p.ix, p.ixx, p.ixy);
}

void iterate(ib_pool &pool, Problem &p) {
  const int w = p.width, h = p.height, pitch = p.u.pitch;
  // The right neighbour of the last column has to be a copy, so that it adds nothing to the slope.
  p.du.close();
  p.dv.close();
  for_ranges(pool, h, kRowsAPart, [&](int first, int last) {
    for (int y = first; y < last; y++) {
      smooth_row(p.u.row(y), p.v.row(y), p.du.row(y), p.dv.row(y), pitch, w, y + 1 == h, p.smooth.row(y));
      p.smooth.row(y)[-1] = 0;
      data_row({p.ix.row(y), p.iy.row(y), p.difference.row(y), p.ixx.row(y), p.ixy.row(y), p.iyy.row(y), p.ixz.row(y),
                p.iyz.row(y), p.du.row(y), p.dv.row(y), p.a11.row(y), p.a12.row(y), p.a22.row(y), p.b1.row(y),
                p.b2.row(y)},
               w);
    }
  });
  for_ranges(pool, h, kRowsAPart, [&](int first, int last) {
    for (int y = first; y < last; y++)
      tie_row(p.smooth.row(y), p.u.row(y), p.v.row(y), pitch, w, p.a11.row(y), p.a22.row(y), p.b1.row(y), p.b2.row(y),
              y + 1 < h ? 1.0f : 0.0f);
  });
  const auto clear_border = [&](Framed &plane) {
    for (int y = 0; y < h; y++) plane.row(y)[w] = plane.row(y)[-1] = 0;
  };
  clear_border(p.du);
  clear_border(p.dv);
  for (int round = 0; round < 2 * kRelaxations; round++)
    for_ranges(pool, h, kRowsAPart, [&](int first, int last) {
      std::vector<float> aside(2 * static_cast<size_t>(w));
      for (int y = first; y < last; y++)
        relax_row(p.smooth.row(y), p.a11.row(y), p.a12.row(y), p.a22.row(y), p.b1.row(y), p.b2.row(y), pitch, w,
                  (y + round) & 1, y + 1 < h ? 1.0f : 0.0f, aside.data(), p.du.row(y), p.dv.row(y));
    });
}

}  // namespace

void refine_flow(ib_pool &pool, FlowLevel &level, int iterations) {
  if (iterations <= 0) return;
  Problem p(level.width, level.height);
  prepare(pool, level, p);
  for (int i = 0; i < iterations; i++) iterate(pool, p);
  for (int y = 0; y < p.height; y++)
    for (int x = 0; x < p.width; x++) {
      const size_t i = static_cast<size_t>(y) * p.width + x;
      level.u[i] += p.du.row(y)[x];
      level.v[i] += p.dv.row(y)[x];
    }
}

}  // namespace ib
