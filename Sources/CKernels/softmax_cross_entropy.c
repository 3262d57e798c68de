#include <math.h>

#include "CKernels.h"
#include "clones.h"
#include "softmax_tile.h"

TSR_CLONES
void tsr_softmax_cross_entropy(
    ptrdiff_t pixels, ptrdiff_t classes, const float *x, ptrdiff_t x_stride, const float *labels,
    ptrdiff_t labels_stride, const float *weights, float ignored, float smoothing, float *gradient,
    ptrdiff_t gradient_stride, float *restrict tile, double *restrict sums) {
  double loss = 0.0, total = 0.0;
  float spread = smoothing / (float)classes, all = 0.0f;
  for (ptrdiff_t c = 0; c < classes; c++) all += weights ? weights[c] : 1.0f;
  for (ptrdiff_t p = 0; p < pixels; p += TSR_TILE) {
    ptrdiff_t live = pixels - p < TSR_TILE ? pixels - p : TSR_TILE;
    float maximum[TSR_TILE], sum[TSR_TILE];
    tsr_softmax_tile(live, classes, x + p * x_stride, x_stride, tile, maximum, sum);
    for (ptrdiff_t lane = 0; lane < live; lane++) {
      const float *row = x + (p + lane) * x_stride;
      float *out = gradient ? gradient + (p + lane) * gradient_stride : 0;
      float label = labels[(p + lane) * labels_stride];
      // The comparison comes first: a float outside of the range of an integer has no conversion.
      int counts = label >= 0.0f && label < (float)classes && label != ignored;
      ptrdiff_t class = counts ? (ptrdiff_t)label : 0;
      if (!counts || (float)class != label) {
        if (out) for (ptrdiff_t c = 0; c < classes; c++) out[c] = 0.0f;
        continue;
      }
      float weight = weights ? weights[class] : 1.0f, own = (1.0f - smoothing) * weight;
      float logarithm = logf(sum[lane]);
      loss += (double)own * ((double)logarithm + ((double)maximum[lane] - (double)row[class]));
      total += (double)weight;
      if (smoothing > 0.0f) {
        double others = 0.0;
        for (ptrdiff_t c = 0; c < classes; c++) {
          double below = (double)logarithm + ((double)maximum[lane] - (double)row[c]);
          others += (weights ? (double)weights[c] : 1.0) * below;
        }
        loss += (double)spread * others;
      }
      if (!out) continue;
      float share = (own + spread * all) / sum[lane];
      for (ptrdiff_t c = 0; c < classes; c++) out[c] = tile[c * TSR_TILE + lane] * share;
      if (smoothing > 0.0f) {
        for (ptrdiff_t c = 0; c < classes; c++) out[c] -= spread * (weights ? weights[c] : 1.0f);
      }
      out[class] -= own;
    }
  }
  sums[0] = loss;
  sums[1] = total;
}
