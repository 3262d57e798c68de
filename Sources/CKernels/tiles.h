#ifndef TESSERA_TILES_H
#define TESSERA_TILES_H

#include "vectors.h"

// Register kernels keep a tile of P rows by V vectors of columns in registers while the depth passes. P is a constant
// in each instance, so that the compiler keeps the sums in registers. 10 × 32 sums take 20 of the 32 registers of
// AVX-512, and 6 × 16 take 12 of the 16 of AVX2: more rows to a tile measured slower.

// The cases of a switch over the rows of a tile. TILE is a macro that takes P and V.
#define TSR_CASE(TILE, P, V) \
  case P:                    \
    TILE(P, V);              \
    break;
#define TSR_CASES_6(TILE, V)                                                          \
  TSR_CASE(TILE, 1, V) TSR_CASE(TILE, 2, V) TSR_CASE(TILE, 3, V) TSR_CASE(TILE, 4, V) \
  TSR_CASE(TILE, 5, V) TSR_CASE(TILE, 6, V)
#define TSR_CASES_10(TILE, V)                                                          \
  TSR_CASES_6(TILE, V)                                                                 \
  TSR_CASE(TILE, 7, V) TSR_CASE(TILE, 8, V) TSR_CASE(TILE, 9, V) TSR_CASE(TILE, 10, V)
#define TSR_CASES_20(TILE, V)                                                              \
  TSR_CASES_10(TILE, V)                                                                    \
  TSR_CASE(TILE, 11, V) TSR_CASE(TILE, 12, V) TSR_CASE(TILE, 13, V) TSR_CASE(TILE, 14, V)  \
  TSR_CASE(TILE, 15, V) TSR_CASE(TILE, 16, V) TSR_CASE(TILE, 17, V) TSR_CASE(TILE, 18, V)  \
  TSR_CASE(TILE, 19, V) TSR_CASE(TILE, 20, V)

// Runs `BODY` for tiles of at most LARGEST rows, cut so that none is a sliver; it finds their rows in `count`.
#define TSR_EACH_TILE(ROWS, LARGEST, BODY)                                        \
  const ptrdiff_t tiles = ((ROWS) + LARGEST - 1) / LARGEST;                       \
  for (ptrdiff_t tile = 0, row = 0; tile < tiles; tile++) {                       \
    const ptrdiff_t count = ((ROWS) - row + tiles - tile - 1) / (tiles - tile);   \
    BODY;                                                                         \
    row += count;                                                                 \
  }

#define TSR_AVX512 __attribute__((target("avx512f")))
#define TSR_AVX2 __attribute__((target("avx2,fma")))

#endif
