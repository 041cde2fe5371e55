// How our terminal client identifies itself.

/**
 * The first bytes that it sends: a telnet terminal type, without being asked for it (RFC 1091). It speaks no other telnet.
 * What is typed there is Markdown; what netcat and telnet send is plain text.
 */
export const TERMINAL_CLIENT = Uint8Array.of(
  255,
  250,
  24,
  0,
  ...new TextEncoder().encode('TERTULIA'),
  255,
  240,
)
