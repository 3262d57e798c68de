#include "panel_product.h"
#include "clones.h"
#include "tiles.h"

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

ptrdiff_t tsr_panel_width(void) {
  switch (tsr_vector_level()) {
    case 2:
      return 32;
    case 1:
      return 16;
    default:
      return 0;
  }
}

#if defined(__x86_64__)

// Each step of the depth loads V vectors of weights and broadcasts P inputs. Sums start from the bias.
#define TSR_PRODUCT_TILE(NAME, VECTOR, LANES)                                                                       \
  TSR_INLINE void NAME(const int P, const int V, const int ASKS, const float *input, const tsr_window *w, const float *weights,    \
                       const tsr_finish *finish, const float *ahead, ptrdiff_t row, float *c, ptrdiff_t c_row) {   \
    VECTOR sums[P][V];                                                                                             \
    const float *bias = finish ? finish->bias : 0;                                                                 \
    TSR_UNROLL for (int v = 0; v < V; v++) {                                                                       \
      VECTOR start = 0;                                                                                            \
      if (bias) start = *(const VECTOR *)(bias + v * LANES);                                                       \
      TSR_UNROLL for (int p = 0; p < P; p++) sums[p][v] = start;                                                   \
    }                                                                                                              \
    const ptrdiff_t step = w->pixel_step;                                                                          \
    for (ptrdiff_t ky = 0; ky < w->kernel_height; ky++)                                                            \
      for (ptrdiff_t kx = 0; kx < w->kernel_width; kx++) {                                                         \
        const float *a = input + ky * w->row_step + kx * w->column_step;                                           \
        for (ptrdiff_t i = 0; i < w->channels; i++) {                                                              \
          VECTOR b[V];                                                                                             \
          if (ASKS) __builtin_prefetch(ahead, 0, 2);                                                               \
          ahead += 16;                                                                                             \
          TSR_UNROLL for (int v = 0; v < V; v++) b[v] = *(const VECTOR *)(weights + v * LANES);                    \
          TSR_UNROLL for (int p = 0; p < P; p++)                                                                   \
              TSR_UNROLL for (int v = 0; v < V; v++) sums[p][v] += a[p * step + i] * b[v];                         \
          weights += V * LANES;                                                                                    \
        }                                                                                                          \
      }                                                                                                            \
    if (finish && finish->addend) {                                                                                \
      const float *addend = finish->addend + row * finish->addend_step;                                            \
      TSR_UNROLL for (int p = 0; p < P; p++)                                                                       \
          TSR_UNROLL for (int v = 0; v < V; v++) sums[p][v] +=                                                     \
          *(const VECTOR *)(addend + p * finish->addend_step + v * LANES);                                         \
    }                                                                                                              \
    if (finish) {                                                                                                  \
      const VECTOR low = finish->lowest;                                                                           \
      TSR_UNROLL for (int p = 0; p < P; p++)                                                                       \
          TSR_UNROLL for (int v = 0; v < V; v++) sums[p][v] = low > sums[p][v] ? low : sums[p][v];                 \
    }                                                                                                              \
    TSR_UNROLL for (int p = 0; p < P; p++)                                                                         \
        TSR_UNROLL for (int v = 0; v < V; v++) * (VECTOR *)(c + p * c_row + v * LANES) = sums[p][v];               \
  }

TSR_PRODUCT_TILE(product_tile16, vector16, 16)
TSR_PRODUCT_TILE(product_tile8, vector8, 8)

// A step of the depth asks for one line: the tiles of the first rows for those of the next weights, the others for those
// of the next input.
#define TSR_PRODUCT(NAME, TARGET, TILE, LARGEST, CASES, V, LANES)                                           \
  TARGET static void NAME(ptrdiff_t rows, const float *input, const tsr_window *window,                    \
                          const float *weights, const tsr_finish *finish, float *c, ptrdiff_t c_row) {     \
    const ptrdiff_t depth = window->kernel_height * window->kernel_width * window->channels;               \
    const ptrdiff_t weight_tiles = V * LANES > 16 ? V * LANES / 16 : 1;                                    \
    TSR_EACH_TILE(rows, LARGEST, {                                                                         \
      const float *ahead = tile < weight_tiles ? window->next_weights + 16 * depth * tile                  \
                                               : window->next_input + 16 * depth * (tile - weight_tiles);  \
      switch (count) { CASES(TILE, V) }                                                                    \
      input += count * window->pixel_step;                                                                 \
      c += count * c_row;                                                                                  \
    })                                                                                                     \
  }

#define TSR_TILE16(P, V) product_tile16(P, V, 0, input, window, weights, finish, ahead, row, c, c_row)
#define TSR_TILE8(P, V) product_tile8(P, V, 0, input, window, weights, finish, ahead, row, c, c_row)
#define TSR_ASKING_TILE16(P, V) product_tile16(P, V, 1, input, window, weights, finish, ahead, row, c, c_row)
#define TSR_ASKING_TILE8(P, V) product_tile8(P, V, 1, input, window, weights, finish, ahead, row, c, c_row)

TSR_PRODUCT(product_avx512, TSR_AVX512, TSR_TILE16, 10, TSR_CASES_10, 2, 16)
TSR_PRODUCT(product_half_avx512, TSR_AVX512, TSR_TILE16, 20, TSR_CASES_20, 1, 16)
TSR_PRODUCT(product_avx2, TSR_AVX2, TSR_TILE8, 6, TSR_CASES_6, 2, 8)
TSR_PRODUCT(product_half_avx2, TSR_AVX2, TSR_TILE8, 10, TSR_CASES_10, 1, 8)
TSR_PRODUCT(product_asking_avx512, TSR_AVX512, TSR_ASKING_TILE16, 10, TSR_CASES_10, 2, 16)
TSR_PRODUCT(product_half_asking_avx512, TSR_AVX512, TSR_ASKING_TILE16, 20, TSR_CASES_20, 1, 16)
TSR_PRODUCT(product_asking_avx2, TSR_AVX2, TSR_ASKING_TILE8, 6, TSR_CASES_6, 2, 8)
TSR_PRODUCT(product_half_asking_avx2, TSR_AVX2, TSR_ASKING_TILE8, 10, TSR_CASES_10, 1, 8)

typedef void (*product_function)(ptrdiff_t, const float *, const tsr_window *, const float *, const tsr_finish *,
                                 float *, ptrdiff_t);

static const product_function products[2][2][2] = {
    {{product_avx2, product_half_avx2}, {product_asking_avx2, product_half_asking_avx2}},
    {{product_avx512, product_half_avx512}, {product_asking_avx512, product_half_asking_avx512}},
};

void tsr_panel_product(ptrdiff_t rows, int half, const float *input, const tsr_window *window, const float *weights,
                       const tsr_finish *finish, float *c, ptrdiff_t c_row) {
  const int asks = window->next_weights != 0 && window->next_input != 0;
  products[tsr_vector_level() == 2][asks][half != 0](rows, input, window, weights, finish, c, c_row);
}

#else

void tsr_panel_product(ptrdiff_t rows, int half, const float *input, const tsr_window *window, const float *weights,
                       const tsr_finish *finish, float *c, ptrdiff_t c_row) {}

#endif
