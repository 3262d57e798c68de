#include "bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void tessera_bytes_free(tessera_bytes *bytes) {
  free(bytes->data);
  bytes->data = NULL;
  bytes->count = 0;
  bytes->capacity = 0;
}

int tessera_bytes_append(tessera_bytes *bytes, const void *data, size_t count) {
  // Copying nothing to nowhere is undefined all the same.
  if (count == 0) return 1;
  if (count > SIZE_MAX / 4 - bytes->count) return 0;
  size_t needed = bytes->count + count;
  if (needed > bytes->capacity) {
    size_t capacity = bytes->capacity < 4096 ? 4096 : bytes->capacity;
    while (capacity < needed) capacity *= 2;
    uint8_t *grown = realloc(bytes->data, capacity);
    if (grown == NULL) return 0;
    bytes->data = grown;
    bytes->capacity = capacity;
  }
  memcpy(bytes->data + bytes->count, data, count);
  bytes->count = needed;
  return 1;
}

void tessera_say(tessera_message message, const char *text) {
  if (message.capacity > 0) snprintf(message.text, message.capacity, "%s", text);
}
