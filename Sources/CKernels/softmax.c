#include "CKernels.h"
#include "clones.h"
#include "softmax_tile.h"

TSR_CLONES
void tsr_softmax(
    ptrdiff_t pixels, ptrdiff_t channels, const float *x, ptrdiff_t x_stride, float *y, ptrdiff_t y_stride,
    float *restrict tile) {
  for (ptrdiff_t p = 0; p < pixels; p += TSR_TILE) {
    ptrdiff_t live = pixels - p < TSR_TILE ? pixels - p : TSR_TILE;
    float maximum[TSR_TILE], sum[TSR_TILE];
    tsr_softmax_tile(live, channels, x + p * x_stride, x_stride, tile, maximum, sum);
    for (ptrdiff_t lane = 0; lane < live; lane++) {
      float *row = y + (p + lane) * y_stride, share = 1.0f / sum[lane];
      for (ptrdiff_t c = 0; c < channels; c++) row[c] = tile[c * TSR_TILE + lane] * share;
    }
  }
}

TSR_CLONES
void tsr_softmax_gradient(
    ptrdiff_t pixels, ptrdiff_t channels, const float *y, ptrdiff_t y_stride,
    const float *g, ptrdiff_t g_stride,
    float *out, ptrdiff_t out_stride) {
  for (ptrdiff_t p = 0; p < pixels; p++, y += y_stride, g += g_stride, out += out_stride) {
    float dot = 0.0f;
    for (ptrdiff_t c = 0; c < channels; c++) dot += y[c] * g[c];
    // out may be g itself.
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t c = 0; c < channels; c++) out[c] = y[c] * (g[c] - dot);
  }
}
