#include "panel_product.h"
#include "clones.h"
#include "vectors.h"

// A tile of P rows by V vectors of columns stays in registers while the depth passes. P is a constant in each
// instance, so that the compiler keeps the sums in registers.
#define TSR_TILE(NAME, VECTOR, LANES)                                                                               \
  TSR_INLINE void NAME(const int P, const int V, const int accumulate, ptrdiff_t depth, const float *a,            \
                       ptrdiff_t a_row, ptrdiff_t a_step, const float *b, ptrdiff_t b_step, float *c,              \
                       ptrdiff_t c_row) {                                                                          \
    VECTOR sums[P][V];                                                                                             \
    TSR_UNROLL for (int p = 0; p < P; p++) TSR_UNROLL for (int v = 0; v < V; v++) sums[p][v] =                     \
        accumulate ? *(const VECTOR *)(c + p * c_row + v * LANES) : (VECTOR)0;                                     \
    for (ptrdiff_t k = 0; k < depth; k++) {                                                                        \
      VECTOR w[V];                                                                                                 \
      TSR_UNROLL for (int v = 0; v < V; v++) w[v] = *(const VECTOR *)(b + v * LANES);                              \
      TSR_UNROLL for (int p = 0; p < P; p++) TSR_UNROLL for (int v = 0; v < V; v++) sums[p][v] +=                  \
          a[p * a_row] * w[v];                                                                                     \
      a += a_step;                                                                                                 \
      b += b_step;                                                                                                 \
    }                                                                                                              \
    TSR_UNROLL for (int p = 0; p < P; p++)                                                                         \
        TSR_UNROLL for (int v = 0; v < V; v++) * (VECTOR *)(c + p * c_row + v * LANES) = sums[p][v];               \
  }

// The cases of a switch over the rows of a tile. Rows are cut into tiles of about equal size.
#define TSR_CASE(TILE, P, V, A_ROW, A_STEP, B_STEP)                         \
  case P:                                                                   \
    TILE(P, V, accumulate, depth, a, A_ROW, A_STEP, b, B_STEP, c, c_row);   \
    break;
#define TSR_CASES_10(TILE, V, A_ROW, A_STEP, B_STEP)                                              \
  TSR_CASE(TILE, 1, V, A_ROW, A_STEP, B_STEP) TSR_CASE(TILE, 2, V, A_ROW, A_STEP, B_STEP)         \
  TSR_CASE(TILE, 3, V, A_ROW, A_STEP, B_STEP) TSR_CASE(TILE, 4, V, A_ROW, A_STEP, B_STEP)         \
  TSR_CASE(TILE, 5, V, A_ROW, A_STEP, B_STEP) TSR_CASE(TILE, 6, V, A_ROW, A_STEP, B_STEP)         \
  TSR_CASE(TILE, 7, V, A_ROW, A_STEP, B_STEP) TSR_CASE(TILE, 8, V, A_ROW, A_STEP, B_STEP)         \
  TSR_CASE(TILE, 9, V, A_ROW, A_STEP, B_STEP) TSR_CASE(TILE, 10, V, A_ROW, A_STEP, B_STEP)

// `A_ROW`, `A_STEP` and `B_STEP` may name arguments or be constants, which the loop then has in its addresses.
#define TSR_ROWS(NAME, TARGET, TILE, LARGEST, V, CASES, A_ROW, A_STEP, B_STEP)                                      \
  TARGET static void NAME(ptrdiff_t rows, ptrdiff_t depth, const float *a, ptrdiff_t a_row, ptrdiff_t a_step,      \
                          const float *b, ptrdiff_t b_step, const int accumulate, float *c, ptrdiff_t c_row) {     \
    const ptrdiff_t tiles = (rows + LARGEST - 1) / LARGEST;                                                        \
    for (ptrdiff_t tile = 0, row = 0; tile < tiles; tile++) {                                                      \
      const ptrdiff_t count = (rows - row + tiles - tile - 1) / (tiles - tile);                                    \
      switch (count) { CASES(TILE, V, A_ROW, A_STEP, B_STEP) }                                                     \
      a += count * (A_ROW);                                                                                        \
      c += count * c_row;                                                                                          \
      row += count;                                                                                                \
    }                                                                                                              \
  }

TSR_CLONES void tsr_finish_sums(ptrdiff_t pixels, ptrdiff_t channels, const float *sums, ptrdiff_t sums_step,
                                const float *bias, float lowest, float *y, ptrdiff_t y_step) {
  for (ptrdiff_t p = 0; p < pixels; p++) {
    const float *restrict s = sums + p * sums_step;
    float *restrict t = y + p * y_step;
    if (bias) {
      for (ptrdiff_t c = 0; c < channels; c++) {
        const float v = s[c] + bias[c];
        t[c] = lowest > v ? lowest : v;
      }
    } else {
      for (ptrdiff_t c = 0; c < channels; c++) t[c] = lowest > s[c] ? lowest : s[c];
    }
  }
}

#if defined(__x86_64__)

#define TSR_CASES_20(TILE, V, A_ROW, A_STEP, B_STEP)                                              \
  TSR_CASES_10(TILE, V, A_ROW, A_STEP, B_STEP)                                                    \
  TSR_CASE(TILE, 11, V, A_ROW, A_STEP, B_STEP) TSR_CASE(TILE, 12, V, A_ROW, A_STEP, B_STEP)       \
  TSR_CASE(TILE, 13, V, A_ROW, A_STEP, B_STEP) TSR_CASE(TILE, 14, V, A_ROW, A_STEP, B_STEP)       \
  TSR_CASE(TILE, 15, V, A_ROW, A_STEP, B_STEP) TSR_CASE(TILE, 16, V, A_ROW, A_STEP, B_STEP)       \
  TSR_CASE(TILE, 17, V, A_ROW, A_STEP, B_STEP) TSR_CASE(TILE, 18, V, A_ROW, A_STEP, B_STEP)       \
  TSR_CASE(TILE, 19, V, A_ROW, A_STEP, B_STEP) TSR_CASE(TILE, 20, V, A_ROW, A_STEP, B_STEP)
#define TSR_CASES_6(TILE, V, A_ROW, A_STEP, B_STEP)                                               \
  TSR_CASE(TILE, 1, V, A_ROW, A_STEP, B_STEP) TSR_CASE(TILE, 2, V, A_ROW, A_STEP, B_STEP)         \
  TSR_CASE(TILE, 3, V, A_ROW, A_STEP, B_STEP) TSR_CASE(TILE, 4, V, A_ROW, A_STEP, B_STEP)         \
  TSR_CASE(TILE, 5, V, A_ROW, A_STEP, B_STEP) TSR_CASE(TILE, 6, V, A_ROW, A_STEP, B_STEP)

#define TSR_AVX512 __attribute__((target("avx512f")))
#define TSR_AVX2 __attribute__((target("avx2,fma")))

TSR_TILE(tile16, vector16, 16)
TSR_TILE(tile8, vector8, 8)

TSR_ROWS(product_avx512, TSR_AVX512, tile16, 10, 2, TSR_CASES_10, a_row, 1, 32)
TSR_ROWS(product_half_avx512, TSR_AVX512, tile16, 20, 1, TSR_CASES_20, a_row, 1, 16)
TSR_ROWS(product_avx2, TSR_AVX2, tile8, 6, 2, TSR_CASES_6, a_row, 1, 16)
TSR_ROWS(product_half_avx2, TSR_AVX2, tile8, 10, 1, TSR_CASES_10, a_row, 1, 8)
TSR_ROWS(outer_avx512, TSR_AVX512, tile16, 10, 2, TSR_CASES_10, 1, a_step, b_step)
TSR_ROWS(outer_half_avx512, TSR_AVX512, tile16, 20, 1, TSR_CASES_20, 1, a_step, b_step)
TSR_ROWS(outer_avx2, TSR_AVX2, tile8, 6, 2, TSR_CASES_6, 1, a_step, b_step)
TSR_ROWS(outer_half_avx2, TSR_AVX2, tile8, 10, 1, TSR_CASES_10, 1, a_step, b_step)

void tsr_panel_product(ptrdiff_t rows, ptrdiff_t depth, int half, const float *a, ptrdiff_t a_row, const float *b,
                       float *c, ptrdiff_t c_row) {
  if (tsr_vector_level() == 2) {
    (half ? product_half_avx512 : product_avx512)(rows, depth, a, a_row, 1, b, 0, 0, c, c_row);
  } else {
    (half ? product_half_avx2 : product_avx2)(rows, depth, a, a_row, 1, b, 0, 0, c, c_row);
  }
}

void tsr_panel_outer_product(ptrdiff_t rows, ptrdiff_t depth, int half, const float *a, ptrdiff_t a_step,
                             const float *b, ptrdiff_t b_step, int accumulate, float *c, ptrdiff_t c_row) {
  if (tsr_vector_level() == 2) {
    (half ? outer_half_avx512 : outer_avx512)(rows, depth, a, 1, a_step, b, b_step, accumulate, c, c_row);
  } else {
    (half ? outer_half_avx2 : outer_avx2)(rows, depth, a, 1, a_step, b, b_step, accumulate, c, c_row);
  }
}

#else

void tsr_panel_product(ptrdiff_t rows, ptrdiff_t depth, int half, const float *a, ptrdiff_t a_row, const float *b,
                       float *c, ptrdiff_t c_row) {}

void tsr_panel_outer_product(ptrdiff_t rows, ptrdiff_t depth, int half, const float *a, ptrdiff_t a_step,
                             const float *b, ptrdiff_t b_step, int accumulate, float *c, ptrdiff_t c_row) {}

#endif
