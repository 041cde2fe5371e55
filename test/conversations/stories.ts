// A story for each command of the line door: what it does, what it says when a word is missing, and whom it refuses.
//
// ana is the owner of #club, where she and beto are; caro is in `general` only, as is eva, whom nobody watches. The log of #club: #1 ana came, #2 beto
// came, #3 "hola" by ana, #4 "¿qué tal?" by beto.

import type { CommandName } from '../../src/doors/line/commands/context.ts'

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
  readonly forbidden: Scene | 'nobody is refused'
}

const NO = 'No tienes permiso para eso.\n'
const NO_GUESTS = 'Para eso hace falta una cuenta: un invitado no abre salas ni trae a nadie.\n'
const NO_HOURS = 'Eso no es un horario. Se escribe así: lun-vie 07:00-12:00 14:00-18:00; sáb 09:00-12:00\n'
const NO_CALL = 'El enlace de una llamada empieza con https:// y tiene como mucho 500 caracteres.\n'
const TIME = String.raw`\[\d{4}-\d\d-\d\d \d\d:\d\d\]`

function by(who: Who, types: string | readonly string[], shown: Shown): Scene {
  return { who, types: typeof types === 'string' ? [types] : types, shown }
}

/** The same line for those in the club. */
function inClub(line: string | RegExp): Shown {
  return { ana: line, beto: line }
}

export const stories: Readonly<Record<CommandName, Story>> = {
  help: {
    valid: [
      by('beto', '/ayuda salas', { beto: '/salas — tus salas y las que hay\n' }),
      by('beto', '/help rooms', { beto: '/salas — tus salas y las que hay\n' }),
    ],
    forbidden: 'nobody is refused',
  },
  rooms: {
    valid: [
      by('ana', '/salas', { ana: '* Tus salas:\n  #general (5 personas)\n> #club (2 personas)\n' }),
      by('caro', '/salas', {
        caro: '* Tus salas:\n> #general (5 personas)\n* Otras salas:\n  #club (2 personas)\n',
      }),
      by('caro', ['/crear oculta cerrada', '/unirse general', '/rooms'], {
        caro: /> #general \(5 personas\)\n {2}#oculta \(1 persona, cerrada\)\n\* Otras/,
      }),
    ],
    forbidden: 'nobody is refused',
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
        ana: '(grupo) beto: los tres\n',
        caro: '(grupo) beto: los tres\n',
      }),
    ],
    missing: '/privado',
    forbidden: by('caro', '/privado nadie hola', { caro: 'No hay nadie con ese nombre.\n' }),
  },
  who: {
    valid: [by('beto', '/quien', { beto: 'ana — Ana (en línea, dueño)\nbeto — Beto (en línea)\n' })],
    forbidden: by('caro', '/quien club', { caro: 'No estás en esa sala.\n' }),
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
  ask: {
    valid: [
      by('beto', '/convidar caro', {
        beto: '* Invitaste a caro a #club.\n',
        caro: '* beto te invita a #club: /unirse #club o /declinar #club\n',
      }),
    ],
    missing: '/convidar',
    forbidden: by('beto', '/convidar ana', { beto: 'Ya está en esa sala.\n' }),
  },
  decline: {
    valid: [by('caro', '/declinar club', { caro: '* Ya estaba así.\n' })],
    missing: '/declinar',
    forbidden: by('caro', '/declinar nada', { caro: 'No hay ninguna sala con ese nombre.\n' }),
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
        ana: /^\* ana vetó a beto en #club hasta \d{4}-\d\d-\d\d \d\d:\d\d: ya basta\n$/,
        beto: /^\* ana vetó a beto en #club hasta [^\n]+: ya basta\n\* Ya no estás en #club\. Elige otra sala: \/unirse general\n$/,
      }),
      by('beto', '/unirse club', { beto: 'Hay un veto en esa sala: no se puede entrar.\n' }),
      by('ana', '/traer beto', {
        ana: '* ana trajo a beto a #club.\n',
        beto: '* ana te trajo a #club.\n',
      }),
      by('ana', ['/vetar beto', '/patrones'], { ana: /^veto beto — ana, .*\n$/ }),
      by('ana', '/vetar -beto', { ana: '* ana levantó el veto a beto en #club.\n' }),
      by('beto', '/unirse club', { beto: '* Estás en #club.\n', ana: '* beto entró en #club.\n' }),
    ],
    missing: '/vetar juan* ruido',
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
      by('beto', ['/traer caro', '/nombrar caro ayudante'], { beto: NO }),
      by('beto', '/nombrar caro vocero', {
        ...inClub('* beto hizo a caro vocero.\n'),
        caro: '#club * beto hizo a caro vocero.\n',
      }),
      by('ana', '/nombrar beto ayudante', {
        ...inClub('* ana hizo a beto ayudante.\n'),
        caro: '#club * ana hizo a beto ayudante.\n',
      }),
      by('beto', '/callar caro 1h', {
        ...inClub(/^\* beto silenció a caro hasta/),
        caro: /beto silenció a caro/,
      }),
      by('beto', '/tema Ya no', { beto: NO }),
    ],
    missing: '/nombrar beto',
    forbidden: by('beto', '/nombrar beto dueño', { beto: NO }),
  },
  hours: {
    valid: [
      by(
        'ana',
        '/horario UTC lun-vie 7-12; sáb 9:30-10',
        inClub('* ana puso el horario de #club: lun-vie 07:00-12:00; sáb 09:30-10:00 (UTC).\n'),
      ),
      by('beto', '/horario', {
        beto: '* Horario de #club: lun-vie 07:00-12:00; sáb 09:30-10:00 (UTC). Fuera de él solo escriben moderadores.\n',
      }),
      by('ana', '/horario UTC lunes 10-10', { ana: NO_HOURS }),
      by('ana', '/horario Marte/Base lun 7-8', {
        ana: 'Eso no es una zona horaria. Son como America/Bogota.\n',
      }),
      by('ana', '/horario -', inClub('* ana quitó el horario de #club.\n')),
    ],
    forbidden: by('beto', '/horario lun 7-8', { beto: NO }),
  },
  call: {
    valid: [
      by(
        'ana',
        '/llamada https://meet.example/aula',
        inClub('* ana puso la llamada de #club: https://meet.example/aula\n'),
      ),
      by('beto', '/llamada', { beto: '* Llamada de #club: https://meet.example/aula\n' }),
      by('beto', '/reglas', { beto: '* #club: abierta.\n* Llamada de #club: https://meet.example/aula\n' }),
      by('ana', '/llamada javascript:alert(1)', { ana: NO_CALL }),
      by('ana', '/llamada http://meet.example/', { ana: NO_CALL }),
      by('ana', `/llamada https://meet.example/${'a'.repeat(4096)}`, { ana: NO_CALL }),
      by('ana', '/llamada -', inClub('* ana quitó la llamada de #club.\n')),
    ],
    forbidden: by('beto', '/llamada https://meet.example/', { beto: NO }),
  },
  kind: {
    valid: [
      by('ana', '/tipo cerrada', inClub('* ana cerró #club: solo entra quien alguien trae.\n')),
      by('caro', '/unirse club', { caro: 'No hay ninguna sala con ese nombre.\n' }),
      by('ana', '/kind open', inClub('* ana abrió #club: entra quien quiera.\n')),
      by('caro', '/unirse club', { caro: '* Estás en #club.\n', ...inClub('* caro entró en #club.\n') }),
    ],
    missing: '/tipo',
    forbidden: by('beto', '/tipo cerrada', { beto: NO }),
  },
  key: {
    valid: [
      by('ana', '/llave sésamo', inClub('* ana puso llave a #club: sésamo\n')),
      by('caro', '/unirse club', { caro: 'Para entrar en esa sala hace falta su llave, y no es esa.\n' }),
      by('caro', '/unirse club Sésamo', {
        caro: 'Para entrar en esa sala hace falta su llave, y no es esa.\n',
      }),
      by('caro', '/unirse club sésamo', {
        caro: '* Estás en #club.\n',
        ...inClub('* caro entró en #club.\n'),
      }),
      by('ana', '/llave dos,tres', {
        ana: 'La llave de una sala tiene como mucho 32 caracteres, sin espacios ni comas.\n',
      }),
    ],
    missing: '/llave',
    forbidden: by('beto', '/llave mía', { beto: NO }),
  },
  limit: {
    valid: [
      by('ana', '/cupo 2', inClub('* ana puso a #club un cupo de 2 personas.\n')),
      by('caro', '/unirse club', { caro: 'La sala está llena.\n' }),
      by('beto', '/traer caro', { beto: 'La sala está llena.\n' }),
      by('ana', '/traer caro', {
        ...inClub('* ana trajo a caro a #club.\n'),
        caro: '* ana te trajo a #club.\n',
      }),
    ],
    missing: '/cupo',
    forbidden: by('beto', '/cupo 3', { beto: NO }),
  },
  rules: {
    valid: [
      by('beto', '/reglas', { beto: '* #club: abierta.\n' }),
      by('ana', '/reglas tema-libre', inClub('* ana dejó el tema de #club a quien quiera ponerlo.\n')),
      by('beto', '/tema El mío', inClub('* beto puso el tema de #club: El mío\n')),
      by('ana', ['/llave sésamo', '/cupo 30', '/lento 5', '/rules'], {
        ana: '* #club: abierta, llave sésamo, cupo 30, un mensaje cada 5 s, tema-libre.\n',
      }),
      by('ana', '/papel caro invitado', { ana: '* caro: invitado.\n' }),
      by('ana', '/reglas sin-invitados', inClub('* ana cerró #club a los invitados.\n')),
      by('caro', '/unirse club sésamo', { caro: 'En esa sala no entran invitados.\n' }),
      by('ana', '/traer caro', {
        ...inClub('* ana trajo a caro a #club.\n'),
        caro: '* ana te trajo a #club.\n',
      }),
      by('ana', '/reglas invitados-callados', {
        ...inClub('* ana quitó la palabra a los invitados en #club.\n'),
        caro: '* ana quitó la palabra a los invitados en #club.\n',
      }),
      by('caro', ['/unirse club sésamo', 'pero'], { caro: 'En esta sala los invitados solo leen.\n' }),
    ],
    forbidden: by('beto', '/reglas tema-libre', { beto: NO }),
  },
  masks: {
    valid: [
      by('beto', '/patrones', { beto: '* Nada.\n' }),
      by('beto', '/patrones veto', { beto: /^Uso: \/patrones / }),
      by('ana', '/vetar c?ro', inClub('* ana vetó en #club a quien se llame c?ro.\n')),
      by('caro', '/unirse club', { caro: 'Hay un veto en esa sala: no se puede entrar.\n' }),
      by('ana', '/patrones excepción caro', inClub('* ana exceptuó en #club a quien se llame caro.\n')),
      by('caro', '/unirse club', { caro: '* Estás en #club.\n', ...inClub('* caro entró en #club.\n') }),
      by('ana', '/callar B*', {
        ...inClub('* ana silenció en #club a quien se llame b*.\n'),
        caro: '* ana silenció en #club a quien se llame b*.\n',
      }),
      by('beto', 'pero', { beto: 'No puedes escribir aquí: te silenciaron.\n' }),
      by('beto', '/patterns', {
        beto: /^veto c\?ro — ana, .*\nexcepción caro — ana, .*\nsilencio b\* — ana, .*\n$/,
      }),
      by('ana', '/callar b* 0', {
        ...inClub('* ana devolvió la palabra en #club a quien se llame b*.\n'),
        caro: '* ana devolvió la palabra en #club a quien se llame b*.\n',
      }),
      by('beto', 'gracias', { ana: 'beto: gracias\n', caro: 'beto: gracias\n' }),
      by('ana', '/patrones veto -nadie*', { ana: '* Ya estaba así.\n' }),
    ],
    forbidden: by('beto', '/patrones veto ana', { beto: NO }),
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
  log: {
    valid: [
      by('ana', ['/tema redes', '/sacar beto ruido', '/registro'], {
        ana: new RegExp(
          String.raw`^${TIME} \* ana sacó a beto de #club: ruido\n${TIME} \* ana puso el tema de #club: redes\n$`,
        ),
      }),
      by('ana', ['/papel caro admin', '/log all caro'], {
        ana: new RegExp(String.raw`^${TIME} \* ana dio a caro el papel de admin en el servidor\.\n$`),
      }),
      by('ana', ['/invitar', '/registro todo'], {
        ana: /ana hizo un código de invitación para 1 persona\.\n/,
      }),
      by('ana', '/registro todo nadie', { ana: 'No hay nadie con ese nombre.\n' }),
    ],
    forbidden: by('beto', '/registro', { beto: NO }),
  },
  history: {
    valid: [
      by('beto', '/historial', {
        beto: new RegExp(
          `^${TIME} \\* ana entró en #club\\.\n${TIME} \\* beto entró en #club\\.\n#3 ${TIME} ana: hola\n#4 ${TIME} beto: ¿qué tal\\?\n$`,
        ),
      }),
      by('beto', '/historial 1', { beto: new RegExp(`^#4 ${TIME} beto: ¿qué tal\\?\n$`) }),
      by('beto', '/historial 5 #4', { beto: new RegExp(`entró en #club\\.\n#3 ${TIME} ana: hola\n$`) }),
      by('caro', ['/crear vacía', '/historial 1000000000'], {
        caro: new RegExp(`^${TIME} \\* caro entró en #vacía\\.\n$`),
      }),
    ],
    forbidden: by('beto', '/historial 5 cuatro', {
      beto: 'No hay ningún mensaje con ese número en esta sala.\n',
    }),
  },
  search: {
    valid: [
      by('beto', '/buscar HÓLA', { beto: new RegExp(`^#club #3 ${TIME} ana: \\*hola\\*\n$`) }),
      by('beto', '/buscar "que tal" de:beto en:club', {
        beto: new RegExp(`^#club #4 ${TIME} beto: ¿\\*qué tal\\*\\?\n$`),
      }),
      by('caro', '/buscar hola', { caro: '* Nada.\n' }),
    ],
    missing: '/buscar',
    forbidden: by('beto', '/buscar -hola', { beto: 'Falta una palabra que buscar, o hay demasiadas.\n' }),
  },
  more: {
    valid: [by('beto', '/mas', { beto: '* No hay más.\n' })],
    forbidden: 'nobody is refused',
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
  threads: {
    valid: [
      by('ana', '/hilos', { ana: '* Nada.\n' }),
      by('ana', '/responder 4 bien', { beto: 'ana → beto: bien\n' }),
      by('ana', '/responder 4 y tú', { beto: 'ana → beto: y tú\n' }),
      by('ana', '/hilos', { ana: new RegExp(`^#club/4 ${TIME} beto: ¿qué tal\\? \\(2 respuestas\\)\n$`) }),
    ],
    forbidden: 'nobody is refused',
  },
  follow: {
    valid: [
      by('ana', '/seguir 4', { ana: '* Sigues este hilo.\n' }),
      by('ana', '/seguir 4', { ana: '* Ya estaba así.\n' }),
      by('ana', '/hilos', { ana: new RegExp(`^#club/4 ${TIME} beto: ¿qué tal\\? \\(0 respuestas\\)\n$`) }),
      by('ana', '/seguir -4', { ana: '* Ya no sigues este hilo.\n' }),
      by('ana', '/seguir -4', { ana: '* Ya estaba así.\n' }),
    ],
    missing: '/seguir',
    forbidden: by('caro', '/seguir 99', { caro: 'No hay ningún mensaje con ese número en esta sala.\n' }),
  },
  act: {
    valid: [
      by('ana', '/me  baila', { beto: '*ana  baila*\n' }),
      by('beto', '/me borró #3', { ana: '*beto borró #3*\n' }),
    ],
    missing: '/me',
    forbidden: 'nobody is refused',
  },
  edit: {
    valid: [by('beto', '/editar 4 ¿cómo va?', inClub('* beto corrigió #4: ¿cómo va?\n'))],
    missing: '/editar 4',
    forbidden: by('beto', '/editar 3 adiós', { beto: 'Ese mensaje no es tuyo.\n' }),
  },
  erase: {
    valid: [
      by('beto', '/borrar 4', inClub('* beto borró #4\n')),
      by('beto', '/historial', { beto: new RegExp(`club\\.\n#3 ${TIME} ana: hola\n$`) }),
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
  reactions: {
    valid: [
      by('beto', '/reacciones 4', { beto: '* Nada.\n' }),
      by('ana', '/reaccionar 👍 4', inClub('* ana reaccionó 👍 a #4\n')),
      by('beto', '/reaccionar 👍 4', inClub('* beto reaccionó 👍 a #4\n')),
      by('beto', '/reaccionar ❤ 4', inClub('* beto reaccionó ❤️ a #4\n')),
      by('beto', '/reacciones 4', { beto: '❤️ beto\n👍 ana, beto\n' }),
    ],
    missing: '/reacciones',
    forbidden: by('beto', '/reacciones 99', {
      beto: 'No hay ningún mensaje con ese número en esta sala.\n',
    }),
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
    forbidden: 'nobody is refused',
  },
  unread: {
    valid: [
      by('beto', '/noleido 3', { beto: '* No leído desde #3.\n' }),
      by('beto', ['/unirse general', '/salas'], { beto: /#club \(2 personas\) — 1$/m }),
    ],
    missing: '/noleido',
    forbidden: by('beto', '/noleido 99', {
      beto: 'No hay ningún mensaje con ese número en esta sala.\n',
    }),
  },
  schedule: {
    valid: [
      by('ana', '/programar 1h hola', {
        ana: /^\* Se enviará a #club el \d{4}-\d\d-\d\d \d\d:\d\d \(1\)\.\n$/,
      }),
      by('ana', '/programar mañana 9:00  la tarea', { ana: /^\* Se enviará a #club el .* 09:00 \(2\)\.\n$/ }),
      by('ana', '/programar 900d hola', { ana: 'Ese momento ya pasó, o falta más de un año.\n' }),
      by('ana', '/programar pronto hola', {
        ana: /^Uso: \/programar <cuándo> <texto>/,
      }),
    ],
    missing: '/programar',
    forbidden: 'nobody is refused',
  },
  scheduled: {
    valid: [
      by('ana', '/programados', { ana: '* Nada.\n' }),
      by('ana', ['/programar 1h hola', '/programados 1 adiós'], { ana: /^1: #club, .*: adiós\n$/ }),
      by('ana', '/programados', { ana: /^1: #club, .*: adiós\n$/ }),
      by('ana', '/programados ya 1', { ...inClub('ana: adiós\n'), ana: /ana: adiós|Enviado/ }),
      by('ana', ['/programar 1h más', '/programados -2'], { ana: '* Borrado.\n' }),
    ],
    forbidden: by('beto', '/programados -1', { beto: 'Ese mensaje programado no existe, o ya se envió.\n' }),
  },
  remind: {
    valid: [
      by('beto', '/recordar 3 2h leer', { beto: /^\* Te recordaré el mensaje #3 el .* \(1\)\.\n$/ }),
      by('beto', '/recordar 3 domingo 9:00', {
        beto: /^\* Te recordaré el mensaje #3 el .* 09:00 \(2\)\.\n$/,
      }),
    ],
    missing: '/recordar 3',
    forbidden: by('beto', '/recordar 99 2h', {
      beto: 'No hay ningún mensaje con ese número en esta sala.\n',
    }),
  },
  reminders: {
    valid: [
      by('beto', ['/recordar 3 2h leer', '/recordatorios'], {
        beto: /^1: \d{4}-.*: mensaje #3 de ana en #club: hola \(leer\)\n$/,
      }),
      by('beto', '/recordatorios -1', { beto: '* Borrado.\n' }),
      by('beto', '/recordatorios', { beto: '* Nada.\n' }),
    ],
    forbidden: by('ana', '/recordatorios -1', { ana: 'Ese recordatorio no existe.\n' }),
  },
  hide: {
    valid: [
      by('beto', ['/privado ana', '/ocultar'], {
        beto: '* No verás esta conversación en tu lista hasta que se diga algo nuevo.\n',
      }),
      by('beto', '/salas', { beto: '* Tus salas:\n  #general (5 personas)\n  #club (2 personas)\n' }),
      by('beto', '/ocultar no', { beto: '* Esta conversación está en tu lista.\n' }),
    ],
    forbidden: by('beto', '/ocultar', { beto: NO }),
  },
  versions: {
    valid: [
      by('ana', ['/servidor versiones si', '/editar 3 hola a todos', '/editar 3 hola'], {
        ...inClub('* ana corrigió #3: hola\n'),
      }),
      by('beto', '/versiones 3', { beto: /^\[.*\] hola\n\[.*\] hola a todos\n\[.*\] hola\n$/ }),
      by('ana', '/servidor versiones no', { ana: /versiones = no/ }),
      by('beto', '/versions 3', { beto: /^\[.*\] hola\n$/ }),
    ],
    missing: '/versiones',
    forbidden: by('beto', '/versiones 99', {
      beto: 'No hay ningún mensaje con ese número en esta sala.\n',
    }),
  },
  poll: {
    valid: [
      by(
        'ana',
        '/encuesta -varias ¿Cuándo? | Lunes | Martes',
        inClub(
          'ana: ¿Cuándo?\nana| 1. Lunes\nana| 2. Martes\n* Encuesta #5. Se vota con /votar 5 número,número.\n',
        ),
      ),
      by('ana', '/encuesta ¿Cuándo? | Lunes | lunes', { ana: 'Dos opciones son iguales.\n' }),
    ],
    missing: '/encuesta',
    forbidden: 'nobody is refused',
  },
  vote: {
    valid: [
      by('ana', '/encuesta -nombres ¿Cuándo? | Lunes | Martes', inClub(/Se vota con \/votar 5 número\.\n$/)),
      by('beto', '/votar 5 2', {
        beto: '* Encuesta #5: ¿Cuándo?\n1. Lunes: 0\n2. Martes: 1 (tu voto) — beto\n* Votó 1 persona.\n',
      }),
      by('ana', '/votar 5', {
        ana: '* Encuesta #5: ¿Cuándo?\n1. Lunes: 0\n2. Martes: 1 — beto\n* Votó 1 persona.\n',
      }),
      by('beto', '/votar 5 3', { beto: 'Esa encuesta no tiene esa opción.\n' }),
      by('beto', '/votar 4 1', { beto: 'Ese mensaje no es una encuesta.\n' }),
    ],
    missing: '/votar',
    forbidden: 'nobody is refused',
  },
  closePoll: {
    valid: [
      by('ana', '/encuesta ¿Cuándo? | Lunes | Martes', inClub(/Encuesta #5/)),
      by('ana', '/cerrar 5', inClub('* ana cerró la encuesta #5: nadie ha votado.\n')),
      by('beto', '/votar 5 1', { beto: 'La encuesta está cerrada.\n' }),
    ],
    missing: '/cerrar',
    forbidden: by('beto', '/cerrar 3', { beto: 'Ese mensaje no es una encuesta.\n' }),
  },
  save: {
    valid: [
      by('beto', '/guardar 3', { beto: '* Guardaste #3.\n' }),
      by('beto', '/guardar 3', { beto: '* Ya estaba así.\n' }),
      by('beto', '/guardar -3', { beto: '* Quitaste #3 de tus guardados.\n' }),
    ],
    missing: '/guardar',
    forbidden: by('beto', '/guardar 99', {
      beto: 'No hay ningún mensaje con ese número en esta sala.\n',
    }),
  },
  saved: {
    valid: [
      by('beto', '/guardados', { beto: '* Nada.\n' }),
      by('beto', ['/guardar 3', '/guardar 4', '/guardados'], {
        beto: new RegExp(`^#club #4 ${TIME} beto: ¿qué tal\\?\n#club #3 ${TIME} ana: hola\n$`),
      }),
      by('beto', ['/dejar', '/saved'], { beto: /^2\/4 \[.*\] ya no puedes leerlo\n2\/3 / }),
    ],
    forbidden: 'nobody is refused',
  },
  report: {
    valid: [
      by('beto', '/reportar 3 es spam', {
        beto: '* Reportaste el mensaje 3. Lo ven los moderadores de la sala y los admins, con los de su alrededor, aunque se borre después. Nadie más sabe que fuiste tú.\n',
      }),
      by('beto', '/reportar 3', { beto: 'Ya reportaste ese mensaje.\n' }),
      by('beto', '/reportar 4', { beto: 'Eso no se hace con uno mismo.\n' }),
      by('beto', '/reportar 77', { beto: 'No hay ningún mensaje con ese número en esta sala.\n' }),
    ],
    missing: '/reportar',
    forbidden: 'nobody is refused',
  },
  reports: {
    valid: [
      by('ana', '/reportes', { ana: '* Nada.\n' }),
      by('ana', '/reportar 4 insulta', { ana: /Hay 1 reporte sin revisar/ }),
      by('ana', '/reportes', { ana: /^1\. #club #4 de beto, lo reportó ana, .*: insulta\n$/ }),
      by('ana', '/reportes 1', { ana: /: insulta\n {2}#3 ana: hola\n> #4 beto: ¿qué tal\?\n$/ }),
      by('ana', '/reportes -1 hablé con beto', { ana: /El reporte está cerrado/ }),
    ],
    forbidden: by('beto', '/reportes -1', { beto: 'No hay ningún reporte abierto con ese número.\n' }),
  },
  paste: {
    valid: [
      by('beto', '/pegar', { beto: '* Pega el texto. Una línea con un solo punto lo envía.\n' }),
      by('beto', ['uno', '/dos', '', '.'], { ana: 'beto: uno\nbeto| /dos\nbeto| \n' }),
    ],
    forbidden: 'nobody is refused',
  },
  notify: {
    valid: [
      by('beto', '/avisos nada', { beto: '* Avisos de #club: nada.\n' }),
      by('beto', '/avisos nada', { beto: '* Ya estaba así.\n' }),
      by('beto', '/unirse general', { beto: '* Estás en #general.\n' }),
      by('ana', '@beto ¿estás?', {}),
      by('beto', ['/unirse club', '/avisos menciones', '/unirse general'], { beto: /general/ }),
      by('ana', 'nada', {}),
      by('ana', '@beto ¿y ahora?', { beto: '#club ana: @beto ¿y ahora?\n' }),
    ],
    missing: '/avisos',
    forbidden: by('beto', '/avisos mucho', {
      beto: 'Uso: /avisos <todo|menciones|nada|invisible>\n',
    }),
  },
  silence: {
    valid: [
      by('ana', '/silenciar 30m', inClub(/^\* ana puso #club en silencio hasta .*\.\n$/)),
      by('beto', 'pero', { beto: 'La sala está en silencio: solo escriben voceros y moderadores.\n' }),
      by('ana', '/silenciar 0', inClub('* ana levantó el silencio de #club.\n')),
      by('beto', 'gracias', { ana: 'beto: gracias\n' }),
    ],
    forbidden: by('beto', '/silenciar', { beto: NO }),
  },
  slow: {
    valid: [
      by('ana', '/lento 60', inClub('* ana puso #club en modo lento: un mensaje cada 60 s.\n')),
      by('beto', 'uno', { ana: 'beto: uno\n' }),
      by('beto', 'dos', { beto: 'La sala está en modo lento: espera un poco. No se guardó.\n' }),
      by('ana', ['uno', 'dos'], { beto: 'ana: dos\n' }),
      by('ana', '/lento 0', inClub('* ana quitó el modo lento de #club.\n')),
      by('beto', 'tres', { ana: 'beto: tres\n' }),
    ],
    missing: '/lento',
    forbidden: by('beto', '/lento 5', { beto: NO }),
  },
  show: {
    valid: [
      by('beto', '/ver #4', {
        beto: new RegExp(`^#3 ${TIME} ana: hola\n#4 ${TIME} beto: ¿qué tal\\?\n\\* Su dirección.*: 2/4\n$`),
      }),
      by('ana', '/reaccionar 👍 3', inClub('* ana reaccionó 👍 a #3\n')),
      by('beto', ['/unirse general', '/ver #club/3'], {
        beto: new RegExp(`^#3 ${TIME} ana: hola \\(👍 1\\)\n`),
      }),
      by('beto', '/ver 2/3', { beto: new RegExp(`^#3 ${TIME} ana: hola \\(👍 1\\)\n`) }),
      by('caro', '/ver 2/3', { caro: 'No estás en esa sala.\n' }),
      by('beto', '/ver 99', { beto: 'No hay ningún mensaje con ese número en esta sala.\n' }),
    ],
    missing: '/ver',
    forbidden: by('caro', '/ver #club/3', { caro: 'No estás en esa sala.\n' }),
  },
  file: {
    valid: [
      by('beto', '/archivo 3', { beto: 'Ese mensaje no tiene archivos.\n' }),
      by('beto', '/file #club/3', { beto: 'Ese mensaje no tiene archivos.\n' }),
      by('beto', '/archivo 99', { beto: 'No hay ningún mensaje con ese número en esta sala.\n' }),
    ],
    missing: '/archivo',
    forbidden: by('caro', '/archivo 2/3', { caro: 'No estás en esa sala.\n' }),
  },
  files: {
    valid: [
      by('beto', '/archivos', { beto: '* Aquí no hay archivos.\n' }),
      by('beto', '/files 3', { beto: '* Aquí no hay archivos.\n' }),
    ],
    forbidden: 'nobody is refused',
  },
  send: {
    valid: [
      by('beto', '/enviar', {
        beto: /^\* Envía un archivo a #club, .*: curl -T ARCHIVO http:\S+\/u\/[\w.-]+\/\n$/,
      }),
      by('beto', '/enviar =abc12', { beto: /^\* abc12 curl -T ARCHIVO http:\S+\/u\/[\w.-]+\/ – para ti/ }),
      by('beto', "/enviar el loro's.jpg", { beto: /: curl -T 'el loro'\\''s\.jpg' http:\S+\/\n$/ }),
    ],
    forbidden: 'nobody is refused',
  },
  profile: {
    valid: [
      by('beto', '/perfil', { beto: 'beto — Beto (miembro)\nEstá en línea.\n' }),
      by('ana', ['/estado en clase', '/zona America/Bogota'], { ana: /America\/Bogota/ }),
      by('beto', '/perfil ana', {
        beto: /^ana — Ana \(dueño\)\nDice: en clase\nEstá en línea\.\nAllí son las .* \(America\/Bogota\)\.\n$/,
      }),
    ],
    forbidden: by('beto', '/perfil nadie', { beto: 'No hay nadie con ese nombre.\n' }),
  },
  name: {
    valid: [
      by('beto', '/nombre  Beto Ruiz', { beto: '* Tu nombre completo es Beto Ruiz.\n' }),
      by('ana', '/quien', { ana: 'ana — Ana (en línea, dueño)\nbeto — Beto Ruiz (en línea)\n' }),
    ],
    missing: '/nombre',
    forbidden: by('beto', `/nombre ${'b'.repeat(65)}`, {
      beto: 'El nombre completo debe tener entre 1 y 64 caracteres visibles.\n',
    }),
  },
  status: {
    valid: [
      by('beto', '/estado', { beto: '* Tu estado está vacío.\n' }),
      by('beto', '/estado en clase', { beto: '* Tu estado: en clase\n' }),
      by('ana', '/quien', { ana: 'ana — Ana (en línea, dueño)\nbeto — Beto (en línea): en clase\n' }),
      by('beto', '/estado -', { beto: '* Tu estado está vacío.\n' }),
    ],
    forbidden: by('beto', `/estado ${'x'.repeat(101)}`, {
      beto: 'Es demasiado largo: el máximo son 100 caracteres.\n',
    }),
  },
  away: {
    valid: [
      by('beto', '/ausente', {
        ana: '* beto está ausente.\n',
        beto: '* Estás ausente. Vuelves con: /ausente no\n',
        caro: '* beto está ausente.\n',
      }),
      by('ana', '/quien', { ana: 'ana — Ana (en línea, dueño)\nbeto — Beto (ausente)\n' }),
      by('beto', '/ausente no', {
        ana: '* beto está de vuelta.\n',
        beto: '* Estás de vuelta.\n',
        caro: '* beto está de vuelta.\n',
      }),
      by('beto', '/ausente no', { beto: '* Ya estaba así.\n' }),
    ],
    forbidden: by('beto', '/ausente quizás', { beto: 'Uso: /ausente [no]\n' }),
  },
  language: {
    valid: [
      by('beto', '/idioma inglés', { beto: '* I speak English to you from now on.\n' }),
      by('ana', ['/reaccionar 👍', '/reaccionar -👍'], {
        ana: '* ana quitó 👍 de #4\n',
        beto: '* ana removed 👍 from #4\n',
      }),
      by('beto', '/language es', { beto: '* Ahora te hablo en español.\n' }),
    ],
    missing: '/idioma',
    forbidden: by('beto', '/idioma klingon', { beto: 'Los idiomas son es y en.\n' }),
  },
  zone: {
    valid: [
      by('beto', '/zona America/Bogota', {
        beto: /^\* Zona horaria: America\/Bogota; ahora son las .*\.\n$/,
      }),
      by('beto', '/zona', { beto: /^\* Zona horaria: America\/Bogota/ }),
      by('beto', '/zona -', { beto: /^\* Zona horaria: la del servidor/ }),
    ],
    forbidden: by('beto', '/zona Marte', { beto: 'Eso no es una zona horaria. Son como America/Bogota.\n' }),
  },
  password: {
    valid: [
      by('beto', ['/clave', 'secreto123', 'otra'], {
        beto: /\* La contraseña cambió, y tus otras sesiones se cerraron\.\n$/,
      }),
      by('beto', ['/clave', 'otra', 'secreto123'], { beto: /La contraseña cambió/ }),
    ],
    forbidden: by('beto', ['/clave', 'no sé', 'otra'], {
      beto: /Credenciales incorrectas, intente nuevamente\.\n$/,
    }),
  },
  sessions: {
    valid: [
      by('beto', '/sesiones', { beto: /^#\d+ línea, desde .*, 127\.0\.0\.1 \(esta\)\n$/ }),
      by('beto', '/sesiones -otras', { beto: '* No había otras.\n' }),
    ],
    forbidden: by('beto', '/sesiones -1', { beto: 'Esa sesión no existe, o ya terminó.\n' }),
  },
  move: {
    valid: [by('beto', '/mover', { beto: /^\* Escribe \w{4}-\w{4} donde preguntan \(1\) o \(2\)/ })],
    forbidden: 'nobody is refused',
  },
  block: {
    valid: [
      by('caro', ['/privado ana,beto', '/unirse general'], { caro: '* Estás en #general.\n' }),
      by('beto', '/bloquear caro', {
        beto: '* Lo que caro te escriba en privado ya no te llega, ni sus menciones.\n',
      }),
      by('beto', '/bloquear', { beto: 'caro\n' }),
      by('caro', '/privado beto hola', {}),
      by('caro', '/privado ana,beto hola', { ana: '(grupo) caro: hola\n' }),
      by('caro', '/privado ana,beto,dora hola', { caro: NO }),
      by('beto', '/bloquear -caro', { beto: '* caro puede escribirte otra vez.\n' }),
      by('caro', '/privado beto ¿y ahora?', { beto: '(privado) caro: ¿y ahora?\n' }),
    ],
    forbidden: by('beto', '/bloquear beto', { beto: 'Eso no se hace con uno mismo.\n' }),
  },
  teams: {
    valid: [
      by('beto', '/equipos', { beto: '* Nada.\n' }),
      by('ana', '/equipo equipo3 +beto +ana', { ana: '@equipo3: ana, beto\n' }),
      by('beto', '/equipos', { beto: '@equipo3 (2 personas, contigo)\n' }),
      by('ana', 'hola @equipo3', { beto: 'ana: hola @equipo3\n' }),
    ],
    forbidden: 'nobody is refused',
  },
  team: {
    valid: [
      by('ana', '/equipo @equipo3 +ana +beto +caro', { ana: '@equipo3: ana, beto, caro\n' }),
      by('ana', '/equipo equipo3 -caro', { ana: '@equipo3: ana, beto\n' }),
      by('ana', '/equipo equipo3 +beto', { ana: '* Ya estaba así.\n@equipo3: ana, beto\n' }),
      by('ana', '/equipo beto +ana', {
        ana: 'Nombre de usuario ya existe. Intenta con otro nombre de usuario.\n',
      }),
      by('ana', '/equipo -equipo3', { ana: '* El equipo equipo3 ya no existe.\n' }),
      by('ana', '/equipo equipo3', { ana: 'Ese equipo no existe.\n' }),
    ],
    missing: '/equipo',
    forbidden: by('beto', '/equipo equipo4 +beto', { beto: NO }),
  },
  people: {
    valid: [
      by('ana', '/personas', {
        ana: 'ana — Ana (dueño)\nbeto — Beto (miembro)\ncaro — Caro (miembro)\ndora — Dora (miembro)\neva — Eva (miembro)\n',
      }),
      by('ana', '/personas dora', { ana: 'eva — Eva (miembro)\n' }),
    ],
    forbidden: by('beto', '/personas', { beto: NO }),
  },
  role: {
    valid: [
      by('ana', '/papel beto admin', { ana: '* beto: admin.\n' }),
      by('beto', '/papel caro bot', { beto: '* caro: bot.\n' }),
      by('beto', '/papel caro dueño', { beto: NO }),
      by('beto', '/papel ana miembro', { beto: NO }),
      by('ana', '/papel ana miembro', { ana: 'Se quedaría sin dueño: nombra antes a otro.\n' }),
      by('ana', '/papel caro invitado', { ana: '* caro: invitado.\n' }),
      by('caro', '/crear mía', { caro: NO_GUESTS }),
      by('caro', '/privado ana hola', { caro: NO_GUESTS }),
    ],
    missing: '/papel caro',
    forbidden: by('beto', '/papel caro admin', { beto: NO }),
  },
  disable: {
    valid: [
      by('ana', '/desactivar eva', {
        ana: '* La cuenta eva está desactivada, y sus sesiones se cerraron.\n',
      }),
      by('beto', '/privado eva hola', { beto: 'No hay nadie con ese nombre.\n' }),
      by('ana', '/desactivar ana', { ana: 'Se quedaría sin dueño: nombra antes a otro.\n' }),
    ],
    missing: '/desactivar',
    forbidden: by('beto', '/desactivar eva', { beto: NO }),
  },
  enable: {
    valid: [by('ana', ['/desactivar eva', '/activar eva'], { ana: '* La cuenta eva está activa.\n' })],
    missing: '/activar',
    forbidden: by('beto', '/activar eva', { beto: NO }),
  },
  code: {
    valid: [
      by('ana', '/codigo beto', {
        ana: /^\* Código de beto: (?:[a-z2-9]{4}-){2}[a-z2-9]{4}\n\* Sirve una vez, hasta .+, en lugar de la contraseña;/,
      }),
    ],
    missing: '/codigo',
    forbidden: by('beto', '/codigo caro', { beto: NO }),
  },
  invite: {
    valid: [
      by('ana', '/invitar', { ana: /^\* Código de invitación: \w{8}\n$/ }),
      by('ana', '/invitar 30 7d #club', { ana: /^\* Código de invitación: \w{8}\n$/ }),
      by('ana', '/invitar #nada', { ana: 'No hay ninguna sala con ese nombre.\n' }),
      by('ana', '/invitar muchos', { ana: 'Uso: /invitar [usos] [30m|2h|7d] [#sala…]\n' }),
    ],
    forbidden: by('beto', '/invitar', { beto: NO }),
  },
  invitations: {
    valid: [
      by('ana', '/invitaciones', { ana: '* Nada.\n' }),
      by('ana', ['/invitar 30 7d #club', '/invitaciones'], {
        ana: /^\w{8}: quedan 30 usos, hasta .*, de ana → #club\n$/,
      }),
      by('ana', '/invitaciones -nada', { ana: 'Ese código no es válido, o ya no.\n' }),
    ],
    forbidden: by('beto', '/invitaciones', { beto: NO }),
  },
  server: {
    valid: [
      by('beto', '/servidor', { beto: /^\* privados = todos: todos se escriben en privado\.\n/ }),
      by('ana', '/servidor privados admins', {
        ana: /^\* privados = admins: en privado se escribe solo donde está un admin\.\n/,
      }),
      by('beto', '/privado caro hola', {
        beto: 'En este servidor solo se escribe en privado donde está un admin. Lo ya escrito se puede leer.\n',
      }),
      by('beto', '/privado ana hola', { ana: '(privado) beto: hola\n' }),
      by('ana', '/server private nobody', { ana: /^\* privados = nadie: nadie escribe en privado\.\n/ }),
      by('ana', '/privado beto hola', {
        ana: 'En este servidor nadie escribe en privado. Lo ya escrito se puede leer.\n',
      }),
      by('ana', '/servidor privados quizás', { ana: 'Uso: /servidor [ajuste valor]\n' }),
      by('ana', ['/servidor privados todos', '/servidor privados todos'], { ana: '* Ya estaba así.\n' }),
    ],
    forbidden: by('beto', '/servidor privados nadie', { beto: NO }),
  },
}
