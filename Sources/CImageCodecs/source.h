#ifndef TESSERA_SOURCE_H
#define TESSERA_SOURCE_H

#include "CImageCodecs.h"

/// A source and how far it was read.
typedef struct {
  tessera_source source;
  uint64_t offset;
} tessera_input;

/// Reads the next `count` bytes, fewer only at the end; -1 when the system refuses, and errno says why.
ptrdiff_t tessera_input_read(tessera_input *input, void *bytes, size_t count);

#endif
