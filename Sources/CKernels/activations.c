#include "CKernels.h"
#include "clones.h"
#include "exponential.h"

// The promise of safety holds because every element depends on its own place alone, also when pointers are
// equal.

TSR_CLONES
void tsr_sigmoid(ptrdiff_t n, const float *x, float *y) {
#pragma clang loop vectorize(assume_safety)
  for (ptrdiff_t i = 0; i < n; i++) y[i] = 1.0f / (1.0f + tsr_exp_one(-x[i]));
}

TSR_CLONES
void tsr_tanh(ptrdiff_t n, const float *x, float *y) {
#pragma clang loop vectorize(assume_safety)
  for (ptrdiff_t i = 0; i < n; i++) {
    float e = tsr_expm1_one(-2.0f * __builtin_fabsf(x[i]));
    y[i] = __builtin_copysignf(e / (e + 2.0f), x[i]);
  }
}

TSR_CLONES
void tsr_elu(ptrdiff_t n, float alpha, const float *x, float *y) {
#pragma clang loop vectorize(assume_safety)
  for (ptrdiff_t i = 0; i < n; i++) {
    float v = x[i];
    float below = alpha * tsr_expm1_one(v > 0.0f ? 0.0f : v);
    y[i] = v > 0.0f ? v : below;
  }
}

TSR_CLONES
void tsr_softplus(ptrdiff_t n, const float *x, float *y) {
#pragma clang loop vectorize(assume_safety)
  for (ptrdiff_t i = 0; i < n; i++) {
    float v = x[i];
    float u = tsr_exp_one(-__builtin_fabsf(v));
    // log(1 + u) = 2 artanh(u / (2 + u)); the argument is at most 1/3, where the series ends below 2^-29.
    float s = u / (2.0f + u);
    float q = s * s;
    float p = 1.0f / 15.0f;
    p = p * q + 1.0f / 13.0f;
    p = p * q + 1.0f / 11.0f;
    p = p * q + 1.0f / 9.0f;
    p = p * q + 1.0f / 7.0f;
    p = p * q + 1.0f / 5.0f;
    p = p * q + 1.0f / 3.0f;
    p = p * q + 1.0f;
    y[i] = (v < 0.0f ? 0.0f : v) + 2.0f * s * p;
  }
}

TSR_CLONES
void tsr_relu_gradient(ptrdiff_t n, float slope, const float *y, const float *g, float *out) {
#pragma clang loop vectorize(assume_safety)
  for (ptrdiff_t i = 0; i < n; i++) out[i] = y[i] > 0.0f ? g[i] : slope * g[i];
}

TSR_CLONES
void tsr_elu_gradient(ptrdiff_t n, float alpha, const float *y, const float *g, float *out) {
#pragma clang loop vectorize(assume_safety)
  for (ptrdiff_t i = 0; i < n; i++) out[i] = y[i] > 0.0f ? g[i] : (y[i] + alpha) * g[i];
}

TSR_CLONES
void tsr_sigmoid_gradient(ptrdiff_t n, const float *y, const float *g, float *out) {
#pragma clang loop vectorize(assume_safety)
  for (ptrdiff_t i = 0; i < n; i++) out[i] = y[i] * (1.0f - y[i]) * g[i];
}

TSR_CLONES
void tsr_tanh_gradient(ptrdiff_t n, const float *y, const float *g, float *out) {
#pragma clang loop vectorize(assume_safety)
  for (ptrdiff_t i = 0; i < n; i++) out[i] = (1.0f - y[i] * y[i]) * g[i];
}

TSR_CLONES
void tsr_softplus_gradient(ptrdiff_t n, const float *y, const float *g, float *out) {
#pragma clang loop vectorize(assume_safety)
  for (ptrdiff_t i = 0; i < n; i++) out[i] = -tsr_expm1_one(-y[i]) * g[i];
}
