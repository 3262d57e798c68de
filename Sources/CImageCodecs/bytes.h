#ifndef TESSERA_BYTES_H
#define TESSERA_BYTES_H

#include "CImageCodecs.h"

/// Appends to a growing buffer; 0 when memory runs out, and the buffer stays as it was.
int tessera_bytes_append(tessera_bytes *bytes, const void *data, size_t count);

/// Writes a failure's text, cut to the buffer.
void tessera_say(tessera_message message, const char *text);

#endif
