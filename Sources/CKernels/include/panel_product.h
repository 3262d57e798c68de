#ifndef TESSERA_PANEL_PRODUCT_H
#define TESSERA_PANEL_PRODUCT_H

#include <stddef.h>

// Matrix products with a panel of 32 or, for `half`, 16 columns on AVX-512, and 16 or 8 on AVX2: as wide as
// tsr_direct_conv_shape() says. Rows may be any number; a panel lies dense.

/// c[r][panel] = sum over k < depth of a[r · a_row + k] · b[k][panel].
void tsr_panel_product(ptrdiff_t rows, ptrdiff_t depth, int half, const float *a, ptrdiff_t a_row, const float *b,
                       float *c, ptrdiff_t c_row);

/// c[r][panel] (+)= sum over k < depth of a[k · a_step + r] · b[k · b_step + panel]; adds to what stands in c if
/// `accumulate`.
void tsr_panel_outer_product(ptrdiff_t rows, ptrdiff_t depth, int half, const float *a, ptrdiff_t a_step,
                             const float *b, ptrdiff_t b_step, int accumulate, float *c, ptrdiff_t c_row);

/// y[p][c] = max(lowest, sums[p][c] + bias[c]) for each pixel and channel; no bias where the pointer is null. NaN stays
/// NaN.
void tsr_finish_sums(ptrdiff_t pixels, ptrdiff_t channels, const float *sums, ptrdiff_t sums_step, const float *bias,
                     float lowest, float *y, ptrdiff_t y_step);

#endif
