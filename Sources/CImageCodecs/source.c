#include "source.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static size_t take_memory(tessera_input *input, void *bytes, size_t count) {
  size_t left = input->offset < input->source.count ? input->source.count - (size_t)input->offset : 0;
  size_t taken = count < left ? count : left;
  if (taken > 0) memcpy(bytes, input->source.bytes + input->offset, taken);
  input->offset += taken;
  return taken;
}

ptrdiff_t tessera_input_read(tessera_input *input, void *bytes, size_t count) {
  if (input->source.bytes != NULL) return (ptrdiff_t)take_memory(input, bytes, count);
  size_t filled = 0;
  while (filled < count) {
    // Not the file's own position, which others may share.
    ssize_t got = pread(
        input->source.descriptor, (uint8_t *)bytes + filled, count - filled, (off_t)(input->offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    filled += (size_t)got;
  }
  input->offset += filled;
  return (ptrdiff_t)filled;
}
