// Clients that reconnect after a restart: as soon as the server listens, all connect at once, say hello with a cursor, and
// wait until they have received everything they missed. Prints one JSON object; its times count from the moment that the
// server first accepted a connection.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include "usage.h"
#include "ws.h"

#define READ_BYTES (256 * 1024)
#define LONGEST_NS 60000000000u

typedef struct {
  int fd, account;
  enum { CONNECTING, UPGRADING, COMING, THERE } state;
  Frame frame;
  uint64_t upto;
} Client;

static int clients = 1000, port, there;
static const char *epoch = "";
static uint64_t after, upto, start;
static uint64_t *took;
static char buffer[READ_BYTES + 1];

static void say_hello(Client *client) {
  char token[TOKEN + 1], text[512], frame[WS_LONGEST];
  token_of(client->account, token);
  int length = snprintf(text, sizeof text,
                        "{\"type\":\"hello\",\"token\":\"%s\",\"cursors\":[{\"room\":1,\"epoch\":\"%s\",\"seq\":%llu}]}",
                        token, epoch, (unsigned long long)after);
  size_t size = ws_text(frame, text, length);
  if (write(client->fd, frame, size) != (ssize_t)size) fail("write");
}

static void received(void *whose, ServerMessage message) {
  Client *client = whose;
  if (message.kind == WS_NO) fail(message.beginning);
  if (message.kind != WS_EVENTS || client->state == THERE) return;
  if (message.after != client->upto) fail("a hole between two frames, or the cursor was not taken");
  client->upto = message.upto;
  if (client->upto < upto) return;
  client->state = THERE;
  took[there++] = now() - start;
}

static void hear(Client *client) {
  ssize_t got = read(client->fd, buffer, READ_BYTES);
  if (got <= 0) fail("closed");
  buffer[got] = 0;
  if (client->state != UPGRADING) return ws_take(&client->frame, buffer, got, client, received, NULL);
  if (strncmp(buffer, "HTTP/1.1 101 ", 13) || !strstr(buffer, "\r\n\r\n")) fail("no upgrade");
  client->state = COMING; // the server sends nothing before hello
  say_hello(client);
}

static void connected(Client *client, int poll_fd) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(client->fd, SOL_SOCKET, SO_ERROR, &error, &size);
  errno = error;
  if (error) fail("connect");
  client->state = UPGRADING;
  if (write(client->fd, ws_upgrade, sizeof ws_upgrade - 1) != sizeof ws_upgrade - 1) fail("write");
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
  if (epoll_ctl(poll_fd, EPOLL_CTL_MOD, client->fd, &event)) fail("epoll");
}

static struct sockaddr_in address(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static void wait_for_the_server(void) {
  struct sockaddr_in to = address();
  for (uint64_t end = now() + LONGEST_NS; now() < end; usleep(1000)) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int refused = connect(fd, (struct sockaddr *)&to, sizeof to);
    start = now();
    close(fd);
    if (!refused) return;
  }
  fail("it never listened");
}

static void begin(Client *client, int account, int poll_fd) {
  struct sockaddr_in to = address();
  int one = 1;
  client->account = account;
  client->upto = after;
  client->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (client->fd < 0) fail("socket");
  setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  struct epoll_event event = {.events = EPOLLOUT, .data.ptr = client};
  if (connect(client->fd, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS) fail("connect");
  if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, client->fd, &event)) fail("epoll");
}

int main(int argc, char **argv) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const char *value = argv[i + 1];
    if (!strcmp(argv[i], "--port")) port = atoi(value);
    else if (!strcmp(argv[i], "--clients")) clients = atoi(value);
    else if (!strcmp(argv[i], "--epoch")) epoch = value;
    else if (!strcmp(argv[i], "--after")) after = strtoull(value, NULL, 10);
    else if (!strcmp(argv[i], "--upto")) upto = strtoull(value, NULL, 10);
    else { fprintf(stderr, "back: no such option: %s\n", argv[i]); return 1; }
  }
  int poll_fd = epoll_create1(0);
  Client *all = calloc(clients, sizeof *all);
  took = calloc(clients, sizeof *took);
  wait_for_the_server();
  for (int i = 0; i < clients; i++) begin(&all[i], i, poll_fd);
  struct epoll_event events[256];
  while (there < clients && now() - start < LONGEST_NS) {
    int count = epoll_wait(poll_fd, events, 256, 100);
    for (int i = 0; i < count; i++) {
      Client *client = events[i].data.ptr;
      if (client->state == CONNECTING) connected(client, poll_fd);
      else hear(client);
    }
  }
  printf("{\"there\":%d,\"first\":%.3f,\"half\":%.3f,\"all\":%.3f}\n", there, percentile(took, there, 0) / 1e3,
         percentile(took, there, .5) / 1e3, percentile(took, there, 1) / 1e3);
  return 0;
}
