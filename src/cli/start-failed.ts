/** The server can't start; the message is for people, on one line. */
export class StartFailed extends Error {}
