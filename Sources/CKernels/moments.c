#include "CKernels.h"
#include "clones.h"

// Four pixels at a time, so that a partial sum is loaded and stored once for four additions. While pixels
// still come from memory, rows from 512 bytes on are read one by one: reading several ahead of each other
// defeats prefetching.

TSR_CLONES
void tsr_moments(
    ptrdiff_t pixels, ptrdiff_t channels, const float *x, ptrdiff_t stride, float *restrict mean,
    float *restrict rest, float *restrict squares) {
  for (ptrdiff_t c = 0; c < channels; c++) mean[c] = rest[c] = squares[c] = 0.0f;
  ptrdiff_t p = 0;
  for (; channels < 128 && p + 4 <= pixels; p += 4) {
    const float *a = x + p * stride, *b = a + stride, *d = b + stride, *e = d + stride;
    for (ptrdiff_t c = 0; c < channels; c++) mean[c] += (a[c] + b[c]) + (d[c] + e[c]);
  }
  for (; p < pixels; p++) {
    for (ptrdiff_t c = 0; c < channels; c++) mean[c] += x[p * stride + c];
  }
  for (ptrdiff_t c = 0; c < channels; c++) mean[c] /= (float)pixels;
  // The second sweep finds the pixels in the cache; without it, a mean far from 0 would cancel the variance.
  for (p = 0; p + 4 <= pixels; p += 4) {
    const float *a = x + p * stride, *b = a + stride, *d = b + stride, *e = d + stride;
    for (ptrdiff_t c = 0; c < channels; c++) {
      float m = mean[c], u = a[c] - m, v = b[c] - m, w = d[c] - m, z = e[c] - m;
      rest[c] += (u + v) + (w + z);
      squares[c] += (u * u + v * v) + (w * w + z * z);
    }
  }
  for (; p < pixels; p++) {
    for (ptrdiff_t c = 0; c < channels; c++) {
      float u = x[p * stride + c] - mean[c];
      rest[c] += u;
      squares[c] += u * u;
    }
  }
}
