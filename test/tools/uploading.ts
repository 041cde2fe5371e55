// Uploading files as scripts do.

import assert from 'node:assert/strict'
import type { Web } from './web-client.ts'

/** Bytes of no known type. */
export function bytesOf(length: number): Buffer {
  return Buffer.alloc(length, 'loro')
}

/** Uploads a file, which no message has yet. @returns its id */
export async function upload(web: Web, name: string, bytes: Uint8Array): Promise<string> {
  const answer = await fetch(`${web.origin}/api/v1/uploads`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${web.token}`,
      'Tus-Resumable': '1.0.0',
      'Upload-Length': `${bytes.length}`,
      'Upload-Metadata': `filename ${Buffer.from(name).toString('base64')}`,
      'Content-Type': 'application/offset+octet-stream',
    },
    body: bytes as Uint8Array<ArrayBuffer>,
  })
  assert.equal(answer.status, 201, await answer.text())
  return (answer.headers.get('location') ?? '').split('/').at(-1) ?? ''
}
