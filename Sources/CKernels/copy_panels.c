#include <string.h>

#include "CKernels.h"
#include "clones.h"

// A panel is so narrow that a call for each costs more than the copy: with a constant width it is some vector moves.
__attribute__((always_inline)) static inline void copy(const ptrdiff_t width, ptrdiff_t pixels, ptrdiff_t channels,
                                                       const float *x, ptrdiff_t x_step, float *y,
                                                       ptrdiff_t panel_step) {
  const ptrdiff_t whole = channels / width, rest = channels % width;
  const ptrdiff_t last = rest <= width / 2 ? width / 2 : width;
  for (ptrdiff_t p = 0; p < pixels; p++) {
    const float *s = x + p * x_step;
    for (ptrdiff_t i = 0; i < whole; i++) memcpy(y + i * panel_step + p * width, s + i * width, width * sizeof(float));
    if (rest == 0) continue;
    float *t = y + whole * panel_step + p * last;
    for (ptrdiff_t c = 0; c < last; c++) t[c] = c < rest ? s[whole * width + c] : 0;
  }
}

TSR_CLONES void tsr_copy_panels(ptrdiff_t pixels, ptrdiff_t channels, ptrdiff_t width, const float *x,
                                ptrdiff_t x_step, float *y, ptrdiff_t panel_step) {
  switch (width) {
    case 32:
      return copy(32, pixels, channels, x, x_step, y, panel_step);
    case 16:
      return copy(16, pixels, channels, x, x_step, y, panel_step);
    default:
      return copy(width, pixels, channels, x, x_step, y, panel_step);
  }
}
