#ifndef TESSERA_CKERNELS_H
#define TESSERA_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "panel_product.h"
#include "winograd.h"

// Inner loops whose instruction set is chosen when the program starts. Pure functions on pointers and sizes:
// no allocation, no state. Counts are in elements. Pointers need no alignment.

/// exp(x) for each of n elements (x may equal y); relative error below 2e-7 for x in -87...88, 0 below -87
/// and exp(88) above 88.
void tsr_exp(ptrdiff_t n, const float *x, float *y);

/// 1 / (1 + exp(-x)) for each of n elements; x may equal y.
void tsr_sigmoid(ptrdiff_t n, const float *x, float *y);
/// The hyperbolic tangent of each of n elements; x may equal y.
void tsr_tanh(ptrdiff_t n, const float *x, float *y);
/// x above 0, alpha · (exp(x) - 1) below, for each of n elements; x may equal y.
void tsr_elu(ptrdiff_t n, float alpha, const float *x, float *y);
/// log(1 + exp(x)) for each of n elements; x may equal y.
void tsr_softplus(ptrdiff_t n, const float *x, float *y);

// Gradients g of outputs y to gradients of inputs, for each of n elements; out may equal g.

/// g where y > 0, slope · g elsewhere.
void tsr_relu_gradient(ptrdiff_t n, float slope, const float *y, const float *g, float *out);
/// g where y > 0, (y + alpha) · g elsewhere.
void tsr_elu_gradient(ptrdiff_t n, float alpha, const float *y, const float *g, float *out);
/// y · (1 - y) · g.
void tsr_sigmoid_gradient(ptrdiff_t n, const float *y, const float *g, float *out);
/// (1 - y²) · g.
void tsr_tanh_gradient(ptrdiff_t n, const float *y, const float *g, float *out);
/// (1 - exp(-y)) · g.
void tsr_softplus_gradient(ptrdiff_t n, const float *y, const float *g, float *out);

/// x · scale where a hash of the key and of the element's place (`first` + index) is at least `threshold`,
/// and 0 elsewhere; x may equal y.
void tsr_dropout(
    ptrdiff_t n, uint64_t key, uint64_t first, uint32_t threshold, float scale, const float *x, float *y);

// Batch norm: [pixels, channels] with `stride` elements from a pixel to the next; other arrays have one
// element for each channel.

/// The mean over pixels, and around it the sum of differences and the sum of their squares. The differences
/// would add up to 0 but for the rounding of the mean. Reads x twice: meant for pixels that stay in cache.
void tsr_moments(
    ptrdiff_t pixels, ptrdiff_t channels, const float *x, ptrdiff_t stride, float *restrict mean,
    float *restrict rest, float *restrict squares);
/// y = max(lowest, (x - center) · scale + bias + addend); x may equal y. The addend, which may be y too, is null for
/// none. `streams` says that y belongs to more memory than caches hold until it is read: whole lines of the cache are
/// written past it, and tsr_end_streams() is called before other threads read them.
void tsr_normalize(
    ptrdiff_t pixels, ptrdiff_t channels, const float *x, ptrdiff_t x_stride, const float *restrict center,
    const float *restrict scale, const float *restrict bias, const float *addend, ptrdiff_t addend_stride,
    float lowest, int streams, float *y, ptrdiff_t y_stride);
/// With d = g where tsr_normalize without an addend did not clamp and 0 elsewhere: the sums over pixels of d and of
/// d · (x - center).
void tsr_normalize_sums(
    ptrdiff_t pixels, ptrdiff_t channels, const float *g, ptrdiff_t g_stride,
    const float *x, ptrdiff_t x_stride,
    const float *restrict center, const float *restrict scale, const float *restrict bias, float lowest,
    float *restrict sum, float *restrict product);
/// out = d · scale + (x - center) · slope + offset, d as above, added to what stands in out if `accumulate`; out may
/// equal g otherwise. `streams` is that of tsr_normalize, for what is not added.
void tsr_normalize_gradient(
    ptrdiff_t pixels, ptrdiff_t channels, const float *g, ptrdiff_t g_stride,
    const float *x, ptrdiff_t x_stride,
    const float *restrict center, const float *restrict scale, const float *restrict bias, float lowest,
    const float *restrict slope, const float *restrict offset, int accumulate, int streams, float *out,
    ptrdiff_t out_stride);

/// y[c][r] = x[r][c], rows `x_row` and `y_row` elements apart.
void tsr_transpose(ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t x_row, float *y, ptrdiff_t y_row);

/// Copies the channels of pixels, `x_step` elements apart, into panels of `width` channels: y[panel][pixel][channel].
///
/// Panels begin `panel_step` elements apart. The last holds half as many channels where those that are left fit, and 0 in
/// those that are missing.
void tsr_copy_panels(ptrdiff_t pixels, ptrdiff_t channels, ptrdiff_t width, const float *x, ptrdiff_t x_step, float *y,
                     ptrdiff_t panel_step);

/// What is done with a value where one stands already.
typedef enum {
  /// Nothing stands there yet.
  TSR_JOIN_FIRST,
  /// Both are added.
  TSR_JOIN_SUM,
  /// The later one stays.
  TSR_JOIN_LAST,
} tsr_join;

/// Joins each channel's value to `y` where the channel is called `name`, and 0, or nothing for TSR_JOIN_LAST, where it
/// is not. Names are the bits of floats.
void tsr_named_values(ptrdiff_t channels, uint32_t name, tsr_join join, const float *restrict values,
                      const float *restrict names, float *restrict y);

/// The maximum of four pixels, and if `proceeds` of what stands in `value`, for each channel, and in `index` the name
/// of the first pixel that has it. The last NaN wins over everything. A pixel may be given more than once.
void tsr_max_of_four(
    ptrdiff_t channels, const float *const *pixels, const float *names, int proceeds, float *restrict value,
    float *restrict index);

/// The maximum of four pixels for each channel, the first of equal ones; NaN wins over everything.
void tsr_largest_of_four(ptrdiff_t channels, const float *const *pixels, float *restrict value);

/// Pixels that softmax takes at once: its `tile` has as many elements for each channel.
#define TSR_TILE 16

/// The softmax over the channels of each pixel; x may equal y. `tile` is scratch of TSR_TILE · channels
/// elements.
void tsr_softmax(
    ptrdiff_t pixels, ptrdiff_t channels, const float *x, ptrdiff_t x_stride, float *y, ptrdiff_t y_stride,
    float *restrict tile);
/// out = y · (g - sum over channels of y · g); out may equal g.
void tsr_softmax_gradient(
    ptrdiff_t pixels, ptrdiff_t channels, const float *y, ptrdiff_t y_stride,
    const float *g, ptrdiff_t g_stride,
    float *out, ptrdiff_t out_stride);

/// Cross entropy of the softmax of x against labels, which are class indices as floats.
///
/// Pixels whose label is `ignored` or no class count nothing. `sums` gets the sum of weighted losses and the
/// sum of the labels' weights. `gradient`, where there is one, gets that of the first sum. `weights` (none:
/// all 1) has an element for each class, `tile` is scratch of TSR_TILE · classes elements.
void tsr_softmax_cross_entropy(
    ptrdiff_t pixels, ptrdiff_t classes, const float *x, ptrdiff_t x_stride, const float *labels,
    ptrdiff_t labels_stride, const float *weights, float ignored, float smoothing, float *gradient,
    ptrdiff_t gradient_stride, float *restrict tile, double *restrict sums);

#endif
