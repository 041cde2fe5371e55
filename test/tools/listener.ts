// A client in one room that keeps a number for each seq that it receives, and notices doubled or disordered ones.

import assert from 'node:assert/strict'
import { Client } from '../../src/clients/client/client.ts'
import type { Web } from './web-client.ts'

/** A client's knowledge of the room: a number for each seq. */
export class Listener {
  readonly client: Client
  readonly numbers = new Map<number, number>()
  readonly told = new Set<number>()
  #lastTold = 0
  readonly disordered: number[] = []
  readonly doubled: number[] = []
  last = 0
  readonly #reading: Web

  /** @param reading a member of the room, for reading pages after a reset */
  constructor(web: Web, reading: Web) {
    this.#reading = reading
    const token = web.token ?? assert.fail()
    this.client = new Client(
      { server: web.origin, token, cursors: [{ room: 1, epoch: '', seq: 0 }] },
      {
        event: event => event.kind === 'message' && this.#note(event.seq, event.text),
        reset: () => void this.#readAnew(this.last),
      },
    )
  }

  #note(seq: number, text: string): void {
    if (this.told.has(seq)) this.doubled.push(seq)
    if (seq < this.#lastTold) this.disordered.push(seq)
    this.#lastTold = seq
    this.told.add(seq)
    this.numbers.set(seq, Number(text))
    this.last = Math.max(this.last, seq)
  }

  /** Reads the pages since that seq, after a reset. */
  async #readAnew(seq: number): Promise<void> {
    const path = `/rooms/1/messages?after=${seq}&limit=200`
    const { messages } = await this.#reading.do('GET', path).catch(() => ({ messages: undefined }))
    if (!messages) return void setTimeout(() => this.#readAnew(seq), 200) // the server is down again
    for (const each of messages) this.numbers.set(each.seq, Number(each.text))
    if (messages.length === 200) await this.#readAnew(messages.at(-1).seq)
  }
}

/** Asserts that all know the same of the room, each number once, and acknowledged ones under their seqs. */
export function mustAgree(
  listeners: readonly Listener[],
  { posts, acknowledged }: { posts: number; acknowledged: ReadonlyMap<number, { readonly seq: number }> },
): void {
  const [first = assert.fail()] = listeners
  assert.equal(first.numbers.size, posts, 'nothing is there twice')
  assert.equal(new Set(first.numbers.values()).size, posts, 'everything is there once')
  for (const [number, { seq }] of acknowledged) assert.equal(first.numbers.get(seq), number)
  for (const each of listeners) {
    assert.deepEqual(each.doubled, [])
    assert.deepEqual(each.disordered, [])
    for (const [seq, number] of first.numbers) assert.equal(each.numbers.get(seq), number)
  }
}

/** Issues `count` tokens of one person, for listeners who post. */
export async function tokensOf(person: Web, count: number): Promise<string[]> {
  const issued = Array.from({ length: count }, (_, i) =>
    person.do('POST', '/me/tokens', { name: `c${i}`, scope: 'write' }),
  )
  return (await Promise.all(issued)).map(({ token }) => token)
}
