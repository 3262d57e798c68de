#include "CKernels.h"
#include "clones.h"
#include "vectors.h"

#include <stdint.h>

// Whether there is an addend is a constant of each instance.
__attribute__((always_inline)) static inline void normalize(
    const int has_addend, ptrdiff_t pixels, ptrdiff_t channels, const float *x, ptrdiff_t x_stride,
    const float *restrict center, const float *restrict scale, const float *restrict bias, const float *addend,
    ptrdiff_t addend_stride, float lowest, float *y, ptrdiff_t y_stride) {
  for (ptrdiff_t p = 0; p < pixels; p++, x += x_stride, y += y_stride) {
    const float *a = has_addend ? addend + p * addend_stride : 0;
    // y may be x or the addend itself.
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t c = 0; c < channels; c++) {
      float v = (x[c] - center[c]) * scale[c] + bias[c];
      if (has_addend) v += a[c];
      y[c] = v < lowest ? lowest : v;
    }
  }
}

// The same past the caches, a line at a time: a loop of single elements is not vectorised then.
__attribute__((always_inline)) static inline void normalize_lines(
    const int has_addend, ptrdiff_t pixels, ptrdiff_t channels, const float *x, ptrdiff_t x_stride,
    const float *restrict center, const float *restrict scale, const float *restrict bias, const float *addend,
    ptrdiff_t addend_stride, float lowest, float *y, ptrdiff_t y_stride) {
  const vector16 low = (vector16){0} + lowest;
  for (ptrdiff_t p = 0; p < pixels; p++, x += x_stride, y += y_stride) {
    const float *a = has_addend ? addend + p * addend_stride : 0;
    for (ptrdiff_t c = 0; c < channels; c += 16) {
      vector16 v = (*(const vector16 *)(x + c) - *(const vector16 *)(center + c)) * *(const vector16 *)(scale + c) +
                   *(const vector16 *)(bias + c);
      if (has_addend) v += *(const vector16 *)(a + c);
      v = v < low ? low : v;
      __builtin_nontemporal_store((aligned_vector16)v, (aligned_vector16 *)(y + c));
    }
  }
}

TSR_CLONES
void tsr_normalize(
    ptrdiff_t pixels, ptrdiff_t channels, const float *x, ptrdiff_t x_stride, const float *restrict center,
    const float *restrict scale, const float *restrict bias, const float *addend, ptrdiff_t addend_stride,
    float lowest, int streams, float *y, ptrdiff_t y_stride) {
  // Only whole lines of the cache, written at once, gain by going past it.
  const int lines = streams && channels % 16 == 0 && y_stride % 16 == 0 && (uintptr_t)y % 64 == 0;
#define TSR_NORMALIZE(FUNCTION, HAS_ADDEND)                                                                  \
  FUNCTION(HAS_ADDEND, pixels, channels, x, x_stride, center, scale, bias, addend, addend_stride, lowest, y, \
           y_stride)
  if (addend && lines) {
    TSR_NORMALIZE(normalize_lines, 1);
  } else if (addend) {
    TSR_NORMALIZE(normalize, 1);
  } else if (lines) {
    TSR_NORMALIZE(normalize_lines, 0);
  } else {
    TSR_NORMALIZE(normalize, 0);
  }
#undef TSR_NORMALIZE
}
