// The web app's words about keeping a room in order: they come with what shows them, not with the first page.

import { acts as en } from './acts-en.ts'
import { type ActsWording, acts as es } from './acts-es.ts'

interface ModerationWords {
  readonly acts: ActsWording
  /** The moderation log. */
  readonly log: {
    readonly none: string
    readonly more: string
    readonly person: string
    readonly show: string
    readonly everybody: string
    /** Whom the log is filtered by. */
    readonly onlyOf: (username: string) => string
    readonly inRoom: (room: string) => string
    /** What somebody did in a room. */
    readonly erased: (by: string, whom: string) => string
    readonly muted: (by: string, whom: string, until: string) => string
    readonly unmuted: (by: string, whom: string) => string
    readonly appointed: (by: string, whom: string, role: string) => string
    /** Who changed the room: the sentence says what. */
    readonly changed: (by: string, what: string) => string
  }
  readonly ban: Discipline
  readonly mute: Discipline
  readonly end: string
  readonly ends: Readonly<Record<'hour' | 'day' | 'week' | 'date' | 'ever', string>>
  readonly lastDay: string
  readonly reason: string
  readonly reasonHint: string
  /** Somebody else had done it already. */
  readonly alreadySo: string
  readonly mutedUntil: (until: string) => string
  readonly banned: {
    readonly title: string
    readonly none: string
    readonly about: (until: string, by: string | undefined, reason: string) => string
    readonly lift: string
    readonly liftOf: (username: string) => string
    readonly lifted: (username: string) => string
  }
  readonly pace: {
    readonly silenced: (until: string) => string
    readonly other: (seconds: number) => string
  }
}

interface Discipline {
  readonly title: (username: string, room: string) => string
  readonly text: (username: string) => string
  readonly yes: string
  readonly done: (username: string) => string
}

export const moderationWords: Readonly<Record<'es' | 'en', ModerationWords>> = {
  es: {
    acts: es,
    log: {
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
    ban: {
      title: (username, room) => `Vetar a ${username} en #${room}`,
      text: username => `${username} sale de la sala y no puede volver hasta que termine el veto.`,
      yes: 'Vetar',
      done: username => `${username} ya no está en la sala.`,
    },
    mute: {
      title: (username, room) => `Callar a ${username} en #${room}`,
      text: username => `Hasta entonces ${username} puede leer la sala, pero no escribir en ella.`,
      yes: 'Callar',
      done: username => `${username} no puede escribir en la sala.`,
    },
    end: 'Hasta cuándo',
    ends: {
      hour: 'Una hora',
      day: 'Un día',
      week: 'Una semana',
      date: 'Hasta una fecha',
      ever: 'Sin fin',
    },
    lastDay: 'Último día',
    reason: 'Motivo (opcional)',
    reasonHint: 'Lo lee toda la sala.',
    alreadySo: 'Ya era así: alguien lo hizo antes.',
    mutedUntil: until => `No puede escribir ${until}.`,
    banned: {
      title: 'Personas vetadas',
      none: 'No hay nadie vetado.',
      about: (until, by, reason) =>
        `Vetado ${until}${by === undefined ? '' : ` por ${by}`}${reason === '' ? '.' : `: ${reason}`}`,
      lift: 'Levantar el veto',
      liftOf: username => `Levantar el veto a ${username}`,
      lifted: username => `${username} puede volver a la sala.`,
    },
    pace: {
      silenced: until => `La sala está en silencio ${until}.`,
      other: seconds => `${seconds} segundos`,
    },
  },
  en: {
    acts: en,
    log: {
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
      appointed: (by, whom, role) => `${by} made ${whom} ${role}.`,
      changed: (by, what) => `${by}: ${what}`,
    },
    ban: {
      title: (username, room) => `Ban ${username} from #${room}`,
      text: username => `${username} is removed from the room and cannot come back until the ban ends.`,
      yes: 'Ban',
      done: username => `${username} is no longer in the room.`,
    },
    mute: {
      title: (username, room) => `Mute ${username} in #${room}`,
      text: username => `Until then ${username} can read the room, but not write in it.`,
      yes: 'Mute',
      done: username => `${username} cannot write in the room.`,
    },
    end: 'Until when',
    ends: { hour: 'One hour', day: 'One day', week: 'One week', date: 'Until a date', ever: 'For good' },
    lastDay: 'Last day',
    reason: 'Reason (optional)',
    reasonHint: 'The whole room reads it.',
    alreadySo: 'It was so already: somebody did it before you.',
    mutedUntil: until => `Cannot write ${until}.`,
    banned: {
      title: 'Banned people',
      none: 'Nobody is banned.',
      about: (until, by, reason) =>
        `Banned ${until}${by === undefined ? '' : ` by ${by}`}${reason === '' ? '.' : `: ${reason}`}`,
      lift: 'Lift the ban',
      liftOf: username => `Lift the ban on ${username}`,
      lifted: username => `${username} can come back to the room.`,
    },
    pace: {
      silenced: until => `The room is silenced ${until}.`,
      other: seconds => `${seconds} seconds`,
    },
  },
}
