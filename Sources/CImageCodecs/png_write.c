#include <png.h>
#include <stdlib.h>
#include <zlib.h>

#include "bytes.h"

/// All that a write holds, so that no local variable lives across the jump.
typedef struct {
  const tessera_png_picture *picture;
  tessera_bytes *out;
  int status;
  tessera_message message;
  png_structp png;
  png_infop info;
  /// What `fill` writes to; NULL where the picture has all rows.
  void *row;
} png_writer;

static void fail(png_structp png, png_const_charp text) {
  png_writer *writer = png_get_error_ptr(png);
  if (writer->status == TESSERA_CODEC_OK) {
    writer->status = TESSERA_CODEC_UNSUPPORTED;
    tessera_say(writer->message, text);
  }
  png_longjmp(png, 1);
}

static void warn(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void give(png_structp png, png_bytep data, size_t length) {
  png_writer *writer = png_get_io_ptr(png);
  if (tessera_bytes_append(writer->out, data, length)) return;
  writer->status = TESSERA_CODEC_NO_MEMORY;
  tessera_say(writer->message, "out of memory");
  png_longjmp(png, 1);
}

static void flush(png_structp png) { (void)png; }

static void write_picture(png_writer *writer) {
  if (setjmp(png_jmpbuf(writer->png))) return;
  png_structp png = writer->png;
  const tessera_png_picture *picture = writer->picture;
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
  png_write_info(png, writer->info);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  if (picture->bit_depth == 16) png_set_swap(png);
#endif
  size_t row = png_get_rowbytes(png, writer->info);
  if (picture->samples == NULL) {
    writer->row = malloc(row);
    if (writer->row == NULL) {
      writer->status = TESSERA_CODEC_NO_MEMORY;
      tessera_say(writer->message, "out of memory");
      return;
    }
  }
  const uint8_t *samples = picture->samples;
  for (uint32_t y = 0; y < picture->height; y++) {
    if (samples == NULL) picture->fill(picture->context, y, writer->row);
    png_write_row(png, samples == NULL ? writer->row : samples + y * row);
  }
  png_write_end(png, writer->info);
}

int tessera_png_write(const tessera_png_picture *picture, tessera_bytes *out, tessera_message message) {
  png_writer writer = {.picture = picture, .out = out, .message = message};
  writer.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &writer, fail, warn);
  if (writer.png != NULL) writer.info = png_create_info_struct(writer.png);
  if (writer.info == NULL) {
    tessera_say(message, "out of memory");
    writer.status = TESSERA_CODEC_NO_MEMORY;
  } else {
    write_picture(&writer);
  }
  png_destroy_write_struct(&writer.png, &writer.info);
  free(writer.row);
  if (writer.status != TESSERA_CODEC_OK) tessera_bytes_free(out);
  return writer.status;
}
