#ifndef TESSERA_CKERNELS_H
#define TESSERA_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "direct_convolution.h"

// Inner loops whose instruction set is chosen when the program starts. Pure functions on pointers and sizes:
// no allocation, no state. Counts are in elements. Pointers need no alignment.

/// exp(x) for each of n elements (x may equal y); relative error below 3e-7, 0 below -87.
void tsr_exp(ptrdiff_t n, const float *x, float *y);

#endif
