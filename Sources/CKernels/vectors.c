#include "vectors.h"

#include <stdlib.h>

static int level = 0;

// Before any thread runs. A lower level than the processor's own can be asked for, to test the kernels of others.
__attribute__((constructor)) static void choose_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) level = 1;
  if (level == 1 && __builtin_cpu_supports("avx512f")) level = 2;
#endif
  const char *limit = getenv("TESSERA_VECTOR_LEVEL");
  if (limit && limit[0] >= '0' && limit[0] <= '9' && limit[0] - '0' < level) level = limit[0] - '0';
}

int tsr_vector_level(void) { return level; }
