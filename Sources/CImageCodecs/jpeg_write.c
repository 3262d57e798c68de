#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#include "bytes.h"

/// All that a write holds, so that no local variable lives across the jump.
typedef struct {
  struct jpeg_error_mgr errors;
  struct jpeg_destination_mgr destination;
  struct jpeg_compress_struct encoder;
  jmp_buf jump;
  tessera_bytes *out;
  int status;
  tessera_message message;
  uint8_t buffer[16384];
} jpeg_writer;

static void fail(j_common_ptr common) {
  jpeg_writer *writer = common->client_data;
  char text[JMSG_LENGTH_MAX];
  common->err->format_message(common, text);
  int memory = common->err->msg_code == JERR_OUT_OF_MEMORY;
  writer->status = memory ? TESSERA_CODEC_NO_MEMORY : TESSERA_CODEC_UNSUPPORTED;
  tessera_say(writer->message, text);
  longjmp(writer->jump, 1);
}

static void report(j_common_ptr common, int level) {
  (void)common;
  (void)level;
}

static void give(j_compress_ptr encoder, size_t count) {
  jpeg_writer *writer = encoder->client_data;
  if (!tessera_bytes_append(writer->out, writer->buffer, count)) {
    writer->status = TESSERA_CODEC_NO_MEMORY;
    tessera_say(writer->message, "out of memory");
    longjmp(writer->jump, 1);
  }
  writer->destination.next_output_byte = writer->buffer;
  writer->destination.free_in_buffer = sizeof writer->buffer;
}

static void start(j_compress_ptr encoder) { give(encoder, 0); }

static boolean empty(j_compress_ptr encoder) {
  jpeg_writer *writer = encoder->client_data;
  give(encoder, sizeof writer->buffer);
  return TRUE;
}

static void finish(j_compress_ptr encoder) {
  jpeg_writer *writer = encoder->client_data;
  give(encoder, sizeof writer->buffer - writer->destination.free_in_buffer);
}

static void write_pixels(
    jpeg_writer *writer, const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int quality) {
  if (setjmp(writer->jump)) return;
  struct jpeg_compress_struct *encoder = &writer->encoder;
  jpeg_create_compress(encoder);
  encoder->dest = &writer->destination;
  encoder->image_width = width;
  encoder->image_height = height;
  encoder->input_components = channels;
  encoder->in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(encoder);
  jpeg_set_quality(encoder, quality, TRUE);
  jpeg_start_compress(encoder, TRUE);
  size_t row = (size_t)width * (size_t)channels;
  while (encoder->next_scanline < height) {
    JSAMPROW line = (JSAMPROW)(pixels + encoder->next_scanline * row);
    jpeg_write_scanlines(encoder, &line, 1);
  }
  jpeg_finish_compress(encoder);
}

int tessera_jpeg_write(
    const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int quality, tessera_bytes *out,
    tessera_message message) {
  jpeg_writer writer;
  memset(&writer, 0, sizeof writer);
  writer.out = out;
  writer.message = message;
  writer.encoder.err = jpeg_std_error(&writer.errors);
  writer.encoder.client_data = &writer;
  writer.errors.error_exit = fail;
  writer.errors.emit_message = report;
  writer.destination.init_destination = start;
  writer.destination.empty_output_buffer = empty;
  writer.destination.term_destination = finish;
  write_pixels(&writer, pixels, width, height, channels, quality);
  jpeg_destroy_compress(&writer.encoder);
  if (writer.status != TESSERA_CODEC_OK) tessera_bytes_free(out);
  return writer.status;
}
