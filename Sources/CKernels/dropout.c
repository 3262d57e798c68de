#include "CKernels.h"
#include "clones.h"

// The finaliser of MurmurHash3 (A. Appleby 2011): every bit of the input moves every bit of the result.
__attribute__((always_inline)) static inline uint32_t mix(uint32_t h) {
  h = (h ^ (h >> 16)) * 0x85ebca6bu;
  h = (h ^ (h >> 13)) * 0xc2b2ae35u;
  return h ^ (h >> 16);
}

TSR_CLONES
void tsr_dropout(
    ptrdiff_t n, uint64_t key, uint64_t first, uint32_t threshold, float scale, const float *x, float *y) {
  uint32_t low = (uint32_t)key, high = (uint32_t)(key >> 32);
#pragma clang loop vectorize(assume_safety)
  for (ptrdiff_t i = 0; i < n; i++) {
    uint64_t place = first + (uint64_t)i;
    uint32_t bits = mix(mix((uint32_t)place + low) ^ (uint32_t)(place >> 32) ^ high);
    y[i] = bits >= threshold ? x[i] * scale : 0.0f;
  }
}
