#ifndef TESSERA_FINISH_H
#define TESSERA_FINISH_H

#include <stddef.h>

/// What becomes of the sums of a linear layer: max(lowest, sum + bias[c] + addend). NaN stays NaN.
typedef struct {
  /// One for each channel; null for none.
  const float *bias;
  float lowest;
  /// An activation of the output's shape, at the first pixel of what is written, which may be the output itself; null
  /// for none.
  const float *addend;
  /// Elements from a pixel of it to the next.
  ptrdiff_t addend_step;
  /// Elements from a row of it to the next, where a grid is written.
  ptrdiff_t addend_row_step;
} tsr_finish;

#endif
