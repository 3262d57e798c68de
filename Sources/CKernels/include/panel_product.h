#ifndef TESSERA_PANEL_PRODUCT_H
#define TESSERA_PANEL_PRODUCT_H

#include <stddef.h>

#include "finish.h"

// Matrix products with a panel of tsr_panel_width() columns or, for `half`, of half as many. Rows may be any number; a
// panel of weights lies dense.

/// Columns of a full panel: two vectors of this processor; 0 where there is no kernel for it.
ptrdiff_t tsr_panel_width(void);

/// What the row of an output reads. Steps are in elements.
typedef struct {
  /// Channels of the input, contiguous.
  ptrdiff_t channels;
  ptrdiff_t kernel_height;
  ptrdiff_t kernel_width;
  /// From the input pixel of an output to that of the next output.
  ptrdiff_t pixel_step;
  /// From a tap to the one below it.
  ptrdiff_t row_step;
  /// From a tap to the one beside it.
  ptrdiff_t column_step;
  /// Weights of the next call, laid out as these, and elements that are needed soon: they are asked for on the way, a
  /// line of the cache with each step of the depth, because they come from caches that all cores share or from memory,
  /// and this call's work hides the wait. NULL for none. Of more elements than 16 for each step a part is asked for; what
  /// lies beyond the end of an array does no harm.
  const float *next_weights;
  const float *next_input;
  ptrdiff_t next_elements;
} tsr_window;

/// c[r][panel] = sum over taps and channels of input · weights, finished unless `finish` is null.
///
/// `input` is the first tap of the first output, in an input whose border is already there. `weights` is
/// `[KH][KW][channels][panel]`.
void tsr_panel_product(ptrdiff_t rows, int half, const float *input, const tsr_window *window, const float *weights,
                       const tsr_finish *finish, float *c, ptrdiff_t c_row);

/// Memory that a product brings to the second-level cache while it computes, because it is needed soon. It need not be
/// all there: what lies beyond the end of an array does no harm.
typedef struct {
  /// Where the first of as many pixels begins as the product is deep.
  const float *pixels;
  /// Elements from a pixel to the next.
  ptrdiff_t step;
  /// Lines of 16 elements of each pixel that are left; every tile of the product takes one.
  ptrdiff_t lines;
} tsr_ahead;

/// c[r][panel] (+)= sum over k < depth of a[k · a_step + r] · b[k · b_step + panel]; adds to what stands in c if
/// `accumulate`.
///
/// `coming` are `comings` sources of what is fetched meanwhile, one after the other; they are left with what is still to
/// be fetched.
void tsr_panel_outer_product(ptrdiff_t rows, ptrdiff_t depth, int half, const float *a, ptrdiff_t a_step,
                             const float *b, ptrdiff_t b_step, int accumulate, tsr_ahead *coming, int comings,
                             float *c, ptrdiff_t c_row);

#endif
