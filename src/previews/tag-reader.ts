// The tags and texts of a page, one after the other, in a time that is linear in its length, whatever is in it. What is open
// meanwhile is not kept: htmlparser2's Parser looks through all open elements at many a tag, and half a megabyte may hold a
// hundred thousand of them. Its Tokenizer only goes forward, but for the name of a character, which it may read twice; each
// of its events costs us the length of what it names, and we keep nothing but one tag.

import { Tokenizer } from 'htmlparser2'

/** UTF-16 units kept of one value: more than anything is shown of it. */
const LONGEST_VALUE = 4096

export type Attributes = ReadonlyMap<string, string>

/** Names are in small letters, of attributes the first of each name counts. Nothing is said after `stop`. */
export interface TagListener {
  opened(name: string, attributes: Attributes): void
  /** Between tags, in pieces. */
  text(text: string): void
  closed(name: string): void
}

export class TagReader {
  readonly #wanted: ReadonlySet<string>
  readonly #listener: TagListener
  /** What was written behind the last `>`, which waits for the next one, so that no name is cut in two. */
  #rest: string[] = []
  /** What the tokenizer reads, and how much it has read before: it says where things are, counted from the first unit. */
  #text = ''
  #before = 0
  #name = ''
  #attributes = new Map<string, string>()
  #attribute = ''
  #value = ''

  readonly #tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname: (start, end) => {
        this.#name = this.#slice(start, end).toLowerCase()
        this.#attributes = new Map()
      },
      onattribname: (start, end) => {
        this.#attribute = this.#slice(start, end).toLowerCase()
        this.#value = ''
      },
      onattribdata: (start, end) => {
        this.#value = appended(this.#value, this.#slice(start, end))
      },
      onattribentity: codePoint => {
        this.#value = appended(this.#value, String.fromCodePoint(codePoint))
      },
      onattribend: () => {
        if (this.#wanted.has(this.#attribute) && !this.#attributes.has(this.#attribute))
          this.#attributes.set(this.#attribute, this.#value)
      },
      onopentagend: () => this.#opened(),
      onselfclosingtag: () => this.#opened(), // which HTML takes for one that opens
      onclosetag: (start, end) => this.#listener.closed(this.#slice(start, end).toLowerCase()),
      ontext: (start, end) => this.#listener.text(this.#slice(start, end)),
      ontextentity: codePoint => this.#listener.text(String.fromCodePoint(codePoint)),
      oncdata: ignore,
      oncomment: ignore,
      ondeclaration: ignore,
      onprocessinginstruction: ignore,
      onend: ignore,
    },
  )

  /** @param wanted the attributes that are kept, in small letters */
  constructor(wanted: ReadonlySet<string>, listener: TagListener) {
    this.#wanted = wanted
    this.#listener = listener
  }

  /** Says what there is up to the last `>`. */
  write(text: string): void {
    const end = text.lastIndexOf('>') + 1
    this.#rest.push(end === 0 ? text : text.slice(0, end))
    if (end === 0) return
    this.end()
    this.#rest.push(text.slice(end))
  }

  /** Says what is left; a tag that is cut off is none. */
  end(): void {
    const text = this.#rest.join('')
    this.#rest = []
    this.#before += this.#text.length
    this.#text = text
    this.#tokenizer.write(text)
  }

  /** Whatever follows is not read. */
  stop(): void {
    this.#tokenizer.pause()
  }

  get isDone(): boolean {
    return !this.#tokenizer.running
  }

  #opened(): void {
    this.#listener.opened(this.#name, this.#attributes)
  }

  #slice(start: number, end: number): string {
    return this.#text.slice(start - this.#before, end - this.#before)
  }
}

/** No more than LONGEST_VALUE of both: a value may come in half a million pieces. */
export function appended(value: string, more: string): string {
  const room = LONGEST_VALUE - value.length
  return room > 0 ? value + more.slice(0, room) : value
}

function ignore(): void {}
