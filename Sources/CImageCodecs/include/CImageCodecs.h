#ifndef CIMAGECODECS_H
#define CIMAGECODECS_H

#include <stddef.h>
#include <stdint.h>

// libpng and libjpeg, from memory or files to pixels and back, whole or row by row. Every function that can fail returns
// a `tessera_codec_status` and, unless that is TESSERA_CODEC_OK, a message in the caller's buffer. No jump leaves a
// function. What is handed out is a `tessera_bytes`, a reader or a writer, each with a function that frees it; after a
// failure of a reader or a writer, nothing else is done with it: the status stays.

typedef enum {
  TESSERA_CODEC_OK = 0,
  TESSERA_CODEC_DAMAGED = 1,
  TESSERA_CODEC_CUT_OFF = 2,
  TESSERA_CODEC_UNSUPPORTED = 3,
  TESSERA_CODEC_PRECISION = 4,
  TESSERA_CODEC_NO_MEMORY = 5,
  /// A file was not read or written; the message is the system's.
  TESSERA_CODEC_SYSTEM = 6,
} tessera_codec_status;

/// Where a failure is written: a C string, always terminated.
typedef struct {
  char *text;
  size_t capacity;
} tessera_message;

/// Bytes that the callee allocated; give them back with `tessera_bytes_free`.
typedef struct {
  uint8_t *data;
  size_t count;
  size_t capacity;
} tessera_bytes;

void tessera_bytes_free(tessera_bytes *bytes);

/// Where a picture comes from: `count` bytes of memory, which outlives what reads it, or a regular file, which is read
/// from its start wherever its position is.
typedef struct {
  /// NULL for a file.
  const uint8_t *bytes;
  size_t count;
  int descriptor;
} tessera_source;

/// Where the bytes of a picture go, part by part. The function comes back for each, with 0 when it took them; `context`
/// is for it alone.
typedef struct {
  int (*write)(void *context, const uint8_t *data, size_t count);
  void *context;
} tessera_sink;

typedef enum {
  /// Palette and tRNS expanded, gray of 1, 2 and 4 bits scaled to 8; 16 bits stay, in native order.
  TESSERA_PNG_PICTURE = 0,
  /// Palette indices and gray values as the file holds them, one or two bytes each.
  TESSERA_PNG_LABELS = 1,
} tessera_png_mode;

typedef struct {
  uint32_t width;
  uint32_t height;
  /// PNG_COLOR_TYPE and bits as the file holds them.
  uint8_t color_type;
  uint8_t bit_depth;
  uint8_t interlaced;
  /// Of the pixels that `tessera_png_read_pixels` gives.
  uint8_t channels;
  uint8_t sample_bytes;
  uint16_t palette_count;
  uint8_t palette[768];
} tessera_png_header;

int tessera_png_read_header(
    tessera_source source, int mode, tessera_png_header *header, tessera_message message);

/// Fills `size` bytes at `pixels`; the size must be that of the header.
int tessera_png_read_pixels(
    tessera_source source, int mode, void *pixels, size_t size, tessera_message message);

typedef struct tessera_png_reader tessera_png_reader;

/// Reads the header; rows follow, and at last `tessera_png_close`.
int tessera_png_open(
    tessera_source source, int mode, tessera_png_header *header, tessera_png_reader **opened,
    tessera_message message);

/// Writes the next row of a picture that is not interlaced, `width · channels` samples, to `row`.
int tessera_png_read_row(tessera_png_reader *reader, void *row, tessera_message message);

/// Reads what follows the last row.
int tessera_png_finish(tessera_png_reader *reader, tessera_message message);

/// Frees a reader; nothing for NULL.
void tessera_png_close(tessera_png_reader *reader);

typedef struct {
  uint32_t width;
  uint32_t height;
  /// PNG_COLOR_TYPE; palette pictures have 8 bits and one byte a pixel.
  int color_type;
  /// 8 or 16, the latter in native order.
  int bit_depth;
  /// RGB triples, for a palette picture.
  const uint8_t *palette;
  int palette_count;
  /// 0…9.
  int compression;
  /// The program that made the picture, in Latin-1, which a text of the file tells; NULL for no such text.
  const char *software;
} tessera_png_picture;

typedef struct tessera_png_writer tessera_png_writer;

/// Writes what comes before the rows; they follow, then `tessera_png_end`, and at last `tessera_png_discard`.
int tessera_png_begin(
    const tessera_png_picture *picture, tessera_sink sink, tessera_png_writer **begun, tessera_message message);

/// Writes the samples of the next row.
int tessera_png_write_row(tessera_png_writer *writer, const void *row, tessera_message message);

/// Writes what follows the last row.
int tessera_png_end(tessera_png_writer *writer, tessera_message message);

/// Frees a writer; nothing for NULL.
void tessera_png_discard(tessera_png_writer *writer);

typedef struct {
  uint32_t width;
  uint32_t height;
  /// Of the pixels that `tessera_jpeg_read_pixels` gives: 1 gray, 3 RGB, 4 CMYK as stored.
  uint8_t channels;
  uint8_t arithmetic;
  /// Bits a sample, also after TESSERA_CODEC_PRECISION.
  uint8_t precision;
  /// Bytes of the first APP1 segment that begins with "Exif", written to the caller's buffer.
  size_t exif_count;
  /// Bytes of all coefficients, of a picture in several scans, which keeps them until its end; 0 for others.
  uint64_t coefficient_bytes;
} tessera_jpeg_header;

int tessera_jpeg_read_header(
    tessera_source source, tessera_jpeg_header *header, uint8_t *exif, size_t exif_capacity,
    tessera_message message);

/// Fills `size` bytes at `pixels`. Refuses more than `max_scans` scans and more than `max_memory` bytes of
/// working memory.
int tessera_jpeg_read_pixels(
    tessera_source source, int max_scans, size_t max_memory, uint8_t *pixels, size_t size,
    tessera_message message);

typedef struct tessera_jpeg_reader tessera_jpeg_reader;

/// Reads the header; `tessera_jpeg_start` and rows follow, and at last `tessera_jpeg_close`.
int tessera_jpeg_open(
    tessera_source source, tessera_jpeg_header *header, uint8_t *exif, size_t exif_capacity,
    tessera_jpeg_reader **opened, tessera_message message);

/// Prepares the rows, for which a picture in several scans is read to its end. Refuses what
/// `tessera_jpeg_read_pixels` refuses.
int tessera_jpeg_start(
    tessera_jpeg_reader *reader, int max_scans, size_t max_memory, tessera_message message);

/// Writes the next row, `width · channels` samples, to `row`.
int tessera_jpeg_read_row(tessera_jpeg_reader *reader, uint8_t *row, tessera_message message);

/// Reads what follows the last row.
int tessera_jpeg_finish(tessera_jpeg_reader *reader, tessera_message message);

/// Frees a reader; nothing for NULL.
void tessera_jpeg_close(tessera_jpeg_reader *reader);

/// 8-bit gray (1 channel) or RGB (3), quality 1…100.
int tessera_jpeg_write(
    const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int quality, tessera_bytes *out,
    tessera_message message);

#endif
