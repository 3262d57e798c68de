#ifndef TESSERA_SOFTMAX_TILE_H
#define TESSERA_SOFTMAX_TILE_H

#include "CKernels.h"
#include "exponential.h"

/// Turns `live` pixels (at most TSR_TILE) into columns of `tile`, each element exp(x - maximum of its pixel).
///
/// Classes are few and pixels many: with a pixel in each vector lane, maximum, exponential and sum all run at
/// full width for any number of classes. Lanes without a pixel repeat the last one.
__attribute__((always_inline)) static inline void tsr_softmax_tile(
    ptrdiff_t live, ptrdiff_t classes, const float *x, ptrdiff_t stride, float *restrict tile,
    float *restrict maximum, float *restrict sum) {
  for (ptrdiff_t lane = 0; lane < TSR_TILE; lane++) {
    const float *row = x + (lane < live ? lane : live - 1) * stride;
    for (ptrdiff_t c = 0; c < classes; c++) tile[c * TSR_TILE + lane] = row[c];
  }
  for (ptrdiff_t lane = 0; lane < TSR_TILE; lane++) {
    maximum[lane] = tile[lane];
    sum[lane] = 0.0f;
  }
  for (ptrdiff_t c = 1; c < classes; c++) {
    for (ptrdiff_t lane = 0; lane < TSR_TILE; lane++) {
      float v = tile[c * TSR_TILE + lane];
      maximum[lane] = v > maximum[lane] ? v : maximum[lane];
    }
  }
  for (ptrdiff_t c = 0; c < classes; c++) {
    for (ptrdiff_t lane = 0; lane < TSR_TILE; lane++) {
      float e = tsr_exp_one(tile[c * TSR_TILE + lane] - maximum[lane]);
      tile[c * TSR_TILE + lane] = e;
      sum[lane] += e;
    }
  }
}

#endif
