#include "CKernels.h"
#include "clones.h"
#include "vectors.h"

// Interleaving vector i with vector i + 4, three times over, transposes 8×8 elements.
#define TSR_LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define TSR_HIGH(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)

TSR_INLINE void tile(const float *x, ptrdiff_t x_row, float *y, ptrdiff_t y_row) {
  vector8 a[8], b[8];
  TSR_UNROLL for (int j = 0; j < 8; j++) a[j] = *(const vector8 *)(x + j * x_row);
  TSR_UNROLL for (int round = 0; round < 3; round++) {
    TSR_UNROLL for (int j = 0; j < 4; j++) {
      b[2 * j] = TSR_LOW(a[j], a[j + 4]);
      b[2 * j + 1] = TSR_HIGH(a[j], a[j + 4]);
    }
    TSR_UNROLL for (int j = 0; j < 8; j++) a[j] = b[j];
  }
  TSR_UNROLL for (int j = 0; j < 8; j++) *(vector8 *)(y + j * y_row) = a[j];
}

TSR_CLONES void tsr_transpose(ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t x_row, float *y,
                              ptrdiff_t y_row) {
  // A line of the cache of each row at a time: rows that lie a power of two apart fight for the same few.
  for (ptrdiff_t line = 0; line < columns; line += 16) {
    const ptrdiff_t end = line + 16 < columns ? line + 16 : columns;
    for (ptrdiff_t r = 0; r < rows; r += 8) {
      for (ptrdiff_t c = line; c < end; c += 8) {
        if (r + 8 <= rows && c + 8 <= end) {
          tile(x + r * x_row + c, x_row, y + c * y_row + r, y_row);
          continue;
        }
        for (ptrdiff_t i = c; i < end && i < c + 8; i++)
          for (ptrdiff_t j = r; j < rows && j < r + 8; j++) y[i * y_row + j] = x[j * x_row + i];
      }
    }
  }
}
