// Load over HTTP/1.1: connections that stay open, each with its own account and one request in flight, post messages or
// read pages of history. It counts complete responses, by their Content-Length. Prints one JSON object.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "usage.h"
#include "ws.h"

#define READ_BYTES (256 * 1024)
#define LONGEST_HEAD 4096
#define TEXT "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" // as long as in load.c

typedef struct {
  int fd;
  char token[TOKEN + 1];
  char head[LONGEST_HEAD + 1]; // of the current response
  size_t length;
  size_t body; // bytes of it still to come
  uint64_t asked; // when, in nanoseconds
  uint64_t requests;
} Client;

static int clients = 16, port, server_pid, pages; // 0: post instead
static uint64_t before; // the newest page ends before this seq
static double seconds = 3, warm_up = 1;
static uint64_t *latencies, answers, errors;
static size_t room;
static int poll_fd, measuring;

static void ask(Client *client) {
  char text[512];
  int length;
  if (pages) {
    length = snprintf(text, sizeof text,
                      "GET /api/v1/rooms/1/messages?before=%llu&limit=50 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                      "Authorization: Bearer %s\r\n\r\n",
                      (unsigned long long)(before - client->requests % pages * 50), port, client->token);
  } else {
    static const char body[] = "{\"text\":\"" TEXT "\"}";
    length = snprintf(text, sizeof text,
                      "POST /api/v1/rooms/1/messages HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n"
                      "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                      port, client->token, sizeof body - 1, body);
  }
  client->requests++;
  client->asked = now();
  if (write(client->fd, text, length) != length) fail("write");
}

static void answered(Client *client) {
  if (measuring) {
    if (answers == room) {
      room = room ? room * 2 : 1 << 16;
      latencies = realloc(latencies, room * sizeof *latencies);
      if (!latencies) fail("memory");
    }
    latencies[answers++] = now() - client->asked;
  }
  ask(client);
}

// Parses a complete head: its status, and the length of the body.
static size_t body_of(const char *head) {
  const char *length = strcasestr(head, "\r\ncontent-length: ");
  if (!length) fail("an answer without Content-Length");
  if (strncmp(head, pages ? "HTTP/1.1 200 " : "HTTP/1.1 201 ", 13)) {
    if (!errors++) fprintf(stderr, "http: the first that failed: %.300s\n", head);
  }
  return strtoul(length + 18, NULL, 10);
}

static void take(Client *client, const char *bytes, size_t length) {
  if (client->body == 0) {
    size_t part = ws_less(length, LONGEST_HEAD - client->length);
    memcpy(client->head + client->length, bytes, part);
    client->head[client->length + part] = 0;
    const char *end = strstr(client->head, "\r\n\r\n");
    if (!end) {
      client->length += part;
      if (client->length == LONGEST_HEAD) fail("a long head");
      return;
    }
    client->body = body_of(client->head);
    size_t head = end + 4 - client->head - client->length; // of these bytes
    client->length = 0;
    length -= head;
  }
  if (length > client->body) fail("more than one answer");
  client->body -= length;
  if (client->body == 0) answered(client);
}

static void run(double duration) {
  static char buffer[READ_BYTES];
  struct epoll_event events[256];
  for (uint64_t end = now() + (uint64_t)(duration * 1e9); now() < end;) {
    int count = epoll_wait(poll_fd, events, 256, 100);
    for (int i = 0; i < count; i++) {
      Client *client = events[i].data.ptr;
      ssize_t got = read(client->fd, buffer, READ_BYTES);
      if (got <= 0) fail("closed");
      take(client, buffer, got);
    }
  }
}

static void begin(Client *client, int account) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int one = 1;
  token_of(account, client->token);
  client->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (client->fd < 0 || connect(client->fd, (struct sockaddr *)&address, sizeof address)) fail("connect");
  setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
  if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, client->fd, &event)) fail("epoll");
  ask(client);
}

int main(int argc, char **argv) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const char *value = argv[i + 1];
    if (!strcmp(argv[i], "--port")) port = atoi(value);
    else if (!strcmp(argv[i], "--pid")) server_pid = atoi(value);
    else if (!strcmp(argv[i], "--clients")) clients = atoi(value);
    else if (!strcmp(argv[i], "--pages")) pages = atoi(value);
    else if (!strcmp(argv[i], "--before")) before = strtoull(value, NULL, 10);
    else if (!strcmp(argv[i], "--seconds")) seconds = atof(value);
    else if (!strcmp(argv[i], "--warm-up")) warm_up = atof(value);
    else { fprintf(stderr, "http: no such option: %s\n", argv[i]); return 1; }
  }
  poll_fd = epoll_create1(0);
  Client *all = calloc(clients, sizeof *all);
  for (int i = 0; i < clients; i++) begin(&all[i], i);
  run(warm_up);
  double server = cpu_of(server_pid), ours = cpu_of_ours();
  uint64_t start = now();
  measuring = 1;
  run(seconds);
  double took = (now() - start) / 1e9;
  printf("{\"requests\":%.1f,\"p50\":%.3f,\"p99\":%.3f,\"errors\":%llu,\"serverCpu\":%.3f,\"loadCpu\":%.3f,"
         "\"from\":%llu,\"to\":%llu}\n",
         answers / took, percentile(latencies, answers, .5), percentile(latencies, answers, .99),
         (unsigned long long)errors, (cpu_of(server_pid) - server) / took, (cpu_of_ours() - ours) / took,
         (unsigned long long)start / 1000, (unsigned long long)now() / 1000);
  return 0;
}
