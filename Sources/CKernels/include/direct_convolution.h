#ifndef TESSERA_DIRECT_CONVOLUTION_H
#define TESSERA_DIRECT_CONVOLUTION_H

#include <stddef.h>

/// How the direct convolution kernel of this processor is shaped.
typedef struct {
  /// Output channels of a full panel of weights; 0 where there is no kernel for this processor.
  ptrdiff_t panel;
  /// Output pixels of a tile at most, for a full panel and for one of half the channels.
  ptrdiff_t tile;
  ptrdiff_t half_tile;
} tsr_conv_shape;

/// The shape of the kernel that this processor runs.
tsr_conv_shape tsr_direct_conv_shape(void);

/// What a tile reads. Steps are in elements.
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
} tsr_conv_window;

/// `pixels` neighbouring outputs of one row for one panel of output channels: `sums[pixel][panel]`.
///
/// `input` is the first tap of the first output, in an input whose border is already there. `weights` is
/// `[KH][KW][I][panel]`; `half` says that the panel has half the channels.
void tsr_direct_conv_tile(ptrdiff_t pixels, int half, const float *input, const tsr_conv_window *window,
                          const float *weights, float *sums);

#endif
