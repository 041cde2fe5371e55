// The type of a file, by its content: names lie.

import { open } from 'node:fs/promises'
import { fileTypeFromBuffer } from 'file-type'

/** Bytes that are read of a file. Office documents, which are ZIP archives, say what they are within these. */
const HEAD = 64 * 1024
const [TEXT, UNKNOWN] = ['text/plain', 'application/octet-stream']
/** Types by another name. */
const STANDARD: Readonly<Record<string, string>> = { 'audio/x-m4a': 'audio/mp4' }
/** What a browser might run, or read as something that it runs. */
const ACTIVE = /^(text|multipart|message)\/|[/+](xml|html|javascript|ecmascript|wasm|x-shockwave-flash)$/
/** Texts that are something else, by how they begin. */
const TEXTUAL = /^(%PDF-\d|\{\\rtf\d|%!PS-Adobe-\d)/
/** All of C0 except tab, line feed, form feed and carriage return; DEL and C1. */
const CONTROLS = /[\0-\x08\x0b\x0e-\x1f\x7f-\x9f]/

/**
 * @param path a local file, of which the beginning is read
 * @returns its media type, without parameters: text/plain for any text in UTF-8, HTML and SVG included, and
 * application/octet-stream where it is not known
 */
export async function typeOf(path: string): Promise<string> {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0)
  return typeOfHead(buffer.subarray(0, bytesRead))
}

async function typeOfHead(head: Buffer): Promise<string> {
  // Before the signatures, of which some are two letters: "BM", "MZ".
  if (isText(head) && !TEXTUAL.test(head.toString('latin1', 0, 16))) return TEXT
  const found = await fileTypeFromBuffer(head).catch(() => undefined) // it ends too early, or is broken
  const type = found?.mime.split(';')[0] ?? UNKNOWN
  return ACTIVE.test(type) ? UNKNOWN : (STANDARD[type] ?? type)
}

function isText(head: Buffer): boolean {
  if (head.length === 0) return false
  try {
    // A stream: the last character may be cut.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: head.length === HEAD })
    return !CONTROLS.test(text)
  } catch {
    return false
  }
}
