#include <errno.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "source.h"

/// All that a read holds, so that no local variable lives across the jump.
struct tessera_png_reader {
  tessera_input input;
  int status;
  tessera_message message;
  png_structp png;
  png_infop info;
  /// Times that the rows are gone through: 7 for an interlaced picture.
  int passes;
};

static void fail(png_structp png, png_const_charp text) {
  tessera_png_reader *reader = png_get_error_ptr(png);
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
  tessera_png_reader *reader = png_get_io_ptr(png);
  ptrdiff_t count = tessera_input_read(&reader->input, data, length);
  if (count == (ptrdiff_t)length) return;
  reader->status = count < 0 ? TESSERA_CODEC_SYSTEM : TESSERA_CODEC_CUT_OFF;
  tessera_say(reader->message, count < 0 ? strerror(errno) : "the data end early");
  png_longjmp(png, 1);
}

static void describe(tessera_png_reader *reader, tessera_png_header *header) {
  png_structp png = reader->png;
  header->width = png_get_image_width(png, reader->info);
  header->height = png_get_image_height(png, reader->info);
  header->color_type = png_get_color_type(png, reader->info);
  header->bit_depth = png_get_bit_depth(png, reader->info);
  header->interlaced = png_get_interlace_type(png, reader->info) != PNG_INTERLACE_NONE;
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
}

/// Reads up to the pixels and sets what they become.
static void begin(tessera_png_reader *reader, int mode, tessera_png_header *header) {
  if (setjmp(png_jmpbuf(reader->png))) return;
  png_structp png = reader->png;
  png_set_read_fn(png, reader, take);
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_benign_errors(png, 1);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  // Only IHDR, PLTE, tRNS, IDAT and IEND are read; text and profiles, which may be bombs, are passed over.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  // A legal IDAT may be longer than its pixels, as some encoders' stored blocks are; none needs more than its file has.
  size_t most = reader->input.source.count;
  png_set_chunk_malloc_max(png, most > 1 << 22 ? most : 1 << 22);
  png_set_chunk_cache_max(png, 16);
  png_read_info(png, reader->info);
  describe(reader, header);
  if (mode == TESSERA_PNG_PICTURE) {
    png_set_expand(png);
  } else {
    png_set_packing(png);
  }
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  if (png_get_bit_depth(png, reader->info) == 16) png_set_swap(png);
#endif
  reader->passes = png_set_interlace_handling(png);
  png_read_update_info(png, reader->info);
  header->channels = png_get_channels(png, reader->info);
  header->sample_bytes = png_get_bit_depth(png, reader->info) == 16 ? 2 : 1;
}

int tessera_png_open(
    tessera_source source, int mode, tessera_png_header *header, tessera_png_reader **opened,
    tessera_message message) {
  memset(header, 0, sizeof *header);
  *opened = NULL;
  tessera_png_reader *reader = calloc(1, sizeof *reader);
  if (reader != NULL) {
    reader->input.source = source;
    reader->message = message;
    reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, fail, warn);
    if (reader->png != NULL) reader->info = png_create_info_struct(reader->png);
  }
  if (reader == NULL || reader->info == NULL) {
    tessera_png_close(reader);
    tessera_say(message, "out of memory");
    return TESSERA_CODEC_NO_MEMORY;
  }
  begin(reader, mode, header);
  int status = reader->status;
  if (status == TESSERA_CODEC_OK) {
    *opened = reader;
  } else {
    tessera_png_close(reader);
  }
  return status;
}

int tessera_png_read_row(tessera_png_reader *reader, void *row, tessera_message message) {
  reader->message = message;
  if (reader->status != TESSERA_CODEC_OK) return reader->status;
  if (setjmp(png_jmpbuf(reader->png))) return reader->status;
  if (reader->passes > 1) png_error(reader->png, "interlaced rows do not come one by one");
  png_read_row(reader->png, row, NULL);
  return TESSERA_CODEC_OK;
}

int tessera_png_finish(tessera_png_reader *reader, tessera_message message) {
  reader->message = message;
  if (reader->status != TESSERA_CODEC_OK) return reader->status;
  if (setjmp(png_jmpbuf(reader->png))) return reader->status;
  png_read_end(reader->png, NULL);
  return TESSERA_CODEC_OK;
}

void tessera_png_close(tessera_png_reader *reader) {
  if (reader == NULL) return;
  png_destroy_read_struct(&reader->png, &reader->info, NULL);
  free(reader);
}

int tessera_png_read_header(
    tessera_source source, int mode, tessera_png_header *header, tessera_message message) {
  tessera_png_reader *reader;
  int status = tessera_png_open(source, mode, header, &reader, message);
  tessera_png_close(reader);
  return status;
}

static void read_rows(tessera_png_reader *reader, uint8_t *pixels, size_t size) {
  if (setjmp(png_jmpbuf(reader->png))) return;
  size_t row = png_get_rowbytes(reader->png, reader->info);
  uint32_t height = png_get_image_height(reader->png, reader->info);
  if (row == 0 || size / row != height || size % row != 0) {
    png_error(reader->png, "the size changed between two reads");
  }
  for (int pass = 0; pass < reader->passes; pass++) {
    for (uint32_t y = 0; y < height; y++) png_read_row(reader->png, pixels + y * row, NULL);
  }
}

int tessera_png_read_pixels(
    tessera_source source, int mode, void *pixels, size_t size, tessera_message message) {
  tessera_png_header header;
  tessera_png_reader *reader;
  int status = tessera_png_open(source, mode, &header, &reader, message);
  if (status != TESSERA_CODEC_OK) return status;
  read_rows(reader, pixels, size);
  status = tessera_png_finish(reader, message);
  tessera_png_close(reader);
  return status;
}
