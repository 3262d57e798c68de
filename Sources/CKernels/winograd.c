#include "winograd.h"
#include "clones.h"
#include "vectors.h"

#include <stdint.h>

#if defined(__x86_64__)

#define VECTOR vector16
#define ALIGNED aligned_vector16
#define LANES 16
#define NAME(x) x##_avx512
#define TARGET __attribute__((target("avx512f")))
#include "winograd_vectors.h"
#undef VECTOR
#undef ALIGNED
#undef LANES
#undef NAME
#undef TARGET

#define VECTOR vector8
#define ALIGNED aligned_vector8
#define LANES 8
#define NAME(x) x##_avx2
#define TARGET __attribute__((target("avx2,fma")))
#include "winograd_vectors.h"

void tsr_winograd_expand(tsr_winograd_source source, tsr_winograd_kind kind, ptrdiff_t channels, const float *x,
                         const tsr_winograd_grid *grid, float *products, ptrdiff_t product_step, int streams) {
  if (tsr_vector_level() == 2) {
    expansions_avx512[source][kind](channels, x, grid, products, product_step, streams);
  } else {
    expansions_avx2[source][kind](channels, x, grid, products, product_step, streams);
  }
}

void tsr_winograd_reduce(tsr_winograd_target target, tsr_winograd_kind kind, ptrdiff_t channels, const float *products,
                         ptrdiff_t product_step, const tsr_finish *finish, const tsr_winograd_pooled *pooled,
                         float *y, const tsr_winograd_grid *grid) {
  if (tsr_vector_level() == 2) {
    reductions_avx512[target][kind](channels, products, product_step, finish, pooled, y, grid);
  } else {
    reductions_avx2[target][kind](channels, products, product_step, finish, pooled, y, grid);
  }
}

#else

void tsr_winograd_expand(tsr_winograd_source source, tsr_winograd_kind kind, ptrdiff_t channels, const float *x,
                         const tsr_winograd_grid *grid, float *products, ptrdiff_t product_step, int streams) {}

void tsr_winograd_reduce(tsr_winograd_target target, tsr_winograd_kind kind, ptrdiff_t channels, const float *products,
                         ptrdiff_t product_step, const tsr_finish *finish, const tsr_winograd_pooled *pooled,
                         float *y, const tsr_winograd_grid *grid) {}

#endif
