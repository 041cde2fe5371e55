// How the line door shows what happens.

import type { Happening } from '../../core/model.ts'
import { printable } from '../../wire/printable.ts'
import type { Wording } from '../../wording/es.ts'

/** The lines that show it, ends included. Nothing in it can pass for somebody else's line. */
export function show(happening: Happening, wording: Wording): string {
  switch (happening.kind) {
    case 'message': {
      const { username } = happening.author
      const text = printable(happening.text)
      return `${username}: ${text.includes('\n') ? text.replaceAll('\n', `\n${username}| `) : text}\n`
    }
    case 'removal':
      return `${wording.removed(happening.person.username)}\n`
    case 'presence': {
      const { username } = happening.person
      return `${happening.online ? wording.came(username) : wording.left(username)}\n`
    }
  }
}
