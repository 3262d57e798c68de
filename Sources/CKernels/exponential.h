#ifndef TESSERA_EXPONENTIAL_H
#define TESSERA_EXPONENTIAL_H

#include <stdint.h>

// Cephes' polynomial on the remainder of x / ln 2 (S. L. Moshier 1992, expf), written without branches so
// that the compiler turns loops around it into vector code.

/// Takes x in -87...88 apart: exp(x) = (1 + *rest) · *scale, `rest` being exp(r) - 1 of the remainder r.
__attribute__((always_inline)) static inline void tsr_exp_parts(float x, float *rest, float *scale) {
  // Adding and taking away 1.5 * 2^23 rounds to the nearest whole number, whose bits stay at the low end.
  float whole = x * 1.44269504088896341f + 12582912.0f;
  union { float f; uint32_t i; } bits = {.f = whole};
  whole -= 12582912.0f;
  float r = x - whole * 0.693359375f;
  r -= whole * -2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  *rest = p * r * r + r;
  union { uint32_t i; float f; } power = {.i = (bits.i + 127u) << 23};
  *scale = power.f;
}

/// exp(x); 0 below -87, exp(88) above 88.
__attribute__((always_inline)) static inline float tsr_exp_one(float x) {
  float keep = x < -87.0f ? 0.0f : 1.0f;
  x = x > 88.0f ? 88.0f : x;
  x = x < -87.0f ? -87.0f : x;
  float rest, scale;
  tsr_exp_parts(x, &rest, &scale);
  return (rest + 1.0f) * scale * keep;
}

/// exp(x) - 1 for x up to 0, without cancellation near 0.
__attribute__((always_inline)) static inline float tsr_expm1_one(float x) {
  x = x < -87.0f ? -87.0f : x;
  float rest, scale;
  tsr_exp_parts(x, &rest, &scale);
  return rest * scale + (scale - 1.0f);
}

#endif
