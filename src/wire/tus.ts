// tus, by which clients upload files (tus.io/protocols/resumable-upload).

export const TUS_VERSION = '1.0.0'
/** The type of a body that is a piece of an upload. */
export const CHUNK_TYPE = 'application/offset+octet-stream'
