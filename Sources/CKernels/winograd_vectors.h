// The transforms for one width of vectors. Included once for each width, with VECTOR, LANES, NAME(x) and TARGET set.
// Points are 0, ±1 and infinity for m = 2; 0, ±√½, ±√2 and infinity for m = 4, which round to a third of what ±1 and
// ±2 do; 0, ±1, ±2, ±½ and infinity for m = 6, and for 2 outputs of 7 taps, which transform inputs alike.

#ifndef TSR_HALF_ROOT
#define TSR_HALF_ROOT 0.70710678f
#define TSR_ROOT 1.41421356f
#endif

// MARK: Along one axis, to t products

TSR_INLINE void NAME(input_2)(const VECTOR *d, VECTOR *v) {
  v[0] = d[0] - d[2];
  v[1] = d[1] + d[2];
  v[2] = d[2] - d[1];
  v[3] = d[3] - d[1];
}

TSR_INLINE void NAME(input_4)(const VECTOR *d, VECTOR *v) {
  const VECTOR a = d[4] - 2 * d[2], b = TSR_HALF_ROOT * (d[3] - 2 * d[1]);
  const VECTOR e = d[4] - 0.5f * d[2], f = TSR_ROOT * (d[3] - 0.5f * d[1]);
  v[0] = d[0] + d[4] - 2.5f * d[2];
  v[1] = a + b;
  v[2] = a - b;
  v[3] = e + f;
  v[4] = e - f;
  v[5] = d[1] + d[5] - 2.5f * d[3];
}

TSR_INLINE void NAME(input_6)(const VECTOR *d, VECTOR *v) {
  const VECTOR a = d[2] + d[6] - 4.25f * d[4], b = d[1] + d[5] - 4.25f * d[3];
  const VECTOR e = d[6] + 0.25f * d[2] - 1.25f * d[4], f = 0.5f * d[1] - 2.5f * d[3] + 2 * d[5];
  const VECTOR g = d[6] + 4 * d[2] - 5 * d[4], h = 2 * d[1] - 2.5f * d[3] + 0.5f * d[5];
  v[0] = d[0] - d[6] + 5.25f * (d[4] - d[2]);
  v[1] = a + b;
  v[2] = a - b;
  v[3] = e + f;
  v[4] = e - f;
  v[5] = g + h;
  v[6] = g - h;
  v[7] = d[7] - d[1] + 5.25f * (d[3] - d[5]);
}

TSR_INLINE void NAME(kernel_2)(const VECTOR *g, VECTOR *u) {
  const VECTOR a = 0.5f * (g[0] + g[2]), b = 0.5f * g[1];
  u[0] = g[0];
  u[1] = a + b;
  u[2] = a - b;
  u[3] = g[2];
}

TSR_INLINE void NAME(kernel_4)(const VECTOR *g, VECTOR *u) {
  const VECTOR a = (-2.0f / 3) * (g[0] + 0.5f * g[2]), b = (-2.0f / 3 * TSR_HALF_ROOT) * g[1];
  const VECTOR e = (1.0f / 6) * (g[0] + 2 * g[2]), f = (1.0f / 6 * TSR_ROOT) * g[1];
  u[0] = g[0];
  u[1] = a + b;
  u[2] = a - b;
  u[3] = e + f;
  u[4] = e - f;
  u[5] = g[2];
}

TSR_INLINE void NAME(kernel_6)(const VECTOR *g, VECTOR *u) {
  const VECTOR a = (-2.0f / 9) * (g[0] + g[2]), b = (2.0f / 9) * g[1];
  const VECTOR e = (1.0f / 90) * g[0] + (2.0f / 45) * g[2], f = (1.0f / 45) * g[1];
  const VECTOR h = (32.0f / 45) * g[0] + (8.0f / 45) * g[2], i = (16.0f / 45) * g[1];
  u[0] = g[0];
  u[1] = a - b;
  u[2] = a + b;
  u[3] = e + f;
  u[4] = e - f;
  u[5] = h + i;
  u[6] = h - i;
  u[7] = g[2];
}

TSR_INLINE void NAME(kernel_2_7)(const VECTOR *g, VECTOR *u) {
  const VECTOR a = (-2.0f / 9) * (g[0] + g[2] + g[4] + g[6]), b = (-2.0f / 9) * (g[1] + g[3] + g[5]);
  const VECTOR e = (1.0f / 90) * (g[0] + 4 * g[2] + 16 * g[4] + 64 * g[6]);
  const VECTOR f = (1.0f / 45) * (g[1] + 4 * g[3] + 16 * g[5]);
  const VECTOR h = (1.0f / 90) * (64 * g[0] + 16 * g[2] + 4 * g[4] + g[6]);
  const VECTOR i = (1.0f / 45) * (16 * g[1] + 4 * g[3] + g[5]);
  u[0] = g[0];
  u[1] = a + b;
  u[2] = a - b;
  u[3] = e + f;
  u[4] = e - f;
  u[5] = h + i;
  u[6] = h - i;
  u[7] = g[6];
}

TSR_INLINE void NAME(gradient_2)(const VECTOR *y, VECTOR *m) {
  m[0] = y[0];
  m[1] = y[0] + y[1];
  m[2] = y[0] - y[1];
  m[3] = y[1];
}

TSR_INLINE void NAME(gradient_4)(const VECTOR *y, VECTOR *m) {
  const VECTOR a = y[0] + 0.5f * y[2], b = TSR_HALF_ROOT * (y[1] + 0.5f * y[3]);
  const VECTOR e = y[0] + 2 * y[2], f = TSR_ROOT * (y[1] + 2 * y[3]);
  m[0] = y[0];
  m[1] = a + b;
  m[2] = a - b;
  m[3] = e + f;
  m[4] = e - f;
  m[5] = y[3];
}

TSR_INLINE void NAME(gradient_6)(const VECTOR *y, VECTOR *m) {
  const VECTOR a = y[0] + y[2] + y[4], b = y[1] + y[3] + y[5];
  const VECTOR e = y[0] + 4 * y[2] + 16 * y[4], f = 2 * y[1] + 8 * y[3] + 32 * y[5];
  const VECTOR g = y[0] + 0.25f * y[2] + 0.0625f * y[4], h = 0.5f * y[1] + 0.125f * y[3] + 0.03125f * y[5];
  m[0] = y[0];
  m[1] = a + b;
  m[2] = a - b;
  m[3] = e + f;
  m[4] = e - f;
  m[5] = g + h;
  m[6] = g - h;
  m[7] = y[5];
}

// MARK: Along one axis, from t products

TSR_INLINE void NAME(output_2)(const VECTOR *m, VECTOR *y) {
  y[0] = m[0] + m[1] + m[2];
  y[1] = m[1] - m[2] + m[3];
}

TSR_INLINE void NAME(output_4)(const VECTOR *m, VECTOR *y) {
  const VECTOR a = m[1] + m[2], b = TSR_HALF_ROOT * (m[1] - m[2]);
  const VECTOR e = m[3] + m[4], f = TSR_ROOT * (m[3] - m[4]);
  y[0] = m[0] + a + e;
  y[1] = b + f;
  y[2] = 0.5f * a + 2 * e;
  y[3] = 0.5f * b + 2 * f + m[5];
}

TSR_INLINE void NAME(output_6)(const VECTOR *m, VECTOR *y) {
  const VECTOR a = m[1] + m[2], b = m[1] - m[2], e = m[3] + m[4], f = m[3] - m[4], g = m[5] + m[6], h = m[5] - m[6];
  y[0] = m[0] + a + e + g;
  y[1] = b + 2 * f + 0.5f * h;
  y[2] = a + 4 * e + 0.25f * g;
  y[3] = b + 8 * f + 0.125f * h;
  y[4] = a + 16 * e + 0.0625f * g;
  y[5] = b + 32 * f + 0.03125f * h + m[7];
}

TSR_INLINE void NAME(output_2_7)(const VECTOR *m, VECTOR *y) {
  y[0] = m[0] + (m[1] + m[2]) + (m[3] + m[4]) + (m[5] + m[6]);
  y[1] = (m[1] - m[2]) + 2 * (m[3] - m[4]) + 0.5f * (m[5] - m[6]) + m[7];
}

TSR_INLINE void NAME(kernel_gradient_2)(const VECTOR *u, VECTOR *g) {
  const VECTOR a = 0.5f * (u[1] + u[2]);
  g[0] = u[0] + a;
  g[1] = 0.5f * (u[1] - u[2]);
  g[2] = a + u[3];
}

TSR_INLINE void NAME(kernel_gradient_4)(const VECTOR *u, VECTOR *g) {
  const VECTOR a = u[1] + u[2], e = u[3] + u[4];
  g[0] = u[0] - (2.0f / 3) * a + (1.0f / 6) * e;
  g[1] = (-2.0f / 3 * TSR_HALF_ROOT) * (u[1] - u[2]) + (1.0f / 6 * TSR_ROOT) * (u[3] - u[4]);
  g[2] = (1.0f / 3) * (e - a) + u[5];
}

TSR_INLINE void NAME(kernel_gradient_6)(const VECTOR *u, VECTOR *g) {
  const VECTOR a = (-2.0f / 9) * (u[1] + u[2]), e = u[3] + u[4], h = u[5] + u[6];
  g[0] = u[0] + a + (1.0f / 90) * e + (32.0f / 45) * h;
  g[1] = (2.0f / 9) * (u[2] - u[1]) + (1.0f / 45) * (u[3] - u[4]) + (16.0f / 45) * (u[5] - u[6]);
  g[2] = a + (2.0f / 45) * e + (8.0f / 45) * h + u[7];
}

// MARK: Along both axes

TSR_INLINE void NAME(load)(const float *x, ptrdiff_t count, VECTOR *v) {
  if (count >= LANES) {
    *v = *(const VECTOR *)x;
  } else {
    *v = 0;
    for (ptrdiff_t lane = 0; lane < count; lane++) (*v)[lane] = x[lane];
  }
}

TSR_INLINE void NAME(store)(float *y, const VECTOR *v, ptrdiff_t count) {
  if (count >= LANES) {
    *(VECTOR *)y = *v;
  } else {
    for (ptrdiff_t lane = 0; lane < count; lane++) y[lane] = (*v)[lane];
  }
}

// An N×N grid to T×T products. Where `whole`, all of the grid is inside, and its channels are whole vectors. The grid
// that begins AHEAD pixels to the right is asked for on the way: its rows are too short for the processor to see them
// coming.
#define TSR_EXPAND(TRANSFORM, N, T, AHEAD)                                                                       \
  TSR_INLINE void NAME(TRANSFORM##_grid)(const int whole, ptrdiff_t channels, const float *x,                    \
                                         const tsr_winograd_grid *grid, float *products, ptrdiff_t step,         \
                                         const int streams) {                                                    \
    for (ptrdiff_t c = 0; c < channels; c += LANES) {                                                            \
      VECTOR half[T][N];                                                                                         \
      for (ptrdiff_t j = 0; j < N; j++) {                                                                        \
        VECTOR d[N], v[T];                                                                                       \
        const int column = j >= grid->left && j < grid->right;                                                   \
        TSR_UNROLL for (ptrdiff_t i = 0; i < N; i++) {                                                           \
          const float *pixel = x + i * grid->row_step + j * grid->pixel_step + c;                                \
          d[i] = 0;                                                                                              \
          if (whole) {                                                                                           \
            d[i] = *(const VECTOR *)pixel;                                                                       \
          } else if (column && i >= grid->top && i < grid->bottom) {                                             \
            NAME(load)(pixel, channels - c, &d[i]);                                                              \
          }                                                                                                      \
          if (AHEAD && whole) __builtin_prefetch(pixel + AHEAD * grid->pixel_step, 0, 2);                        \
        }                                                                                                        \
        NAME(TRANSFORM)(d, v);                                                                                   \
        TSR_UNROLL for (ptrdiff_t i = 0; i < T; i++) half[i][j] = v[i];                                          \
      }                                                                                                          \
      for (ptrdiff_t i = 0; i < T; i++) {                                                                        \
        VECTOR v[T];                                                                                             \
        NAME(TRANSFORM)(half[i], v);                                                                             \
        TSR_UNROLL for (ptrdiff_t j = 0; j < T; j++) {                                                           \
          float *product = products + (i * T + j) * step + c;                                                    \
          if (streams) {                                                                                         \
            __builtin_nontemporal_store((ALIGNED)v[j], (ALIGNED *)product);                                      \
          } else {                                                                                               \
            *(VECTOR *)product = v[j];                                                                           \
          }                                                                                                      \
        }                                                                                                        \
      }                                                                                                          \
    }                                                                                                            \
  }                                                                                                              \
  TARGET static void NAME(TRANSFORM##_expand)(ptrdiff_t channels, const float *x, const tsr_winograd_grid *grid, \
                                              float *products, ptrdiff_t step, int streams) {                    \
    const int whole = grid->top <= 0 && grid->left <= 0 && grid->bottom >= N && grid->right >= N &&              \
                      channels % LANES == 0;                                                                     \
    const int lines = streams && LANES == 16 && step % LANES == 0 && (uintptr_t)products % sizeof(VECTOR) == 0;  \
    /* Grids of weights alone are more than caches hold; nothing is asked for ahead of them. */                  \
    if (whole && lines && !AHEAD) {                                                                              \
      NAME(TRANSFORM##_grid)(1, channels, x, grid, products, step, 1);                                           \
    } else if (whole) {                                                                                          \
      NAME(TRANSFORM##_grid)(1, channels, x, grid, products, step, 0);                                           \
    } else {                                                                                                     \
      NAME(TRANSFORM##_grid)(0, channels, x, grid, products, step, 0);                                           \
    }                                                                                                            \
  }

// The larger of two values, the first of equal ones, and NaN where either is.
TSR_INLINE void NAME(take_larger)(VECTOR *best, const VECTOR *v) {
  *best = ((*v > *best) | (*v != *v)) ? *v : *best;
}

// T×T products to an N×N grid. Where it POOLS, N is even, and a window's rows are one after the other.
#define TSR_REDUCE(TRANSFORM, N, T, POOLS)                                                                        \
  TSR_INLINE void NAME(TRANSFORM##_grid)(const int whole, ptrdiff_t channels, const float *products,              \
                                         ptrdiff_t step, const tsr_finish *finish,                                \
                                         const tsr_winograd_pooled *pooled, float *y,                             \
                                         const tsr_winograd_grid *grid, const int streams) {                      \
    for (ptrdiff_t c = 0; c < channels; c += LANES) {                                                             \
      VECTOR half[N][T], above[N];                                                                                \
      for (ptrdiff_t j = 0; j < T; j++) {                                                                         \
        VECTOR m[T], v[N];                                                                                        \
        TSR_UNROLL for (ptrdiff_t i = 0; i < T; i++) m[i] = *(const VECTOR *)(products + (i * T + j) * step + c); \
        NAME(TRANSFORM)(m, v);                                                                                    \
        TSR_UNROLL for (ptrdiff_t i = 0; i < N; i++) half[i][j] = v[i];                                           \
      }                                                                                                           \
      VECTOR bias = 0, low = -__builtin_inff();                                                                   \
      const float *addend = 0;                                                                                    \
      if (finish) {                                                                                               \
        if (finish->bias) NAME(load)(finish->bias + c, channels - c, &bias);                                      \
        if (finish->addend) addend = finish->addend + c;                                                          \
        low = (VECTOR){0} + finish->lowest;                                                                       \
      }                                                                                                           \
      for (ptrdiff_t i = 0; i < N; i++) {                                                                         \
        if (!whole && (i < grid->top || i >= grid->bottom)) continue;                                             \
        VECTOR v[N];                                                                                              \
        NAME(TRANSFORM)(half[i], v);                                                                              \
        TSR_UNROLL for (ptrdiff_t j = 0; j < N; j++) {                                                            \
          if (!whole && (j < grid->left || j >= grid->right)) continue;                                           \
          v[j] += bias;                                                                                           \
          if (addend) {                                                                                           \
            const float *other = addend + i * finish->addend_row_step + j * finish->addend_step;                  \
            VECTOR standing;                                                                                      \
            NAME(load)(other, whole ? LANES : channels - c, &standing);                                           \
            v[j] += standing;                                                                                     \
          }                                                                                                       \
          v[j] = low > v[j] ? low : v[j];                                                                         \
          if (POOLS && pooled && pooled->alone) continue;                                                         \
          float *pixel = y + i * grid->row_step + j * grid->pixel_step + c;                                       \
          if (streams) {                                                                                          \
            __builtin_nontemporal_store((ALIGNED)v[j], (ALIGNED *)pixel);                                         \
          } else if (whole) {                                                                                     \
            *(VECTOR *)pixel = v[j];                                                                              \
          } else {                                                                                                \
            NAME(store)(pixel, &v[j], channels - c);                                                              \
          }                                                                                                       \
        }                                                                                                         \
        if (!POOLS || !pooled) continue;                                                                          \
        if (i % 2 == 0) {                                                                                         \
          TSR_UNROLL for (ptrdiff_t j = 0; j < N; j++) above[j] = v[j];                                           \
          continue;                                                                                               \
        }                                                                                                         \
        TSR_UNROLL for (ptrdiff_t j = 1; j < N; j += 2) {                                                         \
          if (!whole && j >= grid->right) continue;                                                               \
          VECTOR best = above[j - 1];                                                                             \
          NAME(take_larger)(&best, &above[j]);                                                                    \
          NAME(take_larger)(&best, &v[j - 1]);                                                                    \
          NAME(take_larger)(&best, &v[j]);                                                                        \
          float *pixel = pooled->y + i / 2 * pooled->row_step + j / 2 * pooled->pixel_step + c;                   \
          NAME(store)(pixel, &best, whole ? LANES : channels - c);                                                \
        }                                                                                                         \
      }                                                                                                           \
    }                                                                                                             \
  }                                                                                                               \
  TARGET static void NAME(TRANSFORM##_reduce)(ptrdiff_t channels, const float *products, ptrdiff_t step,          \
                                              const tsr_finish *finish,                                           \
                                              const tsr_winograd_pooled *pooled, float *y,                        \
                                              const tsr_winograd_grid *grid) {                                    \
    const int whole = grid->top <= 0 && grid->left <= 0 && grid->bottom >= N && grid->right >= N &&               \
                      channels % LANES == 0;                                                                      \
    /* Only a whole line of the cache, written at once, gains by going past it. */                                \
    const int lines = finish && finish->streams && LANES == 16 && grid->pixel_step % LANES == 0 &&                \
                      grid->row_step % LANES == 0 && (uintptr_t)y % sizeof(VECTOR) == 0;                          \
    if (POOLS && pooled) {                                                                                        \
      if (whole && lines) {                                                                                       \
        NAME(TRANSFORM##_grid)(1, channels, products, step, finish, pooled, y, grid, 1);                          \
      } else if (whole) {                                                                                         \
        NAME(TRANSFORM##_grid)(1, channels, products, step, finish, pooled, y, grid, 0);                          \
      } else {                                                                                                    \
        NAME(TRANSFORM##_grid)(0, channels, products, step, finish, pooled, y, grid, 0);                          \
      }                                                                                                           \
    } else if (whole && lines) {                                                                                  \
      NAME(TRANSFORM##_grid)(1, channels, products, step, finish, 0, y, grid, 1);                                 \
    } else if (whole) {                                                                                           \
      NAME(TRANSFORM##_grid)(1, channels, products, step, finish, 0, y, grid, 0);                                 \
    } else {                                                                                                      \
      NAME(TRANSFORM##_grid)(0, channels, products, step, finish, 0, y, grid, 0);                                 \
    }                                                                                                             \
  }

TSR_EXPAND(input_2, 4, 4, 2)
TSR_EXPAND(input_4, 6, 6, 4)
TSR_EXPAND(input_6, 8, 8, 6)
TSR_EXPAND(kernel_2, 3, 4, 0)
TSR_EXPAND(kernel_4, 3, 6, 0)
TSR_EXPAND(kernel_6, 3, 8, 0)
TSR_EXPAND(kernel_2_7, 7, 8, 0)
TSR_EXPAND(gradient_2, 2, 4, 2)
TSR_EXPAND(gradient_4, 4, 6, 4)
TSR_EXPAND(gradient_6, 6, 8, 6)
TSR_REDUCE(output_2, 2, 4, 1)
TSR_REDUCE(output_4, 4, 6, 1)
TSR_REDUCE(output_6, 6, 8, 1)
TSR_REDUCE(output_2_7, 2, 8, 0)
TSR_REDUCE(kernel_gradient_2, 3, 4, 0)
TSR_REDUCE(kernel_gradient_4, 3, 6, 0)
TSR_REDUCE(kernel_gradient_6, 3, 8, 0)

#undef TSR_EXPAND
#undef TSR_REDUCE

typedef void (*NAME(expand_function))(ptrdiff_t, const float *, const tsr_winograd_grid *, float *, ptrdiff_t, int);
typedef void (*NAME(reduce_function))(ptrdiff_t, const float *, ptrdiff_t, const tsr_finish *,
                                      const tsr_winograd_pooled *, float *, const tsr_winograd_grid *);

static const NAME(expand_function) NAME(expansions)[3][4] = {
    {NAME(input_2_expand), NAME(input_4_expand), NAME(input_6_expand), NAME(input_6_expand)},
    {NAME(kernel_2_expand), NAME(kernel_4_expand), NAME(kernel_6_expand), NAME(kernel_2_7_expand)},
    {NAME(gradient_2_expand), NAME(gradient_4_expand), NAME(gradient_6_expand)},
};

static const NAME(reduce_function) NAME(reductions)[2][4] = {
    {NAME(output_2_reduce), NAME(output_4_reduce), NAME(output_6_reduce), NAME(output_2_7_reduce)},
    {NAME(kernel_gradient_2_reduce), NAME(kernel_gradient_4_reduce), NAME(kernel_gradient_6_reduce)},
};
