// The client's side of a WebSocket (RFC 6455; docs/protocol.md). Of a received frame only the beginning is parsed: it says
// which of the room's events the frame holds, so that they are counted exactly and the rest is skipped.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WS_HEADER 10 // bytes at most, of a frame that is not masked
#define WS_BEGINNING 80 // bytes of a payload: {"type":"events","room":R,"after":A,"upto":U,
#define WS_LONGEST 4096 // bytes of a frame that is sent, header included
#define TOKEN 43

static const char ws_upgrade[] =
    "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
static const char ws_pong[] = {(char)0x8a, (char)0x80, 1, 2, 3, 4};

// bench/seed.ts: the account's name, padded.
static void token_of(int account, char *token) {
  int length = sprintf(token, "b%d", account);
  memset(token + length, '_', TOKEN - length);
  token[TOKEN] = 0;
}

// Writes the text as one frame, masked as a browser would: a mask of zeros would cost the server less. Returns its length.
static size_t ws_text(char *frame, const char *text, size_t length) {
  static const char mask[] = {0x5b, 0x19, 0x72, 0x2d};
  size_t header = length < 126 ? 2 : 4;
  if (header + 4 + length > WS_LONGEST) abort();
  frame[0] = (char)0x81;
  frame[1] = (char)(0x80 | (header == 2 ? length : 126));
  if (header == 4) frame[2] = (char)(length >> 8), frame[3] = (char)length;
  memcpy(frame + header, mask, 4);
  for (size_t i = 0; i < length; i++) frame[header + 4 + i] = text[i] ^ mask[i & 3];
  return header + 4 + length;
}

typedef struct {
  enum { WS_OTHER, WS_HELLO, WS_EVENTS, WS_PING, WS_NO } kind;
  uint64_t after, upto; // of events
  const char *beginning;
} ServerMessage;

// The part of the current frame that has arrived.
typedef struct {
  char start[WS_HEADER + WS_BEGINNING + 1];
  uint32_t length; // bytes of the beginning that have arrived
  uint64_t rest; // bytes of the payload after the beginning that have not
} Frame;

// The number after the words; NULL if they are missing.
static const char *ws_number(const char *text, const char *words, uint64_t *number) {
  size_t length = strlen(words);
  if (!text || strncmp(text, words, length)) return NULL;
  char *end;
  *number = strtoull(text + length, &end, 10);
  return end;
}

static ServerMessage ws_parse(int opcode, const char *text) {
  ServerMessage message = {.kind = WS_OTHER, .beginning = text};
  if (opcode == 9) message.kind = WS_PING;
  if (opcode == 8) message.kind = WS_NO;
  if (opcode != 1) return message;
  if (!strncmp(text, "{\"type\":\"hello\"", 15)) message.kind = WS_HELLO;
  else if (!strncmp(text, "{\"type\":\"bye\"", 13) || !strncmp(text, "{\"type\":\"refused\"", 17)) message.kind = WS_NO;
  else if (!strncmp(text, "{\"type\":\"events\"", 16)) {
    uint64_t room;
    const char *next = ws_number(text, "{\"type\":\"events\",\"room\":", &room);
    next = ws_number(next, ",\"after\":", &message.after);
    message.kind = ws_number(next, ",\"upto\":", &message.upto) ? WS_EVENTS : WS_NO;
  }
  return message;
}

static size_t ws_less(uint64_t a, uint64_t b) { return a < b ? a : b; }

// Bytes of the frame's header and of its payload, as far as what has arrived tells.
static uint64_t ws_header(const Frame *frame, uint64_t *size) {
  const unsigned char *start = (const unsigned char *)frame->start;
  uint64_t header = frame->length < 2 || start[1] < 126 ? 2 : start[1] == 126 ? 4 : 10;
  *size = 0;
  if (frame->length < header) return header;
  if (header == 2) *size = start[1];
  for (uint64_t i = 2; i < header; i++) *size = *size << 8 | start[i];
  return header;
}

// Takes bytes as they arrive. Reports each frame whose beginning is complete and, if wanted, all payload bytes.
static void ws_take(Frame *frame, const char *bytes, size_t length, void *whose, void (*tell)(void *whose, ServerMessage message),
                    void (*payload)(void *whose, const char *bytes, size_t length)) {
  for (const char *end = bytes + length; bytes < end;) {
    if (frame->rest) {
      size_t part = ws_less(frame->rest, end - bytes);
      if (payload) payload(whose, bytes, part);
      frame->rest -= part;
      bytes += part;
      continue;
    }
    uint64_t size, header = ws_header(frame, &size);
    size_t part = ws_less(header + ws_less(size, WS_BEGINNING) - frame->length, end - bytes);
    memcpy(frame->start + frame->length, bytes, part);
    frame->length += part;
    bytes += part;
    header = ws_header(frame, &size);
    size_t beginning = ws_less(size, WS_BEGINNING);
    if (frame->length < header + beginning) continue;
    frame->start[header + beginning] = 0;
    tell(whose, ws_parse(frame->start[0] & 15, frame->start + header));
    if (payload) payload(whose, frame->start + header, beginning);
    frame->rest = size - beginning;
    frame->length = 0;
  }
}
