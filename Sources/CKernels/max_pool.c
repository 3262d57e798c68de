#include "CKernels.h"
#include "clones.h"

// Whether `a` takes the place of `best`: it is larger, or it is NaN. Without a branch, so that loops vectorise.
#define TSR_WINS(a, best) (((a) > (best)) | ((a) != (a)))

#define TSR_TAKE(a, n)                        \
  do {                                        \
    const int wins = TSR_WINS(a, best);       \
    best = wins ? (a) : best;                 \
    name = wins ? (n) : name;                 \
  } while (0)

// Four pixels at a time, so that the maximum goes through memory once for a 2×2 window.
TSR_CLONES void tsr_max_of_four(ptrdiff_t channels, const float *const *pixels, const float *names, int proceeds,
                                float *restrict value, float *restrict index) {
  const float *p0 = pixels[0], *p1 = pixels[1], *p2 = pixels[2], *p3 = pixels[3];
  const float n0 = names[0], n1 = names[1], n2 = names[2], n3 = names[3];
  if (proceeds) {
    for (ptrdiff_t c = 0; c < channels; c++) {
      float best = value[c], name = index[c];
      const float a = p0[c], b = p1[c], d = p2[c], e = p3[c];
      TSR_TAKE(a, n0);
      TSR_TAKE(b, n1);
      TSR_TAKE(d, n2);
      TSR_TAKE(e, n3);
      value[c] = best;
      index[c] = name;
    }
  } else {
    for (ptrdiff_t c = 0; c < channels; c++) {
      const float a = p0[c], b = p1[c], d = p2[c], e = p3[c];
      float best = a, name = n0;
      TSR_TAKE(b, n1);
      TSR_TAKE(d, n2);
      TSR_TAKE(e, n3);
      value[c] = best;
      index[c] = name;
    }
  }
}

TSR_CLONES void tsr_largest_of_four(ptrdiff_t channels, const float *const *pixels, float *restrict value) {
  const float *p0 = pixels[0], *p1 = pixels[1], *p2 = pixels[2], *p3 = pixels[3];
  for (ptrdiff_t c = 0; c < channels; c++) {
    float best = p0[c];
    const float a = p1[c], b = p2[c], d = p3[c];
    best = TSR_WINS(a, best) ? a : best;
    best = TSR_WINS(b, best) ? b : best;
    best = TSR_WINS(d, best) ? d : best;
    value[c] = best;
  }
}

TSR_CLONES void tsr_named_values(ptrdiff_t channels, uint32_t name, tsr_join join, const float *restrict values,
                                 const float *restrict names, float *restrict y) {
  const uint32_t *restrict n = (const uint32_t *)names;
  switch (join) {
    case TSR_JOIN_FIRST:
      for (ptrdiff_t c = 0; c < channels; c++) y[c] = n[c] == name ? values[c] : 0;
      break;
    case TSR_JOIN_SUM:
      for (ptrdiff_t c = 0; c < channels; c++) y[c] += n[c] == name ? values[c] : 0;
      break;
    case TSR_JOIN_LAST:
      for (ptrdiff_t c = 0; c < channels; c++) y[c] = n[c] == name ? values[c] : y[c];
      break;
  }
}
