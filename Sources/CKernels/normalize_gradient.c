#include "CKernels.h"
#include "clones.h"
#include "vectors.h"

#include <stdint.h>

// The gradient that passes the clamp of tsr_normalize.
__attribute__((always_inline)) static inline float passed(
    float g, float centered, float scale, float bias, float lowest) {
  return centered * scale + bias <= lowest ? 0.0f : g;
}

TSR_CLONES
void tsr_normalize_sums(
    ptrdiff_t pixels, ptrdiff_t channels, const float *g, ptrdiff_t g_stride,
    const float *x, ptrdiff_t x_stride,
    const float *restrict center, const float *restrict scale, const float *restrict bias, float lowest,
    float *restrict sum, float *restrict product) {
  for (ptrdiff_t c = 0; c < channels; c++) sum[c] = product[c] = 0.0f;
  ptrdiff_t p = 0;
  // Two pixels at a time, so that a partial sum is loaded and stored once for two additions; but one by one
  // where two rows are long and yet share a page, which defeats prefetching.
  int paired = channels < 128 || channels >= 1024;
  for (; paired && p + 2 <= pixels; p += 2, g += 2 * g_stride, x += 2 * x_stride) {
    const float *h = g + g_stride, *z = x + x_stride;
    for (ptrdiff_t c = 0; c < channels; c++) {
      float m = center[c], s = scale[c], b = bias[c], u = x[c] - m, v = z[c] - m;
      float d = passed(g[c], u, s, b, lowest), e = passed(h[c], v, s, b, lowest);
      sum[c] += d + e;
      product[c] += d * u + e * v;
    }
  }
  for (; p < pixels; p++, g += g_stride, x += x_stride) {
    for (ptrdiff_t c = 0; c < channels; c++) {
      float u = x[c] - center[c], d = passed(g[c], u, scale[c], bias[c], lowest);
      sum[c] += d;
      product[c] += d * u;
    }
  }
}

// Past the caches, a line at a time.
__attribute__((always_inline)) static inline void write_lines(
    ptrdiff_t channels, const float *g, const float *x, const float *restrict center, const float *restrict scale,
    const float *restrict bias, float lowest, const float *restrict slope, const float *restrict offset, float *out) {
  for (ptrdiff_t c = 0; c < channels; c += 16) {
    const vector16 s = *(const vector16 *)(scale + c), u = *(const vector16 *)(x + c) - *(const vector16 *)(center + c);
    const vector16 d = u * s + *(const vector16 *)(bias + c) <= lowest ? 0.0f : *(const vector16 *)(g + c);
    const vector16 gradient = d * s + (u * *(const vector16 *)(slope + c) + *(const vector16 *)(offset + c));
    __builtin_nontemporal_store((aligned_vector16)gradient, (aligned_vector16 *)(out + c));
  }
}

TSR_CLONES
void tsr_normalize_gradient(
    ptrdiff_t pixels, ptrdiff_t channels, const float *g, ptrdiff_t g_stride,
    const float *x, ptrdiff_t x_stride,
    const float *restrict center, const float *restrict scale, const float *restrict bias, float lowest,
    const float *restrict slope, const float *restrict offset, int accumulate, int streams,
    float *out, ptrdiff_t out_stride) {
  // Only whole lines of the cache, written at once, gain by going past it.
  const int lines =
      streams && !accumulate && channels % 16 == 0 && out_stride % 16 == 0 && (uintptr_t)out % 64 == 0;
  for (ptrdiff_t p = 0; p < pixels; p++, g += g_stride, x += x_stride, out += out_stride) {
    if (lines) {
      write_lines(channels, g, x, center, scale, bias, lowest, slope, offset, out);
      continue;
    }
    // out may be g itself.
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t c = 0; c < channels; c++) {
      float u = x[c] - center[c], d = passed(g[c], u, scale[c], bias[c], lowest);
      float gradient = d * scale[c] + (u * slope[c] + offset[c]);
      out[c] = accumulate ? out[c] + gradient : gradient;
    }
  }
}
