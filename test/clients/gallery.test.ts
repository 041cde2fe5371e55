// What a room has of one kind, read page by page while new messages come.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refused } from '../../src/clients/client/refused.ts'
import { Gallery } from '../../src/clients/web/model/gallery.ts'
import type { Message } from '../../src/wire/schemas.ts'

const message = (seq: number) => ({ kind: 'message', seq }) as Message

function seqsOf({ messages }: Gallery): readonly number[] {
  return messages.map(({ seq }) => seq)
}

/** A room with the messages from 1 to `last`, two on a page. */
function room(last: number): Gallery {
  return new Gallery(async have => {
    const from = (have.at(-1)?.seq ?? last + 1) - 1
    const messages = [from, from - 1].filter(seq => seq > 0).map(message)
    return { messages, more: from > 2 }
  })
}

test('a message that comes before the first page was read does not pass for all that there is', async () => {
  const gallery = room(4)
  gallery.add(message(4))
  assert.deepEqual(seqsOf(gallery), [])
  await gallery.more()
  assert.deepEqual(seqsOf(gallery), [4, 3])
  await gallery.more()
  gallery.add(message(5))
  assert.deepEqual(seqsOf(gallery), [5, 4, 3, 2, 1])
})

test('one that comes while the first page is read is there once, whether that page has it or not', async () => {
  const gallery = room(4)
  const reading = gallery.more()
  for (const seq of [4, 5, 6]) gallery.add(message(seq))
  gallery.remove(6)
  assert.deepEqual(seqsOf(gallery), [])
  await reading
  assert.deepEqual(seqsOf(gallery), [5, 4, 3])
})

test('a first page that was refused is read again from the beginning', async () => {
  const have: number[] = []
  const gallery = new Gallery(async ({ length }) => {
    have.push(length)
    if (have.length === 1) throw new Refused('busy')
    return { messages: [message(2), message(1)], more: false }
  })
  const reading = gallery.more()
  gallery.add(message(2))
  await reading
  assert.equal(gallery.error, 'busy')
  assert.deepEqual(seqsOf(gallery), [])
  await gallery.more()
  assert.deepEqual(have, [0, 0])
  assert.deepEqual(seqsOf(gallery), [2, 1])
})

test('an edited message is there once in its order, unless the page that has it is still to be read', async () => {
  const gallery = room(4)
  gallery.replace(message(4))
  assert.deepEqual(seqsOf(gallery), [])
  await gallery.more()
  gallery.add(message(7))
  for (const seq of [2, 3, 5]) gallery.replace(message(seq))
  assert.deepEqual(seqsOf(gallery), [7, 5, 4, 3])
  await gallery.more()
  assert.deepEqual(seqsOf(gallery), [7, 5, 4, 3, 2, 1])
})
