#include <png.h>
#include <string.h>

#include "bytes.h"

/// All that a read holds, so that no local variable lives across the jump.
typedef struct {
  const uint8_t *bytes;
  size_t count;
  size_t offset;
  int status;
  tessera_message message;
  png_structp png;
  png_infop info;
} png_reader;

static void fail(png_structp png, png_const_charp text) {
  png_reader *reader = png_get_error_ptr(png);
  if (reader->status == TESSERA_CODEC_OK) {
    reader->status = TESSERA_CODEC_DAMAGED;
    tessera_say(reader->message, text);
  }
  png_longjmp(png, 1);
}

/// A stream that ends well but whose checksum is wrong is only a warning to libpng. Bytes beyond the last
/// pixel harm nobody.
static void warn(png_structp png, png_const_charp text) {
  static const char *const harmless[] = {
      "IDAT: Extra compressed data", "IDAT: Too much image data", "IDAT: Too many IDATs found"};
  if (strncmp(text, "IDAT: ", 6) != 0) return;
  for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
    if (strcmp(text, harmless[i]) == 0) return;
  }
  fail(png, text);
}

static void take(png_structp png, png_bytep data, size_t length) {
  png_reader *reader = png_get_io_ptr(png);
  if (length > reader->count - reader->offset) {
    reader->status = TESSERA_CODEC_CUT_OFF;
    tessera_say(reader->message, "the data end early");
    png_longjmp(png, 1);
  }
  memcpy(data, reader->bytes + reader->offset, length);
  reader->offset += length;
}

/// Reads up to the pixels and sets what they become. Called inside the reader's setjmp.
static void begin(png_reader *reader, int mode) {
  png_structp png = reader->png;
  png_set_read_fn(png, reader, take);
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_benign_errors(png, 1);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  // Only IHDR, PLTE, tRNS, IDAT and IEND are read; text and profiles, which may be bombs, are passed over.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_chunk_malloc_max(png, 1 << 22);
  png_set_chunk_cache_max(png, 16);
  png_read_info(png, reader->info);
  if (mode == TESSERA_PNG_PICTURE) {
    png_set_expand(png);
  } else {
    png_set_packing(png);
  }
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  if (png_get_bit_depth(png, reader->info) == 16) png_set_swap(png);
#endif
}

static int open_reader(png_reader *reader) {
  reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, fail, warn);
  if (reader->png != NULL) reader->info = png_create_info_struct(reader->png);
  if (reader->info != NULL) return 1;
  tessera_say(reader->message, "out of memory");
  reader->status = TESSERA_CODEC_NO_MEMORY;
  return 0;
}

static void read_header(png_reader *reader, int mode, tessera_png_header *header) {
  if (setjmp(png_jmpbuf(reader->png))) return;
  begin(reader, mode);
  png_structp png = reader->png;
  header->width = png_get_image_width(png, reader->info);
  header->height = png_get_image_height(png, reader->info);
  header->color_type = png_get_color_type(png, reader->info);
  header->bit_depth = png_get_bit_depth(png, reader->info);
  png_colorp palette;
  int entries;
  if (png_get_PLTE(png, reader->info, &palette, &entries) && header->color_type == PNG_COLOR_TYPE_PALETTE) {
    header->palette_count = (uint16_t)entries;
    for (int i = 0; i < entries && i < 256; i++) {
      header->palette[3 * i] = palette[i].red;
      header->palette[3 * i + 1] = palette[i].green;
      header->palette[3 * i + 2] = palette[i].blue;
    }
  }
  png_read_update_info(png, reader->info);
  header->channels = png_get_channels(png, reader->info);
  header->sample_bytes = png_get_bit_depth(png, reader->info) == 16 ? 2 : 1;
}

static void read_pixels(png_reader *reader, int mode, uint8_t *pixels, size_t size) {
  if (setjmp(png_jmpbuf(reader->png))) return;
  begin(reader, mode);
  png_structp png = reader->png;
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, reader->info);
  size_t row = png_get_rowbytes(png, reader->info);
  uint32_t height = png_get_image_height(png, reader->info);
  if (row == 0 || size / row != height || size % row != 0) {
    png_error(png, "the size changed between two reads");
  }
  for (int pass = 0; pass < passes; pass++) {
    for (uint32_t y = 0; y < height; y++) png_read_row(png, pixels + y * row, NULL);
  }
  png_read_end(png, NULL);
}

int tessera_png_read_header(
    const uint8_t *bytes, size_t count, int mode, tessera_png_header *header, tessera_message message) {
  png_reader reader = {.bytes = bytes, .count = count, .message = message};
  memset(header, 0, sizeof *header);
  if (open_reader(&reader)) read_header(&reader, mode, header);
  png_destroy_read_struct(&reader.png, &reader.info, NULL);
  return reader.status;
}

int tessera_png_read_pixels(
    const uint8_t *bytes, size_t count, int mode, void *pixels, size_t size, tessera_message message) {
  png_reader reader = {.bytes = bytes, .count = count, .message = message};
  if (open_reader(&reader)) read_pixels(&reader, mode, pixels, size);
  png_destroy_read_struct(&reader.png, &reader.info, NULL);
  return reader.status;
}
