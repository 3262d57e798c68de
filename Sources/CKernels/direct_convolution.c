#include "direct_convolution.h"
#include "clones.h"
#include "vectors.h"

// A tile of P pixels by V vectors of channels stays in registers while all taps and input channels pass: each step
// loads V vectors of weights and broadcasts P inputs. P is a constant in each instance, so that the compiler keeps
// the sums in registers.
#define TSR_TILE(NAME, VECTOR, LANES)                                                                              \
  static inline __attribute__((always_inline)) void NAME(const int P, const int V, const float *input,            \
                                                         const tsr_conv_window *w, const float *weights,          \
                                                         float *sums) {                                           \
    VECTOR acc[P][V];                                                                                              \
    _Pragma("clang loop unroll(full)") for (int p = 0; p < P; p++)                                                \
        _Pragma("clang loop unroll(full)") for (int v = 0; v < V; v++) acc[p][v] = (VECTOR)0;                   \
    const ptrdiff_t step = w->pixel_step;                                                                          \
    for (ptrdiff_t ky = 0; ky < w->kernel_height; ky++)                                                            \
      for (ptrdiff_t kx = 0; kx < w->kernel_width; kx++) {                                                         \
        const float *a = input + ky * w->row_step + kx * w->column_step;                                          \
        for (ptrdiff_t i = 0; i < w->channels; i++) {                                                              \
          VECTOR b[V];                                                                                             \
          _Pragma("clang loop unroll(full)") for (int v = 0; v < V; v++) b[v] =                                   \
              *(const VECTOR *)(weights + v * LANES);                                                              \
          _Pragma("clang loop unroll(full)") for (int p = 0; p < P; p++)                                          \
              _Pragma("clang loop unroll(full)") for (int v = 0; v < V; v++) acc[p][v] += a[p * step + i] * b[v]; \
          weights += V * LANES;                                                                                    \
        }                                                                                                          \
      }                                                                                                            \
    _Pragma("clang loop unroll(full)") for (int p = 0; p < P; p++)                                                \
        _Pragma("clang loop unroll(full)") for (int v = 0; v < V; v++) *(VECTOR *)(sums + (p * V + v) * LANES) =  \
            acc[p][v];                                                                                             \
  }

#define TSR_CASE(NAME, P, V) \
  case P:                    \
    NAME(P, V, input, window, weights, sums); \
    break;

#if defined(__x86_64__)

TSR_TILE(tile16, vector16, 16)
TSR_TILE(tile8, vector8, 8)

// 10 × 32 sums in 20 of the 32 registers of AVX-512: more pixels to a tile measured slower.
__attribute__((target("avx512f"))) static void full_avx512(ptrdiff_t pixels, const float *input,
                                                           const tsr_conv_window *window, const float *weights,
                                                           float *sums) {
  switch (pixels) {
    TSR_CASE(tile16, 1, 2) TSR_CASE(tile16, 2, 2) TSR_CASE(tile16, 3, 2) TSR_CASE(tile16, 4, 2)
    TSR_CASE(tile16, 5, 2) TSR_CASE(tile16, 6, 2) TSR_CASE(tile16, 7, 2) TSR_CASE(tile16, 8, 2)
    TSR_CASE(tile16, 9, 2) TSR_CASE(tile16, 10, 2)
  }
}

__attribute__((target("avx512f"))) static void half_avx512(ptrdiff_t pixels, const float *input,
                                                           const tsr_conv_window *window, const float *weights,
                                                           float *sums) {
  switch (pixels) {
    TSR_CASE(tile16, 1, 1) TSR_CASE(tile16, 2, 1) TSR_CASE(tile16, 3, 1) TSR_CASE(tile16, 4, 1)
    TSR_CASE(tile16, 5, 1) TSR_CASE(tile16, 6, 1) TSR_CASE(tile16, 7, 1) TSR_CASE(tile16, 8, 1)
    TSR_CASE(tile16, 9, 1) TSR_CASE(tile16, 10, 1) TSR_CASE(tile16, 11, 1) TSR_CASE(tile16, 12, 1)
    TSR_CASE(tile16, 13, 1) TSR_CASE(tile16, 14, 1) TSR_CASE(tile16, 15, 1) TSR_CASE(tile16, 16, 1)
    TSR_CASE(tile16, 17, 1) TSR_CASE(tile16, 18, 1) TSR_CASE(tile16, 19, 1) TSR_CASE(tile16, 20, 1)
  }
}

// 6 × 16 sums in 12 of the 16 registers of AVX2.
__attribute__((target("avx2,fma"))) static void full_avx2(ptrdiff_t pixels, const float *input,
                                                          const tsr_conv_window *window, const float *weights,
                                                          float *sums) {
  switch (pixels) {
    TSR_CASE(tile8, 1, 2) TSR_CASE(tile8, 2, 2) TSR_CASE(tile8, 3, 2) TSR_CASE(tile8, 4, 2)
    TSR_CASE(tile8, 5, 2) TSR_CASE(tile8, 6, 2)
  }
}

__attribute__((target("avx2,fma"))) static void half_avx2(ptrdiff_t pixels, const float *input,
                                                          const tsr_conv_window *window, const float *weights,
                                                          float *sums) {
  switch (pixels) {
    TSR_CASE(tile8, 1, 1) TSR_CASE(tile8, 2, 1) TSR_CASE(tile8, 3, 1) TSR_CASE(tile8, 4, 1)
    TSR_CASE(tile8, 5, 1) TSR_CASE(tile8, 6, 1) TSR_CASE(tile8, 7, 1) TSR_CASE(tile8, 8, 1)
    TSR_CASE(tile8, 9, 1) TSR_CASE(tile8, 10, 1)
  }
}

tsr_conv_shape tsr_direct_conv_shape(void) {
  switch (tsr_vector_level()) {
    case 2:
      return (tsr_conv_shape){.panel = 32, .tile = 10, .half_tile = 20};
    case 1:
      return (tsr_conv_shape){.panel = 16, .tile = 6, .half_tile = 10};
    default:
      return (tsr_conv_shape){0};
  }
}

void tsr_direct_conv_tile(ptrdiff_t pixels, int half, const float *input, const tsr_conv_window *window,
                          const float *weights, float *sums) {
  if (tsr_vector_level() == 2) {
    (half ? half_avx512 : full_avx512)(pixels, input, window, weights, sums);
  } else {
    (half ? half_avx2 : full_avx2)(pixels, input, window, weights, sums);
  }
}

#else

tsr_conv_shape tsr_direct_conv_shape(void) { return (tsr_conv_shape){0}; }

void tsr_direct_conv_tile(ptrdiff_t pixels, int half, const float *input, const tsr_conv_window *window,
                          const float *weights, float *sums) {}

#endif
