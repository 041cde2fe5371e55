// The upper bound: copies what one connection sends to all others. No parsing, no disk, no names.

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 20000

int main(int argc, char **argv) {
  static char buffer[256 * 1024];
  static int all[MOST];
  int count = 0, one = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(argc > 1 ? atoi(argv[1]) : 0)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int listener = socket(AF_INET, SOCK_STREAM, 0), poll_fd = epoll_create1(0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) return perror("listen"), 1;
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, listener, &event);
  puts("listening");
  fflush(stdout);
  for (;;) {
    struct epoll_event events[256];
    int ready = epoll_wait(poll_fd, events, 256, -1);
    for (int i = 0; i < ready; i++) {
      int from = events[i].data.fd;
      if (from == listener) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0 || count == MOST) return 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        all[count++] = fd;
        event.data.fd = fd;
        epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event);
        continue;
      }
      ssize_t got = read(from, buffer, sizeof buffer);
      if (got <= 0) {
        close(from);
        for (int other = 0; other < count; other++) if (all[other] == from) all[other--] = all[--count];
        continue;
      }
      for (int other = 0; other < count; other++) {
        if (all[other] == from) continue;
        for (ssize_t done = 0, now; done < got; done += now) {
          if ((now = write(all[other], buffer + done, got - done)) <= 0) return 0;
        }
      }
    }
  }
}
