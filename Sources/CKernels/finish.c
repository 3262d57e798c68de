#include "finish.h"
#include "clones.h"

// What is there is a constant of each instance: a loop over a few channels has no time to find out.
__attribute__((always_inline)) static inline void finish_rows(
    const int has_bias, const int has_addend, ptrdiff_t pixels, ptrdiff_t channels, const float *sums,
    ptrdiff_t sums_step, const tsr_finish *finish, float *y, ptrdiff_t y_step) {
  const float *bias = finish->bias;
  const float lowest = finish->lowest;
  for (ptrdiff_t p = 0; p < pixels; p++) {
    const float *s = sums + p * sums_step;
    const float *addend = has_addend ? finish->addend + p * finish->addend_step : 0;
    float *t = y + p * y_step;
    // The addend may be y itself.
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t c = 0; c < channels; c++) {
      float v = s[c];
      if (has_bias) v += bias[c];
      if (has_addend) v += addend[c];
      t[c] = lowest > v ? lowest : v;
    }
  }
}

TSR_CLONES void tsr_finish_sums(ptrdiff_t pixels, ptrdiff_t channels, const float *sums, ptrdiff_t sums_step,
                                const tsr_finish *finish, float *y, ptrdiff_t y_step) {
  if (finish->addend && finish->bias) {
    finish_rows(1, 1, pixels, channels, sums, sums_step, finish, y, y_step);
  } else if (finish->addend) {
    finish_rows(0, 1, pixels, channels, sums, sums_step, finish, y, y_step);
  } else if (finish->bias) {
    finish_rows(1, 0, pixels, channels, sums, sums_step, finish, y, y_step);
  } else {
    finish_rows(0, 0, pixels, channels, sums, sums_step, finish, y, y_step);
  }
}

void tsr_end_streams(void) {
#if defined(__x86_64__)
  __builtin_ia32_sfence();
#endif
}
