#include <png.h>
#include <stdlib.h>
#include <zlib.h>

#include "bytes.h"

/// All that a write holds, so that no local variable lives across the jump.
struct tessera_png_writer {
  tessera_sink sink;
  /// What waits to go to the sink.
  tessera_bytes pending;
  int status;
  tessera_message message;
  png_structp png;
  png_infop info;
};

/// Bytes that wait for the sink, about.
static const size_t batch = 1 << 16;

static void refuse(png_structp png, int status, const char *text) {
  tessera_png_writer *writer = png_get_error_ptr(png);
  writer->status = status;
  tessera_say(writer->message, text);
  png_longjmp(png, 1);
}

static void fail(png_structp png, png_const_charp text) { refuse(png, TESSERA_CODEC_UNSUPPORTED, text); }

static void warn(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void write_pending(tessera_png_writer *writer) {
  if (writer->sink.write(writer->sink.context, writer->pending.data, writer->pending.count) != 0) {
    refuse(writer->png, TESSERA_CODEC_SYSTEM, "the bytes were not taken");
  }
  writer->pending.count = 0;
}

static void give(png_structp png, png_bytep data, size_t length) {
  tessera_png_writer *writer = png_get_io_ptr(png);
  if (!tessera_bytes_append(&writer->pending, data, length)) refuse(png, TESSERA_CODEC_NO_MEMORY, "out of memory");
  if (writer->pending.count >= batch) write_pending(writer);
}

static void flush(png_structp png) { (void)png; }

/// Writes what comes before the pixels.
static void begin(tessera_png_writer *writer, const tessera_png_picture *picture) {
  if (setjmp(png_jmpbuf(writer->png))) return;
  png_structp png = writer->png;
  png_set_write_fn(png, writer, give, flush);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_compression_level(png, picture->compression);
  png_set_IHDR(
      png, writer->info, picture->width, picture->height, picture->bit_depth, picture->color_type,
      PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (picture->color_type == PNG_COLOR_TYPE_PALETTE) {
    png_color palette[256];
    for (int i = 0; i < picture->palette_count && i < 256; i++) {
      palette[i].red = picture->palette[3 * i];
      palette[i].green = picture->palette[3 * i + 1];
      palette[i].blue = picture->palette[3 * i + 2];
    }
    png_set_PLTE(png, writer->info, palette, picture->palette_count);
    // Regions repeat along rows and from row to row: run lengths of the differences to the row above are as small as a
    // search for matches makes them, in an eighth of its time.
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP);
    png_set_compression_strategy(png, Z_RLE);
  }
  if (picture->software != NULL) {
    png_text text = {.compression = PNG_TEXT_COMPRESSION_NONE, .key = "Software", .text = (char *)picture->software};
    png_set_text(png, writer->info, &text, 1);
  }
  png_write_info(png, writer->info);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  if (picture->bit_depth == 16) png_set_swap(png);
#endif
}

int tessera_png_begin(
    const tessera_png_picture *picture, tessera_sink sink, tessera_png_writer **begun, tessera_message message) {
  *begun = NULL;
  tessera_png_writer *writer = calloc(1, sizeof *writer);
  if (writer != NULL) {
    writer->sink = sink;
    writer->message = message;
    writer->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, writer, fail, warn);
    if (writer->png != NULL) writer->info = png_create_info_struct(writer->png);
  }
  if (writer == NULL || writer->info == NULL) {
    tessera_png_discard(writer);
    tessera_say(message, "out of memory");
    return TESSERA_CODEC_NO_MEMORY;
  }
  begin(writer, picture);
  int status = writer->status;
  if (status == TESSERA_CODEC_OK) {
    *begun = writer;
  } else {
    tessera_png_discard(writer);
  }
  return status;
}

int tessera_png_write_row(tessera_png_writer *writer, const void *row, tessera_message message) {
  writer->message = message;
  if (writer->status != TESSERA_CODEC_OK) return writer->status;
  if (setjmp(png_jmpbuf(writer->png))) return writer->status;
  png_write_row(writer->png, row);
  return TESSERA_CODEC_OK;
}

int tessera_png_end(tessera_png_writer *writer, tessera_message message) {
  writer->message = message;
  if (writer->status != TESSERA_CODEC_OK) return writer->status;
  if (setjmp(png_jmpbuf(writer->png))) return writer->status;
  png_write_end(writer->png, writer->info);
  write_pending(writer);
  return TESSERA_CODEC_OK;
}

void tessera_png_discard(tessera_png_writer *writer) {
  if (writer == NULL) return;
  png_destroy_write_struct(&writer->png, &writer->info);
  tessera_bytes_free(&writer->pending);
  free(writer);
}
