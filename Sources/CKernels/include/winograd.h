#ifndef TESSERA_WINOGRAD_H
#define TESSERA_WINOGRAD_H

#include <stddef.h>

#include "finish.h"

// Transforms of Winograd's minimal filtering F(m×m, r×r) (Lavin and Gray 2015, "Fast algorithms for convolutional
// neural networks", arXiv:1509.09308). A tile of m×m outputs takes t×t products, t = m + r - 1. Grids have contiguous
// channels; products lie `product_step` elements apart, each with contiguous channels.

/// The transforms that there are.
typedef enum {
  TSR_WINOGRAD_2_3,
  TSR_WINOGRAD_4_3,
  TSR_WINOGRAD_6_3,
  /// 2×2 outputs of 7×7 taps; there are no gradients of its weights.
  TSR_WINOGRAD_2_7,
} tsr_winograd_kind;

/// A grid of pixels, of which those outside `top..<bottom` × `left..<right` are zero and never touched.
/// Steps are in elements.
typedef struct {
  ptrdiff_t row_step;
  ptrdiff_t pixel_step;
  ptrdiff_t top;
  ptrdiff_t bottom;
  ptrdiff_t left;
  ptrdiff_t right;
} tsr_winograd_grid;

/// What a grid that is expanded to products holds.
typedef enum {
  /// t×t inputs.
  TSR_WINOGRAD_INPUT,
  /// r×r weights.
  TSR_WINOGRAD_KERNEL,
  /// m×m gradients of outputs.
  TSR_WINOGRAD_OUTPUT_GRADIENT,
} tsr_winograd_source;

/// What products are reduced to.
typedef enum {
  /// m×m outputs.
  TSR_WINOGRAD_OUTPUT,
  /// r×r gradients of weights.
  TSR_WINOGRAD_KERNEL_GRADIENT,
} tsr_winograd_target;

/// Where the largest values of the output's windows of 2×2 are written, those that lie wholly inside. NaN beats all.
typedef struct {
  /// The first of the grid's windows.
  float *y;
  ptrdiff_t row_step;
  ptrdiff_t pixel_step;
  /// Whether the outputs themselves are not written.
  int alone;
} tsr_winograd_pooled;

/// Writes the t×t products of a grid. Channels are filled up with zeros to the processor's vector.
///
/// `streams` says of weights that all their products are more than caches hold: where they lie on whole lines, they are
/// written past the caches, and tsr_end_streams() is called before other threads read them.
void tsr_winograd_expand(tsr_winograd_source source, tsr_winograd_kind kind, ptrdiff_t channels, const float *x,
                         const tsr_winograd_grid *grid, float *products, ptrdiff_t product_step, int streams);

/// Writes sums to a grid, finished unless `finish` is null, and of outputs of 3×3 taps the largest of each window to
/// `pooled` unless that is null.
void tsr_winograd_reduce(tsr_winograd_target target, tsr_winograd_kind kind, ptrdiff_t channels, const float *products,
                         ptrdiff_t product_step, const tsr_finish *finish, const tsr_winograd_pooled *pooled,
                         float *y, const tsr_winograd_grid *grid);

#endif
