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
  /// Whether the output belongs to more memory than caches hold until it is read: where channels are whole lines of
  /// the cache, they are written past it, and tsr_end_streams() is called before other threads read them.
  /// tsr_finish_sums writes through the caches all the same.
  int streams;
} tsr_finish;

/// Finishes sums that a product left raw.
void tsr_finish_sums(ptrdiff_t pixels, ptrdiff_t channels, const float *sums, ptrdiff_t sums_step,
                     const tsr_finish *finish, float *y, ptrdiff_t y_step);

/// Makes what was written past the caches visible to other threads before what is written next.
void tsr_end_streams(void);

#endif
