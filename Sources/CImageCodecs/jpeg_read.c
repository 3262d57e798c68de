#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#include "bytes.h"

/// All that a read holds, so that no local variable lives across the jump.
typedef struct {
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  struct jpeg_decompress_struct decoder;
  jmp_buf jump;
  int max_scans;
  int status;
  tessera_message message;
} jpeg_reader;

static void refuse(jpeg_reader *reader, int status, const char *text) {
  reader->status = status;
  tessera_say(reader->message, text);
  longjmp(reader->jump, 1);
}

static void fail(j_common_ptr common) {
  jpeg_reader *reader = common->client_data;
  char text[JMSG_LENGTH_MAX];
  common->err->format_message(common, text);
  switch (common->err->msg_code) {
    case JERR_BAD_PRECISION: refuse(reader, TESSERA_CODEC_PRECISION, text);
    case JERR_SOF_UNSUPPORTED:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_CCIR601_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL: refuse(reader, TESSERA_CODEC_UNSUPPORTED, text);
    case JERR_OUT_OF_MEMORY:
    case JERR_NO_BACKING_STORE: refuse(reader, TESSERA_CODEC_NO_MEMORY, text);
    case JERR_INPUT_EMPTY:
    case JERR_INPUT_EOF:
    case JWRN_JPEG_EOF: refuse(reader, TESSERA_CODEC_CUT_OFF, text);
    default: refuse(reader, TESSERA_CODEC_DAMAGED, text);
  }
}

/// Warnings about the pixels are errors: libjpeg goes on with gray. The others are about headers.
static void report(j_common_ptr common, int level) {
  if (level >= 0) return;
  switch (common->err->msg_code) {
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_ADOBE_XFORM:
    case JWRN_JFIF_MAJOR:
    case JWRN_BOGUS_ICC:
    case JWRN_TOO_MUCH_DATA: return;
    default: fail(common);
  }
}

/// A few bytes can hold a scan over the whole picture, so that thousands of them take hours.
static void count_scans(j_common_ptr common) {
  jpeg_reader *reader = common->client_data;
  if (reader->decoder.input_scan_number <= reader->max_scans) return;
  char text[64];
  snprintf(text, sizeof text, "more than %d scans", reader->max_scans);
  refuse(reader, TESSERA_CODEC_UNSUPPORTED, text);
}

static void begin(jpeg_reader *reader, const uint8_t *bytes, size_t count) {
  jpeg_create_decompress(&reader->decoder);
  reader->decoder.progress = &reader->progress;
  jpeg_mem_src(&reader->decoder, bytes, count);
  jpeg_save_markers(&reader->decoder, JPEG_APP0 + 1, 0xFFFF);
  jpeg_read_header(&reader->decoder, TRUE);
  switch (reader->decoder.jpeg_color_space) {
    case JCS_GRAYSCALE: reader->decoder.out_color_space = JCS_GRAYSCALE; break;
    case JCS_RGB:
    case JCS_YCbCr: reader->decoder.out_color_space = JCS_RGB; break;
    case JCS_CMYK:
    case JCS_YCCK: reader->decoder.out_color_space = JCS_CMYK; break;
    default: refuse(reader, TESSERA_CODEC_UNSUPPORTED, "an unknown color space");
  }
  jpeg_calc_output_dimensions(&reader->decoder);
}

static void set_up(jpeg_reader *reader, tessera_message message) {
  memset(reader, 0, sizeof *reader);
  reader->message = message;
  reader->max_scans = 1;
  reader->decoder.err = jpeg_std_error(&reader->errors);
  reader->decoder.client_data = reader;
  reader->errors.error_exit = fail;
  reader->errors.emit_message = report;
  reader->progress.progress_monitor = count_scans;
}

static void read_header(
    jpeg_reader *reader, const uint8_t *bytes, size_t count, tessera_jpeg_header *header, uint8_t *exif,
    size_t exif_capacity) {
  if (setjmp(reader->jump)) return;
  begin(reader, bytes, count);
  header->width = reader->decoder.output_width;
  header->height = reader->decoder.output_height;
  header->channels = (uint8_t)reader->decoder.output_components;
  header->arithmetic = reader->decoder.arith_code ? 1 : 0;
  for (jpeg_saved_marker_ptr marker = reader->decoder.marker_list; marker != NULL; marker = marker->next) {
    if (marker->data_length < 6 || memcmp(marker->data, "Exif\0", 5) != 0) continue;
    header->exif_count = marker->data_length < exif_capacity ? marker->data_length : exif_capacity;
    memcpy(exif, marker->data, header->exif_count);
    break;
  }
}

int tessera_jpeg_read_header(
    const uint8_t *bytes, size_t count, tessera_jpeg_header *header, uint8_t *exif, size_t exif_capacity,
    tessera_message message) {
  jpeg_reader reader;
  set_up(&reader, message);
  memset(header, 0, sizeof *header);
  read_header(&reader, bytes, count, header, exif, exif_capacity);
  header->precision = (uint8_t)reader.decoder.data_precision;
  jpeg_destroy_decompress(&reader.decoder);
  return reader.status;
}

static void read_pixels(
    jpeg_reader *reader, const uint8_t *bytes, size_t count, size_t max_memory, uint8_t *pixels,
    size_t size) {
  if (setjmp(reader->jump)) return;
  begin(reader, bytes, count);
  struct jpeg_decompress_struct *decoder = &reader->decoder;
  decoder->mem->max_memory_to_use = (long)max_memory;
  size_t row = (size_t)decoder->output_width * (size_t)decoder->output_components;
  if (row == 0 || size / row != decoder->output_height || size % row != 0) {
    refuse(reader, TESSERA_CODEC_DAMAGED, "the size changed between two reads");
  }
  jpeg_start_decompress(decoder);
  for (int i = 0; decoder->coef_bits != NULL && i < decoder->num_components; i++) {
    if (decoder->coef_bits[i][0] < 0) refuse(reader, TESSERA_CODEC_DAMAGED, "a component has no data");
  }
  while (decoder->output_scanline < decoder->output_height) {
    JSAMPROW line = pixels + decoder->output_scanline * row;
    jpeg_read_scanlines(decoder, &line, 1);
  }
  jpeg_finish_decompress(decoder);
}

int tessera_jpeg_read_pixels(
    const uint8_t *bytes, size_t count, int max_scans, size_t max_memory, uint8_t *pixels, size_t size,
    tessera_message message) {
  jpeg_reader reader;
  set_up(&reader, message);
  reader.max_scans = max_scans;
  read_pixels(&reader, bytes, count, max_memory, pixels, size);
  jpeg_destroy_decompress(&reader.decoder);
  return reader.status;
}
