// Bounds that clients know beforehand. They are the core's (a test compares them), which clients may not import.

/** Attachments of one message. */
export const MOST_ATTACHMENTS = 10
/** Of an alternative text, in code points. */
export const LONGEST_ALT = 1500
