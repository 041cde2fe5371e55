// How our terminal client says who it is.

/**
 * Its first bytes: the name of its terminal, in telnet and without being asked (RFC 1091). What is typed there is
 * Markdown, and what netcat and telnet send is plain. It speaks no telnet besides.
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
