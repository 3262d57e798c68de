#include "CKernels.h"
#include "clones.h"

TSR_CLONES
void tsr_normalize(
    ptrdiff_t pixels, ptrdiff_t channels, const float *x, ptrdiff_t x_stride, const float *restrict center,
    const float *restrict scale, const float *restrict bias, float lowest, float *y, ptrdiff_t y_stride) {
  for (ptrdiff_t p = 0; p < pixels; p++, x += x_stride, y += y_stride) {
    // y may be x itself.
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t c = 0; c < channels; c++) {
      float v = (x[c] - center[c]) * scale[c] + bias[c];
      y[c] = v < lowest ? lowest : v;
    }
  }
}
