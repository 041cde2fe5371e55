// The load generator: connects listeners and senders to a chat server, keeps a number of messages in flight (or sends a
// number a second), and counts what arrives. It counts bytes, not messages; one listener of each room, the witness, parses
// every message, so that senders know what has arrived and latency is measured. On a WebSocket it counts the seqs that
// each frame says it holds (ws.h), since frames split the same events differently. Prints one JSON object.
//
// A payload is ^SSSSNNNNNNNNTTTTTTTTTTTTTTTT and padding: sender, number, nanoseconds of the monotonic clock.
//
// With --hold it prints "joined" once everybody has joined and is quiet, sends nothing, and leaves when its input ends.
// With --stalled N the last N listeners stop reading and --backlog messages are sent; then it sends at the rate, and
// measures twice: first so, then while the stalled ones catch up. With --joiners N, N more log in while it measures.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "usage.h"
#include "ws.h"

#define PAYLOAD 56
#define HEADER 29
#define READ_BYTES (256 * 1024)
#define LONGEST_SECONDS 60
#define MOST_UPGRADES 500 // at once: the server closes those that say no hello within ten seconds
#define MOST_LOG_INS 250 // by IRC, at once: each sends its password with its first line, and the server lets only so many wait
#define FIRST_JOINER 12000 // bench/seed.ts: from here on, accounts whose hash costs what it does in production
#define FIRST_IN_ROOMS 13000 // and from here on, accounts in rooms

typedef struct {
  int fd;
  int sender; // number, or -1 for a listener
  uint64_t heard; // bytes; on a WebSocket, events
  char *out;
  size_t out_length, out_sent, out_room;
  uint64_t sent, seen; // of a sender: messages
  char left_over[HEADER]; // of a witness: the beginning of an incomplete message
  size_t left;
  Frame frame;
  uint64_t upto; // the last seq it received
  int there; // whether its hello has been answered
} Peer;

static enum { LINE, NATS, IRC, RAW, WS } protocol;
static int listeners, senders, in_flight, server_pid, rooms, stalled, backlog, joiners, joined, hold;
static double seconds, warm_up, rate;
static const char *arrivals_path, *pass;
static struct sockaddr_in address;
static Peer *peers;
static int poll_fd;
static char buffer[READ_BYTES + 1];

static uint64_t *latencies;
static size_t latency_count, latency_room;
static size_t log_in_count, log_in_room;
static uint64_t *log_ins;
static uint64_t *arrivals;
static size_t arrival_count, arrival_room;
static uint64_t witness_messages;
static int measuring;

static void append(uint64_t **list, size_t *count, size_t *room, uint64_t value) {
  if (*count == *room) {
    *room = *room ? *room * 2 : 1 << 16;
    *list = realloc(*list, *room * sizeof **list);
    if (!*list) fail("memory");
  }
  (*list)[(*count)++] = value;
}

// --- joining ------------------------------------------------------------------------------------------------------

static void say(int fd, const char *text) {
  size_t length = strlen(text);
  if (write(fd, text, length) != (ssize_t)length) fail("write");
}

// Reads until one of the words has arrived.
static void hear(int fd, const char *wanted) {
  static char heard[1 << 16];
  size_t length = 0;
  for (;;) {
    ssize_t got = read(fd, heard + length, sizeof heard - 1 - length);
    if (got <= 0) {
      fprintf(stderr, "load: heard %.*s\n", (int)length, heard);
      fail("closed while joining");
    }
    length += got;
    heard[length] = 0;
    char *ping = protocol == IRC ? strstr(heard, "PING :") : NULL;
    if (ping && strchr(ping, '\n')) {
      char pong[256];
      snprintf(pong, sizeof pong, "PONG %.*s\r\n", (int)strcspn(ping + 5, "\r\n"), ping + 5);
      say(fd, pong);
      memcpy(ping, "pong", 4);
    }
    if (strstr(heard, wanted)) return;
    if (length > sizeof heard / 2) {
      memmove(heard, heard + length - 200, 200);
      length = 200;
    }
  }
}

// Joins in steps that all clients take together: some servers make a client wait for their next tick.

static int begin_joining(int number, int is_sender) {
  char text[256];
  int one = 1;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) fail("socket");
  if (connect(fd, (struct sockaddr *)&address, sizeof address)) fail("connect");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (protocol == LINE && rooms > 1) {
    int room = (number < listeners ? number : number - listeners) % rooms;
    snprintf(text, sizeof text, "1\nb%d\nx\n/unirse room%d\n", FIRST_IN_ROOMS + number, room);
  } else if (protocol == LINE) snprintf(text, sizeof text, "1\nb%d\nx\n", number);
  else if (protocol == IRC) {
    int length = pass ? snprintf(text, sizeof text, "PASS %s\r\n", pass) : 0;
    snprintf(text + length, sizeof text - length, "NICK b%d\r\nUSER b%d 0 * :b\r\n", number, number);
  } else if (protocol == NATS) {
    snprintf(text, sizeof text, "CONNECT {\"verbose\":false,\"pedantic\":false}\r\n%sPING\r\n",
             is_sender ? "" : "SUB bench 1\r\n");
  } else if (protocol == WS) strcpy(text, ws_upgrade);
  else text[0] = 0;
  say(fd, text);
  return fd;
}

static void say_hello(int fd, int number) {
  char token[TOKEN + 1], text[128], frame[WS_LONGEST];
  token_of(number, token);
  size_t length = ws_text(frame, text, snprintf(text, sizeof text, "{\"type\":\"hello\",\"token\":\"%s\"}", token));
  if (write(fd, frame, length) != (ssize_t)length) fail("write");
}

static void go_on_joining(int fd, int number) {
  if (protocol == WS) {
    hear(fd, "HTTP/1.1 101 "); // the server sends nothing more before hello
    say_hello(fd, number);
  } else if (protocol == IRC && !hold) { // idle clients stay in #general, where everybody is
    hear(fd, " 001 ");
    say(fd, "JOIN #bench\r\n");
  }
}

static void take(Peer *peer, const char *bytes, size_t length);

static void hear_hello(Peer *peer) {
  while (!peer->there) {
    ssize_t got = read(peer->fd, buffer, READ_BYTES);
    if (got <= 0) fail("closed while joining");
    take(peer, buffer, got);
  }
}

static void end_joining(Peer *peer) {
  if (protocol == LINE) hear(peer->fd, rooms > 1 ? "Estás en" : "Bienvenido");
  else if (protocol == IRC) hear(peer->fd, hold ? " #general :End" : " #bench :End"); // of its NAMES
  else if (protocol == NATS) hear(peer->fd, "PONG");
  else if (protocol == WS) hear_hello(peer);
  fcntl(peer->fd, F_SETFL, O_NONBLOCK);
}

// --- sending ------------------------------------------------------------------------------------------------------

static void flush(Peer *peer) {
  while (peer->out_sent < peer->out_length) {
    ssize_t done = write(peer->fd, peer->out + peer->out_sent, peer->out_length - peer->out_sent);
    if (done < 0) {
      if (errno == EAGAIN) return;
      fail("write");
    }
    peer->out_sent += done;
  }
  peer->out_length = peer->out_sent = 0;
}

static void queue(Peer *peer, const char *bytes, size_t length) {
  if (peer->out_length + length > peer->out_room) {
    peer->out_room = (peer->out_length + length) * 2;
    peer->out = realloc(peer->out, peer->out_room);
    if (!peer->out) fail("memory");
  }
  memcpy(peer->out + peer->out_length, bytes, length);
  peer->out_length += length;
}

// The payload's header, which no other has, is its key.
static int post_frame(char *frame, const char *payload) {
  char text[256];
  return ws_text(frame, text, snprintf(text, sizeof text,
      "{\"type\":\"post\",\"room\":1,\"text\":\"%s\",\"key\":\"%.*s\"}", payload, HEADER - 1, payload + 1));
}

static void send_some(Peer *peer, uint64_t count) {
  char payload[PAYLOAD + 1], text[WS_LONGEST];
  for (uint64_t i = 0; i < count; i++) {
    int length = snprintf(payload, sizeof payload, "^%04x%08llx%016llx", peer->sender,
                          (unsigned long long)peer->sent, (unsigned long long)now());
    memset(payload + length, 'x', PAYLOAD - length);
    payload[PAYLOAD] = 0;
    if (protocol == LINE || protocol == RAW) length = snprintf(text, sizeof text, "%s\n", payload);
    else if (protocol == WS) length = post_frame(text, payload);
    else if (protocol == NATS) length = snprintf(text, sizeof text, "PUB bench %d\r\n%s\r\n", PAYLOAD, payload);
    else length = snprintf(text, sizeof text, "PRIVMSG #bench :%s\r\n", payload);
    queue(peer, text, length);
    peer->sent++;
  }
  flush(peer);
}

// --- receiving ----------------------------------------------------------------------------------------------------

static int digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

static uint64_t hex(const char *text, int digits) {
  uint64_t value = 0;
  for (int i = 0; i < digits; i++) value = value << 4 | (uint64_t)digit(text[i]);
  return value;
}

// Listeners and senders sit in the rooms in turn; the first listener of each is its witness.
static Peer *witness_of(int peer) { return &peers[(peer < listeners ? peer : peer - listeners) % rooms]; }

static void witnessed(const char *header, uint64_t at) {
  Peer *sender = &peers[listeners + hex(header + 1, 4)];
  uint64_t number = hex(header + 5, 8);
  if (number != sender->seen) {
    fprintf(stderr, "load: message %llu of sender %d came after %llu\n", (unsigned long long)number, sender->sender,
            (unsigned long long)sender->seen);
    exit(2);
  }
  sender->seen++;
  witness_messages++;
  if (measuring) append(&latencies, &latency_count, &latency_room, at - hex(header + 13, 16));
  if (arrivals_path) append(&arrivals, &arrival_count, &arrival_room, at);
}

static void witness(Peer *peer, const char *bytes, size_t length) {
  uint64_t at = now();
  const char *end = bytes + length, *next = bytes;
  if (peer->left) {
    size_t missing = HEADER - peer->left;
    if (length < missing) {
      memcpy(peer->left_over + peer->left, bytes, length);
      peer->left += length;
      return;
    }
    memcpy(peer->left_over + peer->left, bytes, missing);
    peer->left = 0;
    witnessed(peer->left_over, at);
    next = bytes + missing;
  }
  while ((next = memchr(next, '^', end - next))) {
    if (end - next < HEADER) {
      peer->left = end - next;
      memcpy(peer->left_over, next, peer->left);
      return;
    }
    witnessed(next, at);
    next += HEADER;
  }
}

static void received(void *whose, ServerMessage message) {
  Peer *peer = whose;
  if (message.kind == WS_HELLO) peer->there = 1;
  else if (message.kind == WS_PING) {
    queue(peer, ws_pong, sizeof ws_pong);
    flush(peer);
  } else if (message.kind == WS_EVENTS) {
    if (peer->upto && message.after != peer->upto) fail("a hole between two frames");
    peer->heard += message.upto - message.after;
    peer->upto = message.upto;
  } else if (message.kind == WS_NO) {
    fprintf(stderr, "load: it was told %s\n", message.beginning);
    exit(1);
  }
}

static void witness_payload(void *whose, const char *bytes, size_t length) { witness(whose, bytes, length); }

static void take(Peer *peer, const char *bytes, size_t length) {
  int is_witness = peer - peers < rooms;
  if (protocol == WS) return ws_take(&peer->frame, bytes, length, peer, received, is_witness ? witness_payload : NULL);
  peer->heard += length;
  if (is_witness) witness(peer, bytes, length);
}

static void hear_log_in(Peer *peer) {
  ssize_t got = read(peer->fd, buffer, READ_BYTES);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) fail("a log-in was closed");
  buffer[got] = 0;
  if (peer->sent || !strstr(buffer, "Bienvenido")) return;
  peer->sent = now();
  joined++;
  append(&log_ins, &log_in_count, &log_in_room, peer->sent - peer->seen);
}

static void receive(Peer *peer) {
  if (peer - peers >= listeners + senders) return hear_log_in(peer);
  for (;;) {
    ssize_t got = read(peer->fd, buffer, READ_BYTES);
    if (got < 0) {
      if (errno == EAGAIN) return;
      fail("read");
    }
    if (got == 0) {
      errno = 0;
      fail(peer->sender < 0 ? "a listener was closed" : "a sender was closed");
    }
    take(peer, buffer, got);
    if (got < READ_BYTES) return;
  }
}

// Returns how many sockets were ready.
static int turn(int milliseconds) {
  struct epoll_event events[512];
  int count = epoll_wait(poll_fd, events, 512, milliseconds);
  for (int i = 0; i < count; i++) {
    Peer *peer = events[i].data.ptr;
    if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(peer);
    if (peer->out_length) flush(peer);
  }
  return count;
}

// --- measuring ----------------------------------------------------------------------------------------------------

// Resident, in bytes.
static uint64_t memory_of_server(void) {
  char path[64];
  unsigned long pages = 0;
  snprintf(path, sizeof path, "/proc/%d/statm", server_pid);
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  if (fscanf(file, "%*u %lu", &pages) != 1) pages = 0;
  fclose(file);
  return (uint64_t)pages * sysconf(_SC_PAGESIZE);
}

static uint64_t heard_by_listeners(void) {
  uint64_t sum = 0;
  for (int i = 0; i < listeners; i++) sum += peers[i].heard;
  return sum;
}

static uint64_t all_sent(void) {
  uint64_t sum = 0;
  for (int i = 0; i < senders; i++) sum += peers[listeners + i].sent;
  return sum;
}

static int nobody_stops(void) { return 0; }
static int backlog_is_sent(void) { return witness_messages >= (uint64_t)backlog; }
static int all_joined(void) { return joined == joiners; }

static uint64_t wanted;
static volatile int caught_up;
static int stalled_caught_up(void) { return caught_up; }

// The stalled ones read in a thread of their own, so that they do not delay the witness.
static void *catch_up(void *unused) {
  static char bytes[READ_BYTES];
  struct epoll_event events[64];
  int poll = epoll_create1(0), behind = stalled;
  for (int i = listeners - stalled; i < listeners; i++) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &peers[i]};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, peers[i].fd, &event)) fail("epoll");
  }
  for (;;) {
    int count = epoll_wait(poll, events, 64, -1);
    for (int i = 0; i < count; i++) {
      Peer *peer = events[i].data.ptr;
      ssize_t got = read(peer->fd, bytes, READ_BYTES);
      if (got <= 0) fail("a stalled listener was closed");
      uint64_t before = peer->heard;
      take(peer, bytes, got);
      if (before < wanted && peer->heard >= wanted) behind--;
    }
    caught_up = behind == 0;
  }
  return unused;
}

// Sends for that long, or until it is told to stop.
static void run(double duration, double rate, int (*stop)(void)) {
  uint64_t start = now(), end = start + (uint64_t)(duration * 1e9);
  uint64_t already = all_sent();
  for (uint64_t time; (time = now()) < end && !stop();) {
    if (rate > 0) {
      uint64_t due = already + (uint64_t)((time - start) / 1e9 * rate), total = all_sent();
      for (int i = 0; total < due; i = (i + 1) % senders, total++) send_some(&peers[listeners + i], 1);
      turn(1);
    } else {
      for (int i = 0; i < senders; i++) {
        Peer *sender = &peers[listeners + i];
        uint64_t out = sender->sent - sender->seen;
        if (out < (uint64_t)in_flight) send_some(sender, in_flight - out);
      }
      turn(100);
    }
  }
}

// Whether a witness has seen everything that was sent, and every listener has received as much as its room's witness.
static int64_t drain(void) {
  uint64_t end = now() + 20000000000u;
  int64_t missing = 1, unit = protocol == WS ? 1 : PAYLOAD;
  while (missing > 0 && now() < end) {
    turn(10);
    missing = 0;
    for (int i = 0; i < senders; i++) missing += peers[listeners + i].sent - peers[listeners + i].seen;
    for (int i = rooms; i < listeners; i++) {
      uint64_t all = witness_of(i)->heard;
      missing += llabs((long long)(all - peers[i].heard)) / unit + (all != peers[i].heard);
    }
  }
  return missing;
}

static void listen_to(int peer) {
  int is_sender = peer >= listeners && peer < listeners + senders;
  struct epoll_event event = {.events = EPOLLIN | (is_sender ? EPOLLOUT | EPOLLET : 0), .data.ptr = &peers[peer]};
  if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, peers[peer].fd, &event)) fail("epoll");
}

static void join_some(int from, int to) {
  for (int i = from; i < to; i++) {
    peers[i].sender = i < listeners ? -1 : i - listeners;
    peers[i].fd = begin_joining(i, i >= listeners);
  }
  for (int i = from; i < to; i++) go_on_joining(peers[i].fd, i);
  for (int i = from; i < to; i++) {
    end_joining(&peers[i]);
    listen_to(i);
  }
}

static void join(void) {
  int all = listeners + senders, step = protocol == WS ? MOST_UPGRADES : pass ? MOST_LOG_INS : all;
  for (int i = 0; i < all; i += step) {
    join_some(i, i + step < all ? i + step : all);
    while (protocol == IRC && turn(20) > 0) {} // the others are told who joined
  }
  for (uint64_t quiet = now(); now() - quiet < 700000000u;) { // everybody is told who joined, which does not count
    uint64_t before = heard_by_listeners();
    turn(50);
    if (heard_by_listeners() != before) quiet = now();
  }
  for (int i = 0; i < listeners; i++) peers[i].heard = 0;
}

// All at once; they are read while measuring continues.
static void begin_log_ins(void) {
  for (int i = listeners + senders; i < listeners + senders + joiners; i++) {
    peers[i].seen = now();
    peers[i].fd = begin_joining(FIRST_JOINER + i - listeners - senders, 0);
    fcntl(peers[i].fd, F_SETFL, O_NONBLOCK);
    listen_to(i);
  }
}

typedef struct {
  uint64_t start, heard, messages;
  double server, ours;
} Reading;

static Reading begin_reading(void) {
  measuring = 1;
  latency_count = 0;
  return (Reading){now(), heard_by_listeners(), witness_messages, cpu_of(server_pid), cpu_of_ours()};
}

// first, last: the numbers of the witness's messages, from 0.
static void end_reading(const char *name, Reading was) {
  measuring = 0;
  double took = (now() - was.start) / 1e9, size = 0;
  for (int i = 0; i < rooms; i++) size += peers[i].heard;
  if (witness_messages) size /= witness_messages;
  printf("\"%s\":{\"seconds\":%.3f,\"messages\":%.1f,\"deliveries\":%.1f,\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f,"
         "\"serverCpu\":%.3f,\"loadCpu\":%.3f,\"from\":%llu,\"to\":%llu,\"first\":%llu,\"last\":%llu},",
         name, took, (witness_messages - was.messages) / took,
         size > 0 ? (heard_by_listeners() - was.heard) / size / took : 0, percentile(latencies, latency_count, .5),
         percentile(latencies, latency_count, .99), percentile(latencies, latency_count, 1),
         (cpu_of(server_pid) - was.server) / took, (cpu_of_ours() - was.ours) / took, (unsigned long long)was.start / 1000,
         (unsigned long long)now() / 1000, (unsigned long long)was.messages,
         (unsigned long long)witness_messages);
}

static void stop_reading(void) {
  for (int i = listeners - stalled; i < listeners; i++) {
    if (epoll_ctl(poll_fd, EPOLL_CTL_DEL, peers[i].fd, NULL)) fail("epoll");
  }
}

static void measure(void) {
  if (stalled) stop_reading();
  if (backlog) run(LONGEST_SECONDS, 0, backlog_is_sent);
  else run(warm_up, rate, nobody_stops);
  if (joiners) run(1, rate, nobody_stops); // so that what is measured next begins in the steady state
  Reading reading = begin_reading();
  run(seconds, rate, nobody_stops);
  end_reading("measured", reading);
  if (stalled) {
    wanted = peers[0].heard;
    reading = begin_reading();
    pthread_t thread;
    if (pthread_create(&thread, NULL, catch_up, NULL)) fail("thread");
    run(LONGEST_SECONDS, rate, stalled_caught_up);
    end_reading("meanwhile", reading);
  }
  if (joiners) {
    reading = begin_reading();
    begin_log_ins();
    run(LONGEST_SECONDS, rate, all_joined);
    end_reading("meanwhile", reading);
  }
}

int main(int argc, char **argv) {
  const char *names[] = {"line", "nats", "irc", "raw", "ws"};
  int port = 0;
  seconds = 5, warm_up = 1, in_flight = 64, listeners = 100, senders = 1, rooms = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    const char *value = argv[i + 1];
    if (!strcmp(argv[i], "--protocol")) for (int p = 0; p < 5; p++) { if (!strcmp(value, names[p])) protocol = p; }
    else if (!strcmp(argv[i], "--port")) port = atoi(value);
    else if (!strcmp(argv[i], "--listeners")) listeners = atoi(value);
    else if (!strcmp(argv[i], "--senders")) senders = atoi(value);
    else if (!strcmp(argv[i], "--rooms")) rooms = atoi(value);
    else if (!strcmp(argv[i], "--stalled")) stalled = atoi(value);
    else if (!strcmp(argv[i], "--backlog")) backlog = atoi(value);
    else if (!strcmp(argv[i], "--joiners")) joiners = atoi(value);
    else if (!strcmp(argv[i], "--in-flight")) in_flight = atoi(value);
    else if (!strcmp(argv[i], "--rate")) rate = atof(value);
    else if (!strcmp(argv[i], "--seconds")) seconds = atof(value);
    else if (!strcmp(argv[i], "--warm-up")) warm_up = atof(value);
    else if (!strcmp(argv[i], "--hold")) hold = atoi(value);
    else if (!strcmp(argv[i], "--pid")) server_pid = atoi(value);
    else if (!strcmp(argv[i], "--arrivals")) arrivals_path = value;
    else if (!strcmp(argv[i], "--pass")) pass = value;
    else { fprintf(stderr, "load: no such option: %s\n", argv[i]); return 1; }
  }
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  poll_fd = epoll_create1(0);
  peers = calloc(listeners + senders + joiners, sizeof *peers);
  uint64_t memory = memory_of_server();
  join();
  double per_connection = ((double)memory_of_server() - memory) / (listeners + senders);
  if (hold) {
    puts("joined");
    fflush(stdout);
    struct pollfd input = {.fd = 0, .events = POLLIN};
    while (poll(&input, 1, 0) == 0) turn(100);
    return 0;
  }
  printf("{\"perConnection\":%.0f,", per_connection);
  measure();
  printf("\"logIn\":%.3f,\"joined\":%d,\"caughtUp\":%s,\"lost\":%lld}\n", percentile(log_ins, log_in_count, 1), joined,
         caught_up ? "true" : "false", (long long)drain());
  if (arrivals_path) {
    FILE *file = fopen(arrivals_path, "wb");
    if (!file || fwrite(arrivals, sizeof *arrivals, arrival_count, file) != arrival_count) fail("arrivals");
    fclose(file);
  }
  return 0;
}
