#include "CKernels.h"
#include "clones.h"
#include "exponential.h"

TSR_CLONES
void tsr_exp(ptrdiff_t n, const float *x, float *y) {
  // Without the promise, x == y would fail the check for overlap and run one element at a time.
#pragma clang loop vectorize(assume_safety)
  for (ptrdiff_t i = 0; i < n; i++) y[i] = tsr_exp_one(x[i]);
}
