#ifndef TESSERA_VECTORS_H
#define TESSERA_VECTORS_H

// For its pragma: products of these vectors are fused with sums too.
#include "clones.h"

// Vectors of the widths that hand-shaped kernels are written for. They need no alignment.
typedef float vector16 __attribute__((ext_vector_type(16), aligned(4)));
typedef float vector8 __attribute__((ext_vector_type(8), aligned(4)));
// The same where they are aligned.
typedef float aligned_vector16 __attribute__((ext_vector_type(16)));
typedef float aligned_vector8 __attribute__((ext_vector_type(8)));

#define TSR_INLINE static inline __attribute__((always_inline))
#define TSR_UNROLL _Pragma("clang loop unroll(full)")

/// The instruction set that hand-shaped kernels run on: 2 for AVX-512, 1 for AVX2 with FMA, 0 for none.
int tsr_vector_level(void);

#endif
