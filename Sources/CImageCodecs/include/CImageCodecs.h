#ifndef CIMAGECODECS_H
#define CIMAGECODECS_H

#include <stddef.h>
#include <stdint.h>

// libpng and libjpeg from memory to memory. Every function returns a `tessera_codec_status` and, unless that
// is TESSERA_CODEC_OK, a message in the caller's buffer. No jump leaves a function, and nothing stays
// allocated but a `tessera_bytes` that was handed out.

typedef enum {
  TESSERA_CODEC_OK = 0,
  TESSERA_CODEC_DAMAGED = 1,
  TESSERA_CODEC_CUT_OFF = 2,
  TESSERA_CODEC_UNSUPPORTED = 3,
  TESSERA_CODEC_PRECISION = 4,
  TESSERA_CODEC_NO_MEMORY = 5,
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
  /// Of the pixels that `tessera_png_read_pixels` gives.
  uint8_t channels;
  uint8_t sample_bytes;
  uint16_t palette_count;
  uint8_t palette[768];
} tessera_png_header;

int tessera_png_read_header(
    const uint8_t *bytes, size_t count, int mode, tessera_png_header *header, tessera_message message);

/// Fills `size` bytes at `pixels`; the size must be that of the header.
int tessera_png_read_pixels(
    const uint8_t *bytes, size_t count, int mode, void *pixels, size_t size, tessera_message message);

typedef struct {
  uint32_t width;
  uint32_t height;
  /// PNG_COLOR_TYPE; palette pictures have 8 bits and one byte a pixel.
  int color_type;
  /// 8 or 16, the latter in native order.
  int bit_depth;
  /// All rows, or NULL where `fill` gives them one by one.
  const void *samples;
  /// Writes the samples of row `y` to `row`, which has room for one; called once for each row, in their order.
  void (*fill)(void *context, uint32_t y, void *row);
  void *context;
  /// RGB triples, for a palette picture.
  const uint8_t *palette;
  int palette_count;
  /// 0…9.
  int compression;
} tessera_png_picture;

int tessera_png_write(const tessera_png_picture *picture, tessera_bytes *out, tessera_message message);

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
} tessera_jpeg_header;

int tessera_jpeg_read_header(
    const uint8_t *bytes, size_t count, tessera_jpeg_header *header, uint8_t *exif, size_t exif_capacity,
    tessera_message message);

/// Fills `size` bytes at `pixels`. Refuses more than `max_scans` scans and more than `max_memory` bytes of
/// working memory.
int tessera_jpeg_read_pixels(
    const uint8_t *bytes, size_t count, int max_scans, size_t max_memory, uint8_t *pixels, size_t size,
    tessera_message message);

/// 8-bit gray (1 channel) or RGB (3), quality 1…100.
int tessera_jpeg_write(
    const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int quality, tessera_bytes *out,
    tessera_message message);

#endif
