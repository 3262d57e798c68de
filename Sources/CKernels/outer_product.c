#include "panel_product.h"
#include "tiles.h"

#if defined(__x86_64__)

// Each step of the depth loads V vectors of b and broadcasts P neighbours of a, and asks for one line of what comes next
// or, where nothing does, for one that is there already.
#define TSR_OUTER_TILE(NAME, VECTOR, LANES)                                                             \
  TSR_INLINE void NAME(const int P, const int V, const int accumulate, ptrdiff_t depth, const float *a, \
                       ptrdiff_t a_step, const float *b, ptrdiff_t b_step, const float *ahead,          \
                       ptrdiff_t ahead_step, float *c, ptrdiff_t c_row) {                               \
    VECTOR sums[P][V];                                                                                  \
    TSR_UNROLL for (int p = 0; p < P; p++) TSR_UNROLL for (int v = 0; v < V; v++) sums[p][v] =          \
        accumulate ? *(const VECTOR *)(c + p * c_row + v * LANES) : (VECTOR)0;                          \
    for (ptrdiff_t k = 0; k < depth; k++) {                                                             \
      VECTOR w[V];                                                                                      \
      TSR_UNROLL for (int v = 0; v < V; v++) w[v] = *(const VECTOR *)(b + v * LANES);                   \
      TSR_UNROLL for (int p = 0; p < P; p++)                                                            \
          TSR_UNROLL for (int v = 0; v < V; v++) sums[p][v] += a[p] * w[v];                             \
      __builtin_prefetch(ahead, 0, 2);                                                                  \
      ahead += ahead_step;                                                                              \
      a += a_step;                                                                                      \
      b += b_step;                                                                                      \
    }                                                                                                   \
    TSR_UNROLL for (int p = 0; p < P; p++)                                                              \
        TSR_UNROLL for (int v = 0; v < V; v++) * (VECTOR *)(c + p * c_row + v * LANES) = sums[p][v];    \
  }

TSR_OUTER_TILE(outer_tile16, vector16, 16)
TSR_OUTER_TILE(outer_tile8, vector8, 8)

// The next line of each pixel that is to come, if there is one.
TSR_INLINE void take_line(tsr_ahead *coming, int comings, const float **line, ptrdiff_t *step) {
  for (int i = 0; i < comings; i++, coming++) {
    if (coming->lines <= 0) continue;
    *line = coming->pixels;
    *step = coming->step;
    coming->pixels += 16;
    coming->lines--;
    return;
  }
}

#define TSR_OUTER(NAME, TARGET, TILE, LARGEST, CASES, V)                                                     \
  TARGET static void NAME(ptrdiff_t rows, ptrdiff_t depth, const float *a, ptrdiff_t a_step, const float *b, \
                          ptrdiff_t b_step, const int accumulate, tsr_ahead *coming, int comings,            \
                          float *c, ptrdiff_t c_row) {                                                       \
    TSR_EACH_TILE(rows, LARGEST, {                                                                           \
      const float *ahead = b;                                                                                \
      ptrdiff_t ahead_step = b_step;                                                                         \
      take_line(coming, comings, &ahead, &ahead_step);                                                       \
      switch (count) { CASES(TILE, V) }                                                                      \
      a += count;                                                                                            \
      c += count * c_row;                                                                                    \
    })                                                                                                       \
  }

#define TSR_TILE16(P, V) outer_tile16(P, V, accumulate, depth, a, a_step, b, b_step, ahead, ahead_step, c, c_row)
#define TSR_TILE8(P, V) outer_tile8(P, V, accumulate, depth, a, a_step, b, b_step, ahead, ahead_step, c, c_row)

TSR_OUTER(outer_avx512, TSR_AVX512, TSR_TILE16, 10, TSR_CASES_10, 2)
TSR_OUTER(outer_half_avx512, TSR_AVX512, TSR_TILE16, 20, TSR_CASES_20, 1)
TSR_OUTER(outer_avx2, TSR_AVX2, TSR_TILE8, 6, TSR_CASES_6, 2)
TSR_OUTER(outer_half_avx2, TSR_AVX2, TSR_TILE8, 10, TSR_CASES_10, 1)

void tsr_panel_outer_product(ptrdiff_t rows, ptrdiff_t depth, int half, const float *a, ptrdiff_t a_step,
                             const float *b, ptrdiff_t b_step, int accumulate, tsr_ahead *coming, int comings,
                             float *c, ptrdiff_t c_row) {
  if (tsr_vector_level() == 2) {
    (half ? outer_half_avx512 : outer_avx512)(rows, depth, a, a_step, b, b_step, accumulate, coming, comings,
                                              c, c_row);
  } else {
    (half ? outer_half_avx2 : outer_avx2)(rows, depth, a, a_step, b, b_step, accumulate, coming, comings,
                                              c, c_row);
  }
}

#else

void tsr_panel_outer_product(ptrdiff_t rows, ptrdiff_t depth, int half, const float *a, ptrdiff_t a_step,
                             const float *b, ptrdiff_t b_step, int accumulate, tsr_ahead *coming, int comings,
                             float *c, ptrdiff_t c_row) {}

#endif
