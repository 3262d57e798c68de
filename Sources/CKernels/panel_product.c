#include "panel_product.h"
#include "tiles.h"

#include <stdint.h>

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

// What the steps of a tile ask for, a line of weights and one of inputs each.
typedef struct {
  const float *weights;
  const float *input;
  ptrdiff_t input_step;
} coming_lines;

// The first tiles ask for the next weights, of so many columns; all share what else there is to ask for. What nothing is
// known of is asked for where it is already.
TSR_INLINE coming_lines lines_to_ask(const tsr_window *window, const float *weights, ptrdiff_t depth, ptrdiff_t columns,
                                     ptrdiff_t tile, ptrdiff_t tiles) {
  coming_lines coming = {weights, weights, 0};
  if (window->next_weights && 16 * tile < columns) coming.weights = window->next_weights + 16 * depth * tile;
  if (window->next_input) {
    const ptrdiff_t step = (window->next_elements + tiles * depth - 1) / (tiles * depth);
    coming.input_step = step < 16 ? step : 16;
    coming.input = window->next_input + tile * window->next_elements / tiles;
  }
  return coming;
}

// Each step of the depth loads V vectors of weights and broadcasts P inputs. Sums start from the bias.
#define TSR_PRODUCT_TILE(NAME, VECTOR, ALIGNED, LANES)                                                     \
  TSR_INLINE void NAME(const int P, const int V, const int ASKS, const float *input, const tsr_window *w,  \
                       const float *weights, const tsr_finish *finish, coming_lines coming, ptrdiff_t row, \
                       const int streams, float *c, ptrdiff_t c_row) {                                     \
    VECTOR sums[P][V];                                                                                     \
    const float *bias = finish ? finish->bias : 0;                                                         \
    TSR_UNROLL for (int v = 0; v < V; v++) {                                                               \
      VECTOR start = 0;                                                                                    \
      if (bias) start = *(const VECTOR *)(bias + v * LANES);                                               \
      TSR_UNROLL for (int p = 0; p < P; p++) sums[p][v] = start;                                           \
    }                                                                                                      \
    const ptrdiff_t step = w->pixel_step;                                                                  \
    for (ptrdiff_t ky = 0; ky < w->kernel_height; ky++)                                                    \
      for (ptrdiff_t kx = 0; kx < w->kernel_width; kx++) {                                                 \
        const float *a = input + ky * w->row_step + kx * w->column_step;                                   \
        for (ptrdiff_t i = 0; i < w->channels; i++) {                                                      \
          VECTOR b[V];                                                                                     \
          if (ASKS) {                                                                                      \
            __builtin_prefetch(coming.weights, 0, 2);                                                      \
            __builtin_prefetch(coming.input, 0, 2);                                                        \
            coming.weights += 16;                                                                          \
            coming.input += coming.input_step;                                                             \
          }                                                                                                \
          TSR_UNROLL for (int v = 0; v < V; v++) b[v] = *(const VECTOR *)(weights + v * LANES);            \
          TSR_UNROLL for (int p = 0; p < P; p++)                                                           \
              TSR_UNROLL for (int v = 0; v < V; v++) sums[p][v] += a[p * step + i] * b[v];                 \
          weights += V * LANES;                                                                            \
        }                                                                                                  \
      }                                                                                                    \
    if (finish && finish->addend) {                                                                        \
      const float *addend = finish->addend + row * finish->addend_step;                                    \
      TSR_UNROLL for (int p = 0; p < P; p++)                                                               \
          TSR_UNROLL for (int v = 0; v < V; v++) sums[p][v] +=                                             \
          *(const VECTOR *)(addend + p * finish->addend_step + v * LANES);                                 \
    }                                                                                                      \
    if (finish) {                                                                                          \
      const VECTOR low = finish->lowest;                                                                   \
      TSR_UNROLL for (int p = 0; p < P; p++)                                                               \
          TSR_UNROLL for (int v = 0; v < V; v++) sums[p][v] = low > sums[p][v] ? low : sums[p][v];         \
    }                                                                                                      \
    if (streams) {                                                                                         \
      TSR_UNROLL for (int p = 0; p < P; p++)                                                               \
          TSR_UNROLL for (int v = 0; v < V; v++)                                                           \
              __builtin_nontemporal_store((ALIGNED)sums[p][v], (ALIGNED *)(c + p * c_row + v * LANES));    \
      return;                                                                                              \
    }                                                                                                      \
    TSR_UNROLL for (int p = 0; p < P; p++)                                                                 \
        TSR_UNROLL for (int v = 0; v < V; v++) * (VECTOR *)(c + p * c_row + v * LANES) = sums[p][v];       \
  }

TSR_PRODUCT_TILE(product_tile16, vector16, aligned_vector16, 16)
TSR_PRODUCT_TILE(product_tile8, vector8, aligned_vector8, 8)

#define TSR_PRODUCT(NAME, TARGET, TILE, LARGEST, CASES, V, LANES)                                      \
  TARGET static void NAME(ptrdiff_t rows, const float *input, const tsr_window *window,                \
                          const float *weights, const tsr_finish *finish, float *c, ptrdiff_t c_row) { \
    const ptrdiff_t depth = window->kernel_height * window->kernel_width * window->channels;           \
    /* Only whole lines of the cache, written at once, gain by going past it. */                       \
    const int streams = finish && finish->streams && V * LANES % 16 == 0 && c_row % 16 == 0 &&         \
                        (uintptr_t)c % 64 == 0;                                                        \
    TSR_EACH_TILE(rows, LARGEST, {                                                                     \
      const coming_lines coming = lines_to_ask(window, weights, depth, V * LANES, tile, tiles);        \
      switch (count) { CASES(TILE, V) }                                                                \
      input += count * window->pixel_step;                                                             \
      c += count * c_row;                                                                              \
    })                                                                                                 \
  }

#define TSR_TILE16(P, V) product_tile16(P, V, 0, input, window, weights, finish, coming, row, streams, c, c_row)
#define TSR_TILE8(P, V) product_tile8(P, V, 0, input, window, weights, finish, coming, row, streams, c, c_row)
#define TSR_ASKING_TILE16(P, V) product_tile16(P, V, 1, input, window, weights, finish, coming, row, streams, c, c_row)
#define TSR_ASKING_TILE8(P, V) product_tile8(P, V, 1, input, window, weights, finish, coming, row, streams, c, c_row)

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
  const int asks = window->next_weights != 0 || window->next_input != 0;
  products[tsr_vector_level() == 2][asks][half != 0](rows, input, window, weights, finish, c, c_row);
}

#else

void tsr_panel_product(ptrdiff_t rows, int half, const float *input, const tsr_window *window, const float *weights,
                       const tsr_finish *finish, float *c, ptrdiff_t c_row) {}

#endif
