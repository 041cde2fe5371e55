// A story for each command of the line door: what it does, what it says when a word is missing, and whom it refuses.
//
// ana is the owner of #club, where she and beto are; caro is in `general` only. The log of #club: #1 ana came, #2 beto
// came, #3 "hola" by ana, #4 "¿qué tal?" by beto.

import type { Name } from '../../src/doors/line/commands.ts'

export type Who = 'ana' | 'beto' | 'caro'

/** What each of them is shown because of it; who is not named is shown nothing. */
export type Shown = Readonly<Partial<Record<Who, string | RegExp>>>

export interface Scene {
  readonly who: Who
  /** One line after the other; only the last one is watched. */
  readonly types: readonly string[]
  readonly shown: Shown
}

export interface Story {
  readonly valid: readonly Scene[]
  /** Typed without a word that it needs; absent where it needs none. */
  readonly missing?: string
  /** Absent where nobody is refused. */
  readonly forbidden?: Scene
}

const NO = 'No tienes permiso para eso.\n'
const TIME = String.raw`\[\d{4}-\d\d-\d\d \d\d:\d\d\]`

function by(who: Who, types: string | readonly string[], shown: Shown): Scene {
  return { who, types: typeof types === 'string' ? [types] : types, shown }
}

/** The same line for those in the club. */
function inClub(line: string): Shown {
  return { ana: line, beto: line }
}

export const stories: Readonly<Record<Name, Story>> = {
  help: {
    valid: [
      by('beto', '/ayuda salas', { beto: '/salas — tus salas y las que hay\n' }),
      by('beto', '/help rooms', { beto: '/salas — tus salas y las que hay\n' }),
    ],
  },
  rooms: {
    valid: [
      by('ana', '/salas', { ana: '* Tus salas:\n  #general (4 personas)\n> #club (2 personas)\n' }),
      by('caro', '/salas', {
        caro: '* Tus salas:\n> #general (4 personas)\n* Otras salas:\n  #club (2 personas)\n',
      }),
      by('caro', ['/crear oculta cerrada', '/unirse general', '/rooms'], {
        caro: /> #general \(4 personas\)\n {2}#oculta \(1 persona, cerrada\)\n\* Otras/,
      }),
    ],
  },
  join: {
    valid: [
      by('caro', '/unirse #Club', { caro: '* Estás en #club.\n', ...inClub('* caro entró en #club.\n') }),
      by('beto', '/unirse general', { beto: '* Estás en #general.\n' }),
    ],
    missing: '/unirse',
    forbidden: by('caro', '/unirse secreta', { caro: 'No hay ninguna sala con ese nombre.\n' }),
  },
  leave: {
    valid: [
      by('beto', '/dejar', {
        ana: '* beto dejó #club.\n',
        beto: '* Estás en #general.\n* beto dejó #club.\n',
      }),
    ],
    forbidden: by('caro', '/dejar', {
      caro: 'Esa sala es de todos: nadie sale de ella, ni se saca a nadie, ni se le cambia el nombre.\n',
    }),
  },
  create: {
    valid: [
      by('beto', '/crear taller', { beto: '* Estás en #taller.\n' }),
      by('ana', '/crear avisos anuncios', { ana: /Estás en #avisos/ }),
    ],
    missing: '/crear',
    forbidden: by('caro', '/crear CLUB', { caro: 'Ya hay una sala con ese nombre.\n' }),
  },
  direct: {
    valid: [
      by('caro', '/privado ana ¿vienes?', { ana: '(privado) caro: ¿vienes?\n' }),
      by('ana', ['/privado caro', 'sí'], { caro: '(privado) ana: sí\n' }),
      by('beto', '/privado ana,caro los tres', {
        ana: '(privado) beto: los tres\n',
        caro: '(privado) beto: los tres\n',
      }),
    ],
    missing: '/privado',
    forbidden: by('caro', '/privado nadie hola', { caro: 'No hay nadie con ese nombre.\n' }),
  },
  who: {
    valid: [by('beto', '/quien', { beto: 'ana — Ana (en línea, dueño)\nbeto — Beto (en línea)\n' })],
  },
  topic: {
    valid: [
      by('beto', '/tema', { beto: '* La sala no tiene tema.\n' }),
      by('ana', '/tema Los lunes', inClub('* ana puso el tema de #club: Los lunes\n')),
      by('beto', '/tema', { beto: '* Tema: Los lunes\n' }),
      by('ana', '/tema -', inClub('* ana quitó el tema de #club.\n')),
    ],
    forbidden: by('beto', '/tema Mío', { beto: NO }),
  },
  bring: {
    valid: [
      by('beto', '/traer caro', {
        ...inClub('* beto trajo a caro a #club.\n'),
        caro: '* beto te trajo a #club.\n',
      }),
    ],
    missing: '/traer',
    forbidden: by('beto', '/traer ana', { beto: 'Ya está en esa sala.\n' }),
  },
  kick: {
    valid: [
      by('ana', '/sacar beto por ruido', {
        ana: '* ana sacó a beto de #club: por ruido\n',
        beto: '* ana sacó a beto de #club: por ruido\n* Ya no estás en #club. Elige otra sala: /unirse general\n',
      }),
    ],
    missing: '/sacar',
    forbidden: by('beto', '/sacar ana', { beto: NO }),
  },
  ban: {
    valid: [
      by('ana', '/vetar beto 7d ya basta', {
        ana: '* ana vetó a beto en #club: ya basta\n',
        beto: '* ana vetó a beto en #club: ya basta\n* Ya no estás en #club. Elige otra sala: /unirse general\n',
      }),
      by('beto', '/unirse club', { beto: 'Hay un veto en esa sala: no puede entrar.\n' }),
      by('ana', '/traer beto', {
        ana: '* ana trajo a beto a #club.\n',
        beto: '* ana te trajo a #club.\n',
      }),
    ],
    missing: '/vetar',
    forbidden: by('beto', '/vetar ana', { beto: NO }),
  },
  mute: {
    valid: [
      by('ana', '/callar beto', inClub('* ana silenció a beto por tiempo indefinido.\n')),
      by('beto', 'pero', { beto: 'No puedes escribir aquí: te silenciaron.\n' }),
      by('ana', '/callar beto 0', inClub('* ana le devolvió la palabra a beto.\n')),
      by('beto', 'gracias', { ana: 'beto: gracias\n' }),
    ],
    missing: '/callar',
    forbidden: by('beto', '/callar ana', { beto: NO }),
  },
  appoint: {
    valid: [
      by('ana', '/nombrar beto moderador', inClub('* ana hizo a beto moderador.\n')),
      by('beto', '/tema Ahora sí', inClub('* beto puso el tema de #club: Ahora sí\n')),
    ],
    missing: '/nombrar beto',
    forbidden: by('beto', '/nombrar beto dueño', { beto: NO }),
  },
  rename: {
    valid: [
      by('ana', '/renombrar peña', inClub('* ana renombró la sala: ahora es #peña.\n')),
      by('caro', '/unirse peña', { caro: '* Estás en #peña.\n', ...inClub('* caro entró en #peña.\n') }),
    ],
    missing: '/renombrar',
    forbidden: by('beto', '/renombrar mía', { beto: NO }),
  },
  archive: {
    valid: [
      by('ana', '/archivar', inClub('* ana archivó #club.\n')),
      by('beto', 'tarde', { beto: 'La sala está archivada: nadie escribe en ella.\n' }),
      by('ana', '/archivar no', inClub('* ana reabrió #club.\n')),
    ],
    forbidden: by('beto', '/archivar', { beto: NO }),
  },
  history: {
    valid: [
      by('beto', '/historial', {
        beto: new RegExp(`^#3 ${TIME} ana: hola\n#4 ${TIME} beto: ¿qué tal\\?\n$`),
      }),
      by('beto', '/historial 1', { beto: new RegExp(`^#4 ${TIME} beto: ¿qué tal\\?\n$`) }),
      by('beto', '/historial 5 #4', { beto: new RegExp(`^#3 ${TIME} ana: hola\n$`) }),
      by('caro', ['/crear vacía', '/historial 1000000000'], { caro: '* Nada.\n' }),
    ],
  },
  search: {
    valid: [
      by('beto', '/buscar HÓLA', { beto: new RegExp(`^#club #3 ${TIME} ana: hola\n$`) }),
      by('beto', '/buscar "que tal" de:beto en:club', {
        beto: new RegExp(`^#club #4 ${TIME} beto: ¿qué tal\\?\n$`),
      }),
      by('caro', '/buscar hola', { caro: '* Nada.\n' }),
    ],
    missing: '/buscar',
    forbidden: by('beto', '/buscar de:ana', { beto: 'Falta una palabra que buscar, o hay demasiadas.\n' }),
  },
  more: {
    valid: [by('beto', '/mas', { beto: '* No hay más.\n' })],
  },
  reply: {
    valid: [by('beto', '/responder 3 ¡hola!', { ana: 'beto → ana: ¡hola!\n' })],
    missing: '/responder 3',
    forbidden: by('beto', '/responder 99 ¿quién?', {
      beto: 'No hay ningún mensaje con ese número en esta sala.\n',
    }),
  },
  thread: {
    valid: [
      by('ana', ['/responder 4 bien', '/responder #5 y tú'], { beto: 'ana → ana: y tú\n' }),
      by('beto', '/hilo 6', {
        beto: new RegExp(
          `^#4 ${TIME} beto: ¿qué tal\\?\n#5 ${TIME} ana → beto: bien\n#6 ${TIME} ana → ana: y tú\n$`,
        ),
      }),
    ],
    missing: '/hilo',
    forbidden: by('caro', '/hilo 99', { caro: 'No hay ningún mensaje con ese número en esta sala.\n' }),
  },
  edit: {
    valid: [by('beto', '/editar 4 ¿cómo va?', inClub('* beto corrigió #4: ¿cómo va?\n'))],
    missing: '/editar 4',
    forbidden: by('beto', '/editar 3 adiós', { beto: 'Ese mensaje no es tuyo.\n' }),
  },
  erase: {
    valid: [
      by('beto', '/borrar 4', inClub('* beto borró #4\n')),
      by('beto', '/historial', { beto: new RegExp(`^#3 ${TIME} ana: hola\n$`) }),
    ],
    missing: '/borrar',
    forbidden: by('beto', '/borrar 3', { beto: NO }),
  },
  react: {
    valid: [
      by('ana', '/reaccionar 👍', inClub('* ana reaccionó 👍 a #4\n')),
      by('beto', '/reaccionar ❤ 3', inClub('* beto reaccionó ❤️ a #3\n')),
      by('beto', '/reaccionar -❤ 3', inClub('* beto quitó ❤️ de #3\n')),
      by('beto', '/reaccionar -❤ 3', { beto: '* Ya estaba así.\n' }),
    ],
    missing: '/reaccionar',
    forbidden: by('beto', '/reaccionar jaja 3', { beto: 'Eso no es un emoji.\n' }),
  },
  pin: {
    valid: [
      by('ana', '/fijar 4', inClub('* ana fijó #4\n')),
      by('ana', '/fijar -4', inClub('* ana desfijó #4\n')),
    ],
    missing: '/fijar',
    forbidden: by('beto', '/fijar 4', { beto: NO }),
  },
  pins: {
    valid: [
      by('beto', '/fijados', { beto: '* Nada.\n' }),
      by('ana', '/fijar 3', inClub('* ana fijó #3\n')),
      by('beto', '/fijados', { beto: new RegExp(`^#3 ${TIME} ana: hola\n$`) }),
    ],
  },
  paste: {
    valid: [
      by('beto', '/pegar', { beto: '* Pega el texto. Una línea con un solo punto lo envía.\n' }),
      by('beto', ['uno', '/dos', '', '.'], { ana: 'beto: uno\nbeto| /dos\nbeto| \n' }),
    ],
  },
}
