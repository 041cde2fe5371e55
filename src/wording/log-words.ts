// The web app's words about the moderation log: they come with the panel, not with the first page.

import { acts as en } from './acts-en.ts'
import { type ActsWording, acts as es } from './acts-es.ts'

interface LogWords {
  readonly acts: ActsWording
  readonly none: string
  readonly more: string
  readonly person: string
  readonly show: string
  readonly everybody: string
  /** For people and screen readers: whom the log is filtered by. */
  readonly onlyOf: (username: string) => string
  readonly inRoom: (room: string) => string
  /** What somebody did in a room, as part of the sentence. */
  readonly erased: (by: string, whom: string) => string
  readonly muted: (by: string, whom: string, until: string) => string
  readonly unmuted: (by: string, whom: string) => string
  readonly appointed: (by: string, whom: string, role: string) => string
  /** Who changed the room: the sentence says what. */
  readonly changed: (by: string, what: string) => string
}

export const logWords = {
  es: {
    acts: es,
    none: 'No hay nada en el registro.',
    more: 'Mostrar anteriores',
    person: 'De una persona',
    show: 'Filtrar',
    everybody: 'De todos',
    onlyOf: username => `Solo lo que hizo ${username}, o lo que se le hizo.`,
    inRoom: room => `en #${room}`,
    erased: (by, whom) => `${by} borró un mensaje de ${whom}.`,
    muted: (by, whom, until) => `${by} silenció a ${whom} ${until}.`,
    unmuted: (by, whom) => `${by} le devolvió la palabra a ${whom}.`,
    appointed: (by, whom, role) => `${by} hizo a ${whom} ${role}.`,
    changed: (by, what) => `${by}: ${what}`,
  },
  en: {
    acts: en,
    none: 'There is nothing in the log.',
    more: 'Show earlier ones',
    person: 'Of one person',
    show: 'Filter',
    everybody: 'Of everybody',
    onlyOf: username => `Only what ${username} did, or what was done about them.`,
    inRoom: room => `in #${room}`,
    erased: (by, whom) => `${by} deleted a message by ${whom}.`,
    muted: (by, whom, until) => `${by} muted ${whom} ${until}.`,
    unmuted: (by, whom) => `${by} unmuted ${whom}.`,
    appointed: (by, whom, role) => `${by} made ${whom} a ${role}.`,
    changed: (by, what) => `${by}: ${what}`,
  },
} satisfies Readonly<Record<'es' | 'en', LogWords>>
