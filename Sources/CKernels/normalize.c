#include "CKernels.h"
#include "clones.h"

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

TSR_CLONES
void tsr_normalize(
    ptrdiff_t pixels, ptrdiff_t channels, const float *x, ptrdiff_t x_stride, const float *restrict center,
    const float *restrict scale, const float *restrict bias, const float *addend, ptrdiff_t addend_stride,
    float lowest, float *y, ptrdiff_t y_stride) {
  if (addend) {
    normalize(1, pixels, channels, x, x_stride, center, scale, bias, addend, addend_stride, lowest, y, y_stride);
  } else {
    normalize(0, pixels, channels, x, x_stride, center, scale, bias, 0, 0, lowest, y, y_stride);
  }
}
