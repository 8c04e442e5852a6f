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
  float *data;
  Framed(Workspace &memory, int w, int h)
      : width(w), height(h), pitch(w + 2), data(memory.floats(static_cast<size_t>(w + 2) * (h + 2))) {}
  void clear() { std::fill_n(data, static_cast<size_t>(pitch) * (height + 2), 0.0f); }
  float *row(int y) { return data + static_cast<size_t>(y + 1) * pitch + 1; }
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

/**
 * A plane parted like a chessboard, its even fields (x + y even) and its odd ones each packed, so that a relaxation of
 * the one kind reads and writes whole vectors. Pixel x of row y is number x / 2 of its kind there. A border of zeros.
 */
struct Board {
  int width, height, pitch;
  float *data;
  Board(Workspace &memory, int w, int h)
      : width(w), height(h), pitch((w + 1) / 2 + 2), data(memory.floats(2 * static_cast<size_t>(pitch) * (h + 2))) {}
  void clear() { std::fill_n(data, 2 * static_cast<size_t>(pitch) * (height + 2), 0.0f); }
  float *row(int kind, int y) { return data + (static_cast<size_t>(kind) * (height + 2) + y + 1) * pitch + 1; }
};

/** The first pixel of a kind in row y, 0 or 1. */
IB_INLINE int first_of(int kind, int y) { return (y + kind) & 1; }
/** How many pixels of a kind row y has. */
IB_INLINE int count_of(int kind, int y, int width) { return (width - first_of(kind, y) + 1) / 2; }

struct Problem {
  int width, height;
  Framed u, v, du, dv;       // the flow so far, and its correction
  Framed mean, difference;   // (from + warped to) / 2, and warped to - from
  Framed ix, iy;             // slopes of `mean`
  Framed ixx, ixy, iyy, ixz, iyz;
  Framed smooth;             // weight of the ties to the right and the lower neighbour
  Framed a11, a12, a22, b1, b2;
  Board smooth_on, a11_on, a12_on, a22_on, b1_on, b2_on, du_on, dv_on;  // the same for the relaxation
  Problem(Workspace &memory, int w, int h)
      : width(w), height(h), u(memory, w, h), v(memory, w, h), du(memory, w, h), dv(memory, w, h), mean(memory, w, h),
        difference(memory, w, h), ix(memory, w, h), iy(memory, w, h), ixx(memory, w, h), ixy(memory, w, h), iyy(memory, w, h),
        ixz(memory, w, h), iyz(memory, w, h), smooth(memory, w, h), a11(memory, w, h), a12(memory, w, h), a22(memory, w, h),
        b1(memory, w, h), b2(memory, w, h), smooth_on(memory, w, h), a11_on(memory, w, h), a12_on(memory, w, h), a22_on(memory, w, h),
        b1_on(memory, w, h), b2_on(memory, w, h), du_on(memory, w, h), dv_on(memory, w, h) {
    for (Framed *plane : {&du, &dv, &smooth}) plane->clear();
    for (Board *plane : {&smooth_on, &du_on, &dv_on}) plane->clear();
  }
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

/** Parts a row into its pixels with even x and those with odd x. */
IB_KERNEL void part_row(const float *IB_RESTRICT row, int width, float *IB_RESTRICT even, float *IB_RESTRICT odd) {
  const int pairs = width / 2;
  for (int i = 0; i < pairs; i++) {
    even[i] = row[2 * i];
    odd[i] = row[2 * i + 1];
  }
  if (width % 2 == 1) even[pairs] = row[width - 1];
}

/** The row again from both. */
IB_KERNEL void join_row(const float *IB_RESTRICT even, const float *IB_RESTRICT odd, int width,
                        float *IB_RESTRICT row) {
  const int pairs = width / 2;
  for (int i = 0; i < pairs; i++) {
    row[2 * i] = even[i];
    row[2 * i + 1] = odd[i];
  }
  if (width % 2 == 1) row[width - 1] = even[pairs];
}

/** What the relaxation of one kind's fields of a row reads; `left`, `right`, `up`, `down` are of the other kind. */
struct RelaxRows {
  const float *smooth, *smooth_left, *smooth_up, *a11, *a12, *a22, *b1, *b2;
  const float *u_left, *u_right, *u_up, *u_down, *v_left, *v_right, *v_up, *v_down;
  float *u, *v;
};

/** Ties across the picture's border have no weight: there the smoothness or the neighbour is zero. */
IB_KERNEL void relax_row(const RelaxRows &r, int count, float below) {
  float *IB_RESTRICT u = r.u, *IB_RESTRICT v = r.v;
  IB_INDEPENDENT
  for (int i = 0; i < count; i++) {
    const float w_right = r.smooth[i], w_left = r.smooth_left[i], w_down = r.smooth[i] * below, w_up = r.smooth_up[i];
    const float pull_u = w_right * r.u_right[i] + w_left * r.u_left[i] + w_down * r.u_down[i] + w_up * r.u_up[i];
    const float pull_v = w_right * r.v_right[i] + w_left * r.v_left[i] + w_down * r.v_down[i] + w_up * r.v_up[i];
    const float old_u = u[i], old_v = v[i];
    const float new_u = old_u + kOver * ((pull_u + r.b1[i] - old_v * r.a12[i]) * r.a11[i] - old_u);
    u[i] = new_u;
    v[i] = old_v + kOver * ((pull_v + r.b2[i] - new_u * r.a12[i]) * r.a22[i] - old_v);
  }
}

void relax(Problem &p, int kind, int y) {
  const int other = 1 - kind, right = first_of(kind, y), left = right - 1;
  float *u = p.du_on.row(other, y), *v = p.dv_on.row(other, y), *smooth = p.smooth_on.row(other, y);
  relax_row({p.smooth_on.row(kind, y), smooth + left, p.smooth_on.row(other, y - 1), p.a11_on.row(kind, y),
             p.a12_on.row(kind, y), p.a22_on.row(kind, y), p.b1_on.row(kind, y), p.b2_on.row(kind, y), u + left,
             u + right, p.du_on.row(other, y - 1), p.du_on.row(other, y + 1), v + left, v + right,
             p.dv_on.row(other, y - 1), p.dv_on.row(other, y + 1), p.du_on.row(kind, y), p.dv_on.row(kind, y)},
            count_of(kind, y, p.width), y + 1 < p.height ? 1.0f : 0.0f);
}

/** All rounds of the relaxation, even fields and odd ones in turn. */
void relax_all(ib_pool &pool, Problem &p) {
  constexpr int rounds = 2 * kRelaxations;
  if (pool.alone()) {
    // Round r may follow round r - 1 one row behind: so the rows stay in the cache. The same sums, in another order.
    for (int front = 0; front < p.height + rounds - 1; front++)
      for (int round = 0; round < rounds; round++)
        if (front - round >= 0 && front - round < p.height) relax(p, round & 1, front - round);
    return;
  }
  for (int round = 0; round < rounds; round++)
    for_ranges(pool, p.height, kRowsAPart, [&](int first, int last) {
      for (int y = first; y < last; y++) relax(p, round & 1, y);
    });
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
    for (int y = first; y < last; y++) {
      tie_row(p.smooth.row(y), p.u.row(y), p.v.row(y), pitch, w, p.a11.row(y), p.a22.row(y), p.b1.row(y), p.b2.row(y),
              y + 1 < h ? 1.0f : 0.0f);
      const auto part = [&](Framed &plane, Board &on) {
        part_row(plane.row(y), w, on.row(first_of(0, y), y), on.row(1 - first_of(0, y), y));
      };
      part(p.smooth, p.smooth_on);
      part(p.a11, p.a11_on), part(p.a12, p.a12_on), part(p.a22, p.a22_on), part(p.b1, p.b1_on), part(p.b2, p.b2_on);
    }
  });
  relax_all(pool, p);
  for_ranges(pool, h, kRowsAPart, [&](int first, int last) {
    for (int y = first; y < last; y++) {
      join_row(p.du_on.row(first_of(0, y), y), p.du_on.row(1 - first_of(0, y), y), w, p.du.row(y));
      join_row(p.dv_on.row(first_of(0, y), y), p.dv_on.row(1 - first_of(0, y), y), w, p.dv.row(y));
    }
  });
}

}  // namespace

void refine_flow(ib_pool &pool, FlowLevel &level, int iterations) {
  if (iterations <= 0) return;
  Workspace memory(pool);
  Problem p(memory, level.width, level.height);
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
