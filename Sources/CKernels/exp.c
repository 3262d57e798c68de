#include "CKernels.h"
#include "clones.h"

// Cephes' polynomial on the remainder of x / ln 2 (S. L. Moshier 1992, expf), written so that the compiler turns
// the loop into vector code.
TSR_CLONES
void tsr_exp(ptrdiff_t n, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < n; i++) {
    float v = x[i];
    v = v > 88.0f ? 88.0f : v;
    float keep = v < -87.0f ? 0.0f : 1.0f;
    v = v < -87.0f ? -87.0f : v;
    // Adding and taking away 1.5 * 2^23 rounds to the nearest whole number.
    float whole = v * 1.44269504088896341f + 12582912.0f;
    union { float f; int32_t i; } bits = {.f = whole};
    whole -= 12582912.0f;
    float r = v - whole * 0.693359375f;
    r -= whole * -2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    union { int32_t i; float f; } scale = {.i = (bits.i + 127) << 23};
    y[i] = p * scale.f * keep;
  }
}
