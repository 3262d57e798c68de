#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#include "bytes.h"
#include "source.h"

/// All that a read holds, so that no local variable lives across the jump.
struct tessera_jpeg_reader {
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  struct jpeg_source_mgr manager;
  struct jpeg_decompress_struct decoder;
  jmp_buf jump;
  tessera_input input;
  int max_scans;
  int status;
  tessera_message message;
  /// The part of a file that is looked at.
  uint8_t buffer[1 << 16];
};

static void refuse(tessera_jpeg_reader *reader, int status, const char *text) {
  reader->status = status;
  tessera_say(reader->message, text);
  longjmp(reader->jump, 1);
}

static void fail(j_common_ptr common) {
  tessera_jpeg_reader *reader = common->client_data;
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
  tessera_jpeg_reader *reader = common->client_data;
  if (reader->decoder.input_scan_number <= reader->max_scans) return;
  char text[64];
  snprintf(text, sizeof text, "more than %d scans", reader->max_scans);
  refuse(reader, TESSERA_CODEC_UNSUPPORTED, text);
}

/// Gives libjpeg the next bytes: all of them of memory, the buffer full of a file.
static boolean fill(j_decompress_ptr decoder) {
  tessera_jpeg_reader *reader = decoder->client_data;
  ptrdiff_t count = 0;
  if (reader->input.source.bytes == NULL) {
    count = tessera_input_read(&reader->input, reader->buffer, sizeof reader->buffer);
    if (count < 0) refuse(reader, TESSERA_CODEC_SYSTEM, strerror(errno));
  }
  if (count == 0) WARNMS(decoder, JWRN_JPEG_EOF);
  reader->manager.next_input_byte = reader->buffer;
  reader->manager.bytes_in_buffer = (size_t)count;
  return TRUE;
}

static void skip(j_decompress_ptr decoder, long count) {
  tessera_jpeg_reader *reader = decoder->client_data;
  struct jpeg_source_mgr *manager = &reader->manager;
  if (count <= 0) return;
  size_t here = (size_t)count < manager->bytes_in_buffer ? (size_t)count : manager->bytes_in_buffer;
  manager->next_input_byte += here;
  manager->bytes_in_buffer -= here;
  reader->input.offset += (size_t)count - here;
}

static void do_nothing(j_decompress_ptr decoder) { (void)decoder; }

static void set_source(tessera_jpeg_reader *reader, tessera_source source) {
  reader->input.source = source;
  struct jpeg_source_mgr *manager = &reader->manager;
  if (source.bytes != NULL) {
    manager->next_input_byte = source.bytes;
    manager->bytes_in_buffer = source.count;
  }
  manager->init_source = do_nothing;
  manager->fill_input_buffer = fill;
  manager->skip_input_data = skip;
  manager->resync_to_restart = jpeg_resync_to_restart;
  manager->term_source = do_nothing;
  reader->decoder.src = manager;
}

/// Bytes of the coefficients of a picture that comes in several scans, all of which have to be kept.
static uint64_t coefficient_bytes(struct jpeg_decompress_struct *decoder) {
  if (!jpeg_has_multiple_scans(decoder)) return 0;
  uint64_t blocks = 0;
  for (int i = 0; i < decoder->num_components; i++) {
    const jpeg_component_info *component = &decoder->comp_info[i];
    uint64_t across = component->width_in_blocks + (uint64_t)component->h_samp_factor - 1;
    uint64_t down = component->height_in_blocks + (uint64_t)component->v_samp_factor - 1;
    blocks += across * down;
  }
  return blocks * DCTSIZE2 * sizeof(JCOEF);
}

static void describe(
    tessera_jpeg_reader *reader, tessera_jpeg_header *header, uint8_t *exif, size_t exif_capacity) {
  struct jpeg_decompress_struct *decoder = &reader->decoder;
  header->width = decoder->output_width;
  header->height = decoder->output_height;
  header->channels = (uint8_t)decoder->output_components;
  header->arithmetic = decoder->arith_code ? 1 : 0;
  header->coefficient_bytes = coefficient_bytes(decoder);
  for (jpeg_saved_marker_ptr marker = decoder->marker_list; marker != NULL; marker = marker->next) {
    if (marker->data_length < 6 || memcmp(marker->data, "Exif\0", 5) != 0) continue;
    header->exif_count = marker->data_length < exif_capacity ? marker->data_length : exif_capacity;
    if (exif != NULL) memcpy(exif, marker->data, header->exif_count);
    break;
  }
}

/// Reads up to the pixels and sets what they become.
static void begin(
    tessera_jpeg_reader *reader, tessera_source source, tessera_jpeg_header *header, uint8_t *exif,
    size_t exif_capacity) {
  if (setjmp(reader->jump)) return;
  struct jpeg_decompress_struct *decoder = &reader->decoder;
  jpeg_create_decompress(decoder);
  decoder->progress = &reader->progress;
  set_source(reader, source);
  jpeg_save_markers(decoder, JPEG_APP0 + 1, 0xFFFF);
  jpeg_read_header(decoder, TRUE);
  switch (decoder->jpeg_color_space) {
    case JCS_GRAYSCALE: decoder->out_color_space = JCS_GRAYSCALE; break;
    case JCS_RGB:
    case JCS_YCbCr: decoder->out_color_space = JCS_RGB; break;
    case JCS_CMYK:
    case JCS_YCCK: decoder->out_color_space = JCS_CMYK; break;
    default: refuse(reader, TESSERA_CODEC_UNSUPPORTED, "an unknown color space");
  }
  jpeg_calc_output_dimensions(decoder);
  describe(reader, header, exif, exif_capacity);
}

int tessera_jpeg_open(
    tessera_source source, tessera_jpeg_header *header, uint8_t *exif, size_t exif_capacity,
    tessera_jpeg_reader **opened, tessera_message message) {
  memset(header, 0, sizeof *header);
  *opened = NULL;
  tessera_jpeg_reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) {
    tessera_say(message, "out of memory");
    return TESSERA_CODEC_NO_MEMORY;
  }
  reader->message = message;
  reader->max_scans = 1;
  reader->decoder.err = jpeg_std_error(&reader->errors);
  reader->decoder.client_data = reader;
  reader->errors.error_exit = fail;
  reader->errors.emit_message = report;
  reader->progress.progress_monitor = count_scans;
  begin(reader, source, header, exif, exif_capacity);
  header->precision = (uint8_t)reader->decoder.data_precision;
  int status = reader->status;
  if (status == TESSERA_CODEC_OK) {
    *opened = reader;
  } else {
    tessera_jpeg_close(reader);
  }
  return status;
}

int tessera_jpeg_start(
    tessera_jpeg_reader *reader, int max_scans, size_t max_memory, tessera_message message) {
  reader->message = message;
  reader->max_scans = max_scans;
  if (reader->status != TESSERA_CODEC_OK || setjmp(reader->jump)) return reader->status;
  struct jpeg_decompress_struct *decoder = &reader->decoder;
  decoder->mem->max_memory_to_use = (long)max_memory;
  jpeg_start_decompress(decoder);
  for (int i = 0; decoder->coef_bits != NULL && i < decoder->num_components; i++) {
    if (decoder->coef_bits[i][0] < 0) refuse(reader, TESSERA_CODEC_DAMAGED, "a component has no data");
  }
  return TESSERA_CODEC_OK;
}

int tessera_jpeg_read_row(tessera_jpeg_reader *reader, uint8_t *row, tessera_message message) {
  reader->message = message;
  if (reader->status != TESSERA_CODEC_OK || setjmp(reader->jump)) return reader->status;
  jpeg_read_scanlines(&reader->decoder, &row, 1);
  return TESSERA_CODEC_OK;
}

int tessera_jpeg_finish(tessera_jpeg_reader *reader, tessera_message message) {
  reader->message = message;
  if (reader->status != TESSERA_CODEC_OK || setjmp(reader->jump)) return reader->status;
  jpeg_finish_decompress(&reader->decoder);
  return TESSERA_CODEC_OK;
}

void tessera_jpeg_close(tessera_jpeg_reader *reader) {
  if (reader == NULL) return;
  jpeg_destroy_decompress(&reader->decoder);
  free(reader);
}

int tessera_jpeg_read_header(
    tessera_source source, tessera_jpeg_header *header, uint8_t *exif, size_t exif_capacity,
    tessera_message message) {
  tessera_jpeg_reader *reader;
  int status = tessera_jpeg_open(source, header, exif, exif_capacity, &reader, message);
  tessera_jpeg_close(reader);
  return status;
}

static int read_rows(
    tessera_jpeg_reader *reader, int max_scans, size_t max_memory, uint8_t *pixels, size_t size,
    tessera_message message) {
  struct jpeg_decompress_struct *decoder = &reader->decoder;
  size_t row = (size_t)decoder->output_width * (size_t)decoder->output_components;
  if (row == 0 || size / row != decoder->output_height || size % row != 0) {
    tessera_say(message, "the size changed between two reads");
    return TESSERA_CODEC_DAMAGED;
  }
  int status = tessera_jpeg_start(reader, max_scans, max_memory, message);
  for (size_t y = 0; status == TESSERA_CODEC_OK && y < decoder->output_height; y++) {
    status = tessera_jpeg_read_row(reader, pixels + y * row, message);
  }
  return status == TESSERA_CODEC_OK ? tessera_jpeg_finish(reader, message) : status;
}

int tessera_jpeg_read_pixels(
    tessera_source source, int max_scans, size_t max_memory, uint8_t *pixels, size_t size,
    tessera_message message) {
  tessera_jpeg_header header;
  tessera_jpeg_reader *reader;
  int status = tessera_jpeg_open(source, &header, NULL, 0, &reader, message);
  if (status != TESSERA_CODEC_OK) return status;
  status = read_rows(reader, max_scans, max_memory, pixels, size, message);
  tessera_jpeg_close(reader);
  return status;
}
