// Every sentence that people read outside of the web app, in Spanish.

import { acts } from './acts-es.ts'
import { folded } from './folded-es.ts'
import { refusals } from './refusals-es.ts'
import { sizeText } from './sizes.ts'

/** A report, in one line. */
interface ReportLine {
  readonly id: number
  readonly where: string
  readonly seq: number
  readonly author: string
  readonly by: string
  readonly at: string
}

export const es = {
  // The lab's ten texts, word for word.
  listening: (address: string) => `Servidor escuchando en ${address}`,
  menu: '¿Deseas (1) Iniciar sesión o (2) Registrarte?: ',
  askName: 'Ingrese su nombre completo: ',
  askUsername: 'Ingrese su nombre de usuario: ',
  askPassword: 'Ingrese su contraseña: ',
  registered: (name: string) => `Registro exitoso. Bienvenido ${name}!`,
  nameTaken: 'Nombre de usuario ya existe. Intenta con otro nombre de usuario.',
  welcome: (name: string) => `Bienvenido ${name}!`,
  wrongCredentials: 'Credenciales incorrectas, intente nuevamente.',
  left: (username: string) => `Usuario ${username} se ha desconectado.`,

  // The line door.
  came: (username: string) => `Usuario ${username} se ha conectado.`,
  wentAway: (username: string) => `* ${username} está ausente.`,
  cameBack: (username: string) => `* ${username} está de vuelta.`,
  ended: {
    revoked: '* Esta sesión se cerró desde otra.',
    disabled: '* Esta cuenta está desactivada.',
    moved: '* La sesión sigue en otra puerta.',
  },
  badOption: 'Opción no válida. Escribe 1 o 2.',
  askCode: 'Ingrese su código de registro: ',
  past: '* Mensajes anteriores:',
  unreadableHere: '* Lo que se dijo aquí no se puede leer: está dañado en el servidor.',
  moreUnread: (seq: string) => `* Antes de estos hay más sin leer: /historial 200 ${seq}`,
  longLine: 'La línea es demasiado larga: el máximo son 16 KiB. No se guardó.',
  endsWithEnter: '* Una línea termina con Enter: hasta entonces no se lee nada de lo escrito.',
  codePage: (name: string) =>
    `Tu terminal no escribe en UTF-8: lo que escribes se lee como ${name}, y lo que lees va en UTF-8. Una contraseña con acentos así no sirve.`,
  tooSlow: 'Pasaron cinco minutos sin iniciar sesión. Hasta luego.',
  closing: 'El servidor se está apagando. Vuelve en un momento.',
  cutShort: (first: string) => `No se alcanzó a procesar todo lo que enviaste: falta desde «${first}».`,
  pasteUnended: (first: string) =>
    `Lo que pegabas no se envió: falta desde «${first}», porque no llegó la línea con un solo punto.`,
  internalError: 'Algo falló en el servidor. Vuelve a conectarte.',
  leaveWords: ['salir'],
  private: '(privado)',
  group: '(grupo)',
  reply: (author: string, to: string) => `${author} → ${to}`,
  /** A file. `alt`: what its sender says that it shows; may be empty. */
  attached: (name: string, bytes: number, link: string, alt: string) =>
    `${name} (${sizeText('es', bytes)}) ${link}${alt === '' ? '' : ` «${alt}»`}`,
  edited: (author: string, seq: number, text: string) => `* ${author} corrigió #${seq}: ${text}`,
  erased: (author: string, seq: number) => `* ${author} borró #${seq}`,
  reacted: (author: string, emoji: string, seq: number) => `* ${author} reaccionó ${emoji} a #${seq}`,
  unreacted: (author: string, emoji: string, seq: number) => `* ${author} quitó ${emoji} de #${seq}`,
  pinned: (author: string, seq: number) => `* ${author} fijó #${seq}`,
  unpinned: (author: string, seq: number) => `* ${author} desfijó #${seq}`,
  /** Days as they are typed: Monday comes first. */
  days: {
    today: 'hoy',
    tomorrow: 'mañana',
    week: ['lunes', 'martes', 'miércoles', 'jueves', 'viernes', 'sábado', 'domingo'],
  },
  /** What is sent later, and reminders. */
  putOff: {
    now: 'ya',
    somewhere: 'una sala en la que no estás',
    willSend: (id: string, room: string, time: string) => `* Se enviará a ${room} el ${time} (${id}).`,
    willRemind: (id: string, seq: string, time: string) =>
      `* Te recordaré el mensaje #${seq} el ${time} (${id}).`,
    sent: '* Enviado.',
    deleted: '* Borrado.',
    scheduled: (id: string, room: string, time: string, text: string) => `${id}: ${room}, ${time}: ${text}`,
    refused: (reason: string) => `— no se envió: ${reason}`,
    notSent: (room: string, time: string, reason: string) =>
      `* No se envió a ${room} lo programado para el ${time}: ${reason} Sigue en /programados.`,
    rung: 'ya',
    reminder: (id: string, time: string, about: string) => `${id}: ${time}: ${about}`,
    reminded: (about: string) => `* Recordatorio: ${about}`,
    message: (seq: string, room: string, author: string, text: string) =>
      `mensaje #${seq} de ${author} en ${room}: ${text}`,
    goneMessage: (seq: string, room: string) => `mensaje #${seq} de ${room}, que ya no puedes leer`,
    waiting: (count: number) =>
      `* ${count === 1 ? 'Tienes 1 recordatorio pendiente' : `Tienes ${count} recordatorios pendientes`}: /recordatorios`,
  },
  poll: {
    modes: { multiple: 'varias', named: 'nombres' },
    none: 'nada',
    number: 'número',
    numbers: 'número,número',
    yours: '(tu voto)',
    nobody: 'nadie ha votado',
    closed: 'La encuesta está cerrada.',
    ask: (command: string, until: string) => `Se vota con ${command}${until === '' ? '' : `, ${until}`}.`,
    untouched: (seq: number, ask: string) => `* Encuesta #${seq}. ${ask}`,
    open: (seq: number, results: string, ask: string) => `* Encuesta #${seq}: ${results}. ${ask}`,
    over: (seq: number, results: string) => `* Encuesta #${seq}, cerrada: ${results}.`,
    title: (seq: number, question: string) => `* Encuesta #${seq}: ${question}`,
    voted: (people: number, over: string) =>
      `* ${people === 1 ? 'Votó 1 persona.' : `Votaron ${people} personas.`}${over === '' ? '' : ` ${over}`}`,
    ended: (author: string, seq: number, results: string) =>
      `* ${author} cerró la encuesta #${seq}: ${results}.`,
    expired: (author: string, seq: number, results: string) =>
      `* Terminó la encuesta #${seq} de ${author}: ${results}.`,
  },
  arrived: (username: string, room: string) => `* ${username} entró en ${room}.`,
  brought: (author: string, username: string, room: string) => `* ${author} trajo a ${username} a ${room}.`,
  departed: (username: string, room: string) => `* ${username} dejó ${room}.`,
  kicked: (author: string, username: string, room: string) => `* ${author} sacó a ${username} de ${room}`,
  banned: (author: string, username: string, room: string) => `* ${author} vetó a ${username} en ${room}`,
  appointed: {
    owner: (author: string, username: string) => `* ${author} hizo a ${username} dueño de la sala.`,
    moderator: (author: string, username: string) => `* ${author} hizo a ${username} moderador.`,
    helper: (author: string, username: string) => `* ${author} hizo a ${username} ayudante.`,
    speaker: (author: string, username: string) => `* ${author} hizo a ${username} vocero.`,
    member: (author: string, username: string) => `* ${author} hizo a ${username} miembro.`,
  },
  muted: (author: string, username: string, until: string) => `* ${author} silenció a ${username} ${until}.`,
  unmuted: (author: string, username: string) => `* ${author} le devolvió la palabra a ${username}.`,
  until: (time: string) => `hasta ${time}`,
  forEver: 'por tiempo indefinido',
  retitled: (author: string, room: string, topic: string) => `* ${author} puso el tema de ${room}: ${topic}`,
  untitled: (author: string, room: string) => `* ${author} quitó el tema de ${room}.`,
  renamed: (author: string, room: string) => `* ${author} renombró la sala: ahora es ${room}.`,
  groupNamed: (author: string, title: string) => `* ${author} llamó a esta conversación: ${title}`,
  groupUnnamed: (author: string) => `* ${author} le quitó el nombre a esta conversación.`,
  archivedRoom: (author: string, room: string) => `* ${author} archivó ${room}.`,
  unarchivedRoom: (author: string, room: string) => `* ${author} reabrió ${room}.`,
  silenced: (author: string, room: string, until: string) => `* ${author} puso ${room} en silencio ${until}.`,
  unsilenced: (author: string, room: string) => `* ${author} levantó el silencio de ${room}.`,
  slowed: (author: string, room: string, seconds: string) =>
    `* ${author} puso ${room} en modo lento: un mensaje cada ${seconds} s.`,
  unslowed: (author: string, room: string) => `* ${author} quitó el modo lento de ${room}.`,
  rehoured: (author: string, room: string, hours: string) =>
    `* ${author} puso el horario de ${room}: ${hours}.`,
  unhoured: (author: string, room: string) => `* ${author} quitó el horario de ${room}.`,
  called: (author: string, room: string, address: string) =>
    `* ${author} puso la llamada de ${room}: ${address}`,
  uncalled: (author: string, room: string) => `* ${author} quitó la llamada de ${room}.`,
  rekinded: {
    open: (author: string, room: string) => `* ${author} abrió ${room}: entra quien quiera.`,
    closed: (author: string, room: string) => `* ${author} cerró ${room}: solo entra quien alguien trae.`,
    announcement: (author: string, room: string) => `* ${author} dejó ${room} para anuncios.`,
  },
  keyed: (author: string, room: string, key: string) => `* ${author} puso llave a ${room}: ${key}`,
  unkeyed: (author: string, room: string) => `* ${author} quitó la llave de ${room}.`,
  limited: (author: string, room: string, people: string) =>
    `* ${author} puso a ${room} un cupo de ${people} personas.`,
  unlimited: (author: string, room: string) => `* ${author} quitó el cupo de ${room}.`,
  flagged: {
    'open-topic': (author: string, room: string) =>
      `* ${author} dejó el tema de ${room} a quien quiera ponerlo.`,
    'no-ctcp': (author: string, room: string) => `* ${author} cerró ${room} al CTCP de IRC.`,
    'no-guests': (author: string, room: string) => `* ${author} cerró ${room} a los invitados.`,
    'quiet-guests': (author: string, room: string) =>
      `* ${author} quitó la palabra a los invitados en ${room}.`,
  },
  unflagged: {
    'open-topic': (author: string, room: string) => `* ${author} dejó el tema de ${room} a los moderadores.`,
    'no-ctcp': (author: string, room: string) => `* ${author} abrió ${room} al CTCP de IRC.`,
    'no-guests': (author: string, room: string) => `* ${author} abrió ${room} a los invitados.`,
    'quiet-guests': (author: string, room: string) =>
      `* ${author} devolvió la palabra a los invitados en ${room}.`,
  },
  masked: {
    ban: (author: string, mask: string, room: string) =>
      `* ${author} vetó en ${room} a quien se llame ${mask}.`,
    mute: (author: string, mask: string, room: string) =>
      `* ${author} silenció en ${room} a quien se llame ${mask}.`,
    exception: (author: string, mask: string, room: string) =>
      `* ${author} exceptuó en ${room} a quien se llame ${mask}.`,
    invitation: (author: string, mask: string, room: string) =>
      `* ${author} invitó a ${room} a quien se llame ${mask}.`,
  },
  unmasked: {
    ban: (author: string, mask: string, room: string) => `* ${author} levantó el veto a ${mask} en ${room}.`,
    mute: (author: string, mask: string, room: string) =>
      `* ${author} devolvió la palabra en ${room} a quien se llame ${mask}.`,
    exception: (author: string, mask: string, room: string) =>
      `* ${author} quitó la excepción de ${mask} en ${room}.`,
    invitation: (author: string, mask: string, room: string) =>
      `* ${author} retiró la invitación de ${mask} a ${room}.`,
  },

  // The line door's commands, and their answers.
  hidden: '* No verás esta conversación en tu lista hasta que se diga algo nuevo.',
  shownAgain: '* Esta conversación está en tu lista.',
  keepsVersions: '* Aquí se guardan los textos anteriores de los mensajes corregidos: /versiones',
  savedIt: (seq: number) => `* Guardaste #${seq}.`,
  unsavedIt: (seq: number) => `* Quitaste #${seq} de tus guardados.`,
  savedUnread: (address: string, time: string) => `${address} [${time}] ya no puedes leerlo`,
  personalLink: (file: string) => `* ${file} – para ti, durante diez minutos`,
  sendByLink: (room: string, command: string) =>
    `* Envía un archivo a ${room}, una vez, en los próximos diez minutos: ${command}`,
  /** Stands for a file in a command. */
  someFile: 'ARCHIVO',
  sentByLink: (name: string) => `${name} está en el chat.`,
  answers: (count: number, unread: string) =>
    `${count === 1 ? '1 respuesta' : `${count} respuestas`}${unread === '0' ? '' : `, ${unread} sin leer`}`,
  erasedMessage: 'Mensaje borrado',
  team: (name: string, people: number, mine: boolean) =>
    `@${name} (${people === 1 ? '1 persona' : `${people} personas`}${mine ? ', contigo' : ''})`,
  teamRemoved: (name: string) => `* El equipo ${name} ya no existe.`,
  followed: '* Sigues este hilo.',
  unfollowed: '* Ya no sigues este hilo.',
  noFiles: '* Aquí no hay archivos.',
  noFileThere: 'Ese mensaje no tiene archivos.',

  unread: (rooms: string) => `* Sin leer: ${rooms}`,
  unreadIn: (room: string, count: string, mentions: string) =>
    mentions === '0' ? `${room} ${count}` : `${room} ${count} (te mencionan: ${mentions})`,
  nowIn: (room: string) => `* Estás en ${room}.`,
  topicIs: (topic: string) => `* Tema: ${topic}`,
  noTopic: '* La sala no tiene tema.',
  out: (room: string) => `* Ya no estás en ${room}. Elige otra sala: /unirse general`,
  broughtYou: (author: string, room: string) => `* ${author} te trajo a ${room}.`,
  asksYou: (author: string, room: string) =>
    `* ${author} te invita a ${room}: /unirse ${room} o /declinar ${room}`,
  asked: (person: string, room: string) => `* Invitaste a ${person} a ${room}.`,
  declined: (room: string) => `* Declinaste la invitación a ${room}.`,
  alreadySo: '* Ya estaba así.',
  usage: (usage: string) => `Uso: ${usage}`,
  unknownCommand: (word: string) =>
    `No existe el comando /${word}. Mira /ayuda. Para decir una línea con /, escribe //`,
  didYouMean: (word: string, near: string) => `No existe el comando /${word}. ¿Quisiste decir /${near}?`,
  nothingFound: '* Nada.',
  more: (count: number) => `* Hay ${count} más: /mas`,
  noMore: '* No hay más.',
  addressIs: (address: string) => `* Su dirección, cambie o no el nombre de la sala: ${address}`,
  moreResults: '* Hay más resultados: /mas',
  incomplete: '* Puede haber más: no se ha mirado todo. Prueba con más palabras, o dentro de un momento.',
  markedUnread: (seq: number) => `* No leído desde #${seq}.`,
  pasting: '* Pega el texto. Una línea con un solo punto lo envía.',
  yourRooms: '* Tus salas:',
  otherRooms: '* Otras salas:',
  listed: (room: string, people: string) => `${room} (${people})`,
  people: (count: number) => (count === 1 ? '1 persona' : `${count} personas`),
  roomMarks: { archived: 'archivada', closed: 'cerrada', announcement: 'anuncios' },
  statusNames: { online: 'en línea', away: 'ausente', offline: 'fuera de línea' },
  mutedMark: 'en silencio',
  disabledMark: 'desactivada',
  serverRoles: { owner: 'dueño', admin: 'admin', member: 'miembro', guest: 'invitado', bot: 'bot' },
  levelNames: { everything: 'todo', mentions: 'menciones', nothing: 'nada', invisible: 'invisible' },
  levelMark: (level: string) => `avisos: ${level}`,
  levelIs: (room: string, level: string) => `* Avisos de ${room}: ${level}.`,
  languageNames: { es: 'español', en: 'inglés' },
  saysOfThemselves: (status: string) => `Dice: ${status}`,
  isThere: (status: string) => `Está ${status}.`,
  timeThere: (time: string, zone: string) => `Allí son las ${time} (${zone}).`,
  nameIs: (name: string) => `* Tu nombre completo es ${name}.`,
  noStatus: '* Tu estado está vacío.',
  statusIs: (status: string) => `* Tu estado: ${status}`,
  zoneIs: (zone: string, time: string) => `* Zona horaria: ${zone}; ahora son las ${time}.`,
  theServers: 'la del servidor',
  spoken: '* Ahora te hablo en español.',
  askPasswordNow: 'Contraseña actual: ',
  askNewPassword: 'Contraseña nueva: ',
  codeIsRight:
    '* Ese es tu código de un solo uso. Elige una contraseña nueva: desde ahí el código ya no sirve.',
  passwordKept: '* La contraseña sigue igual.',
  passwordChanged: '* La contraseña cambió, y tus otras sesiones se cerraron.',
  sessionSince: (door: string, time: string, address: string) => `${door}, desde ${time}, ${address}`,
  doorNames: { line: 'línea', irc: 'IRC', web: 'web' },
  thisOne: '(esta)',
  sessionEnded: '* La sesión se cerró.',
  lastUsed: (time: string) => `último uso ${time}`,
  otherSessions: 'otras',
  sessionsEnded: (count: number) =>
    count === 0
      ? '* No había otras.'
      : count === 1
        ? '* Se cerró otra sesión.'
        : `* Se cerraron otras ${count} sesiones.`,
  moveCode: (code: string) =>
    `* Escribe ${code} donde preguntan (1) o (2), antes de dos minutos: la sesión sigue allí.`,
  youAreAway: '* Estás ausente. Vuelves con: /ausente no',
  youAreBack: '* Estás de vuelta.',
  blocked: (username: string) =>
    `* Lo que ${username} te escriba en privado ya no te llega, ni sus menciones.`,
  unblocked: (username: string) => `* ${username} puede escribirte otra vez.`,
  roleIs: (username: string, role: string) => `* ${username}: ${role}.`,
  accountDisabled: (username: string) =>
    `* La cuenta ${username} está desactivada, y sus sesiones se cerraron.`,
  accountEnabled: (username: string) => `* La cuenta ${username} está activa.`,
  roster: {
    there: 'ya tenía cuenta',
    repeated: (row: number) => `repite la fila ${row}`,
  },
  noRoster: (file: string) => `No se pudo leer la lista ${file}.`,
  loginCodeIs: (username: string, code: string) => `* Código de ${username}: ${code}`,
  loginCodeUntil: (until: string) =>
    `* Sirve una vez, hasta ${until}, en lugar de la contraseña; mientras no se use, la de siempre sigue valiendo.`,
  invitationIs: (code: string) => `* Código de invitación: ${code}`,
  invitation: (left: number, until: string, by: string) =>
    `${left === 1 ? 'queda 1 uso' : `quedan ${left} usos`}, hasta ${until}, de ${by}`,
  invitationWithdrawn: '* Esa invitación ya no vale.',
  theOperator: 'quien administra el servidor',
  roleNames: {
    owner: 'dueño',
    moderator: 'moderador',
    helper: 'ayudante',
    speaker: 'vocero',
    member: 'miembro',
  },
  listNames: { ban: 'veto', mute: 'silencio', exception: 'excepción', invitation: 'invitación' },
  maskSet: (list: string, mask: string, by: string, time: string) => `${list} ${mask} — ${by}, ${time}`,
  flagNames: {
    'open-topic': 'tema-libre',
    'no-ctcp': 'sin-ctcp',
    'no-guests': 'sin-invitados',
    'quiet-guests': 'invitados-callados',
  },
  acts,
  folded,
  logNames: { all: 'todo' },
  rulesOf: (room: string, rules: string) => `* ${room}: ${rules}.`,
  ruleNames: {
    key: (key: string) => `llave ${key}`,
    limit: (people: string) => `cupo ${people}`,
    silence: (until: string) => `en silencio ${until}`,
    hours: (hours: string) => `se escribe ${hours}`,
    slow: (seconds: string) => `un mensaje cada ${seconds} s`,
  },
  /** After a report, so that whoever makes one knows who reads what. */
  reported: (seq: number) =>
    `* Reportaste el mensaje ${seq}. Lo ven los moderadores de la sala y los admins, con los de su alrededor, aunque se borre después. Nadie más sabe que fuiste tú.`,
  reportedToAdmins: (seq: number) =>
    `* Reportaste el mensaje ${seq}. Lo ven los admins del servidor, con los de su alrededor. Nadie más sabe que fuiste tú.`,
  reportsPrivate: (seq: number) =>
    `* Es una conversación privada: los admins del servidor leerían el mensaje ${seq}, tres anteriores y tres posteriores. Si estás de acuerdo: /reportar ${seq} si [motivo]`,
  reportReviewed: (seq: number) => `* Alguien revisó el mensaje ${seq}, que reportaste.`,
  reportsWait: (count: number) =>
    count === 1 ? '* Hay 1 reporte sin revisar: /reportes' : `* Hay ${count} reportes sin revisar: /reportes`,
  reportClosed: '* El reporte está cerrado, y quien lo hizo lo sabe.',
  moreReports: '* Hay más reportes, anteriores a estos.',
  inPrivate: '(privado)',
  reportIs: (report: ReportLine) =>
    `${report.id}. ${report.where} #${report.seq} de ${report.author}, lo reportó ${report.by}, ${report.at}`,
  dayNames: { mon: 'lun', tue: 'mar', wed: 'mié', thu: 'jue', fri: 'vie', sat: 'sáb', sun: 'dom' },
  hoursAre: (room: string, hours: string) =>
    `* Horario de ${room}: ${hours}. Fuera de él solo escriben moderadores.`,
  noHours: (room: string) => `* ${room} no tiene horario.`,
  callIs: (room: string, address: string) => `* Llamada de ${room}: ${address}`,
  noCall: (room: string) => `* ${room} no tiene llamada.`,
  opensAgain: (time: string) => `Abre: ${time}.`,
  kindNames: { open: 'abierta', closed: 'cerrada', announcement: 'anuncios' },
  /** The settings of the server: what each is called, and its values with what they mean. */
  serverSettings: {
    privateMessages: {
      name: 'privados',
      values: { everyone: 'todos', staff: 'admins', off: 'nadie' },
      means: {
        everyone: 'todos se escriben en privado',
        staff: 'en privado se escribe solo donde está un admin',
        off: 'nadie escribe en privado',
      },
    },
    teams: {
      name: 'equipos',
      values: { admins: 'admins', moderators: 'moderadores' },
      means: {
        admins: 'los equipos los hacen los admins',
        moderators: 'los equipos los hacen los admins y quien modera una sala',
      },
    },
    editHistory: {
      name: 'versiones',
      values: { off: 'no', on: 'si' },
      means: {
        off: 'no se guardan los textos anteriores de los mensajes corregidos',
        on: 'se guardan los textos anteriores de los mensajes corregidos; al pasar a «no» se borran todos',
      },
    },
  },
  commands: {
    help: { word: 'ayuda', args: '[comando]', help: 'esta ayuda' },
    rooms: { word: 'salas', args: '', help: 'tus salas y las que hay' },
    join: { word: 'unirse', args: '<sala> [llave]', help: 'entra en una sala; lo que escribas irá allí' },
    leave: { word: 'dejar', args: '[sala]', help: 'deja la sala en la que estás, u otra' },
    create: { word: 'crear', args: '<sala> [abierta|cerrada|anuncios]', help: 'crea una sala' },
    direct: {
      word: 'privado',
      args: '<persona>[,persona…]|&número [texto]',
      help: 'habla en privado con alguien, o en un grupo por su número',
    },
    who: { word: 'quien', args: '[sala]', help: 'quién está en la sala' },
    topic: { word: 'tema', args: '[texto]', help: 'muestra o pone el tema; un - lo quita' },
    bring: { word: 'traer', args: '<persona>', help: 'trae a alguien a la sala' },
    ask: { word: 'convidar', args: '<persona>', help: 'invita a alguien a la sala, que entra si quiere' },
    decline: { word: 'declinar', args: '<sala>', help: 'dice que no a quien te invita a una sala' },
    kick: { word: 'sacar', args: '<persona> [motivo]', help: 'saca a alguien de la sala' },
    ban: {
      word: 'vetar',
      args: '<persona|patrón> [30m|2h|7d] [motivo]',
      help: 'saca a alguien, y no puede volver hasta entonces; -persona lo perdona; juan* es quien se llame así',
    },
    mute: {
      word: 'callar',
      args: '<persona|patrón> [30m|2h|7d|0] [motivo]',
      help: 'alguien no puede escribir aquí, o quien se llame juan*; 0 lo deshace',
    },
    appoint: {
      word: 'nombrar',
      args: '<persona> <dueño|moderador|ayudante|vocero|miembro>',
      help: 'da un papel en la sala',
    },
    silence: {
      word: 'silenciar',
      args: '[30m|2h|7d|0]',
      help: 'en la sala solo escriben voceros y moderadores; 0 lo deshace',
    },
    hide: {
      word: 'ocultar',
      args: '[no]',
      help: 'saca de tu lista esta conversación hasta que se diga algo nuevo, o la devuelve',
    },
    slow: {
      word: 'lento',
      args: '<segundos>',
      help: 'un mensaje por persona cada tantos segundos; 0 lo quita',
    },
    hours: {
      word: 'horario',
      args: '[días horas… | -]',
      help: 'cuándo se escribe en la sala, como lun-vie 07:00-12:00 14:00-18:00; sáb 9-12; un - lo quita',
    },
    call: {
      word: 'llamada',
      args: '[https://… | -]',
      help: 'muestra o pone el enlace de la llamada de la sala; un - lo quita',
    },
    kind: {
      word: 'tipo',
      args: '<abierta|cerrada|anuncios>',
      help: 'quién entra en la sala y quién escribe en ella',
    },
    key: { word: 'llave', args: '<llave>', help: 'sin ella nadie entra por su cuenta; un - la quita' },
    limit: { word: 'cupo', args: '<personas>', help: 'cuántas personas caben en la sala; 0 lo quita' },
    rules: {
      word: 'reglas',
      args: '[[-]tema-libre|sin-ctcp|sin-invitados|invitados-callados]',
      help: 'las reglas de la sala; con una la pone, o con un - la quita',
    },
    masks: {
      word: 'patrones',
      args: '[veto|silencio|excepción|invitación [-]patrón]',
      help: 'a quién vetan, silencian, exceptúan o invitan las listas de la sala; juan* es quien se llame así',
    },
    notify: {
      word: 'avisos',
      args: '<todo|menciones|nada|invisible>',
      help: 'de qué te avisa esta sala cuando estás en otra',
    },
    rename: {
      word: 'renombrar',
      args: '<nombre>',
      help: 'da otro nombre a la sala o al grupo; un - se lo quita a un grupo',
    },
    archive: { word: 'archivar', args: '[no]', help: 'cierra la sala a mensajes nuevos, o la reabre' },
    log: {
      word: 'registro',
      args: '[todo] [persona]',
      help: 'lo que hicieron los moderadores de la sala, o en todo el servidor (admins)',
    },
    history: {
      word: 'historial',
      args: '[cuántos] [antes de #]',
      help: 'los últimos mensajes, con su número',
    },
    show: { word: 'ver', args: '<#>', help: 'un mensaje y los de su alrededor; #sala/41 es su dirección' },
    search: {
      word: 'buscar',
      args: '<palabras>',
      help: 'busca por el comienzo de las palabras: "frase entera" -sin de:ana en:sala antes:2026-11-01 despues:… tiene:enlace',
    },
    more: { word: 'mas', args: '', help: 'sigue una respuesta larga' },
    reply: { word: 'responder', args: '<#> <texto>', help: 'responde a un mensaje' },
    act: { word: 'me', args: '<texto>', help: 'lo que haces: /me baila' },
    thread: { word: 'hilo', args: '<#>', help: 'un mensaje y sus respuestas' },
    threads: { word: 'hilos', args: '', help: 'los hilos que sigues, con lo que no has leído' },
    follow: { word: 'seguir', args: '<#>', help: 'sigue el hilo de un mensaje; -# deja de seguirlo' },
    edit: { word: 'editar', args: '<#> <texto>', help: 'corrige un mensaje tuyo' },
    versions: {
      word: 'versiones',
      args: '<#>',
      help: 'los textos que tuvo un mensaje, si el servidor los guarda',
    },
    erase: { word: 'borrar', args: '<#>', help: 'borra un mensaje' },
    react: {
      word: 'reaccionar',
      args: '<emoji> [#]',
      help: 'reacciona a un mensaje (al último); -emoji lo quita',
    },
    reactions: { word: 'reacciones', args: '<#>', help: 'quién reaccionó a un mensaje' },
    pin: { word: 'fijar', args: '<#>', help: 'fija un mensaje; -# lo desfija' },
    pins: { word: 'fijados', args: '', help: 'los mensajes fijados' },
    unread: { word: 'noleido', args: '<#>', help: 'deja como no leído desde ese mensaje' },
    save: { word: 'guardar', args: '<#>', help: 'guarda un mensaje para ti; -# lo quita' },
    saved: { word: 'guardados', args: '', help: 'los mensajes que guardaste, del último al primero' },
    report: {
      word: 'reportar',
      args: '<#> [motivo]',
      help: 'avisa de un mensaje a los moderadores y a los admins, que lo ven con los de su alrededor aunque se borre',
    },
    reports: {
      word: 'reportes',
      args: '[#|-# [nota]]',
      help: 'los reportes sin revisar (moderadores); con un número uno de ellos, -# lo cierra',
    },
    paste: { word: 'pegar', args: '', help: 'un mensaje de varias líneas, hasta una con solo un punto' },
    schedule: {
      word: 'programar',
      args: '<cuándo> <texto>',
      help: 'lo envía a la sala más tarde: 30m, 9:00, mañana 9:00, lunes 8:00, 2026-12-01 9:00',
    },
    scheduled: {
      word: 'programados',
      args: '[-número | ya número | número texto]',
      help: 'lo que se enviará más tarde; -número lo borra, ya lo envía, un texto lo cambia',
    },
    remind: {
      word: 'recordar',
      args: '<#> <cuándo> [nota]',
      help: 'te recuerda ese mensaje: 2h, mañana 9:00',
    },
    reminders: { word: 'recordatorios', args: '[-número]', help: 'los que tienes; -número borra uno' },
    poll: {
      word: 'encuesta',
      args: '[-varias] [-nombres] [-30m|-2h|-7d] <pregunta> | <opción> | <opción>…',
      help: 'pregunta algo a la sala; -varias deja elegir más de una opción, -nombres muestra quién eligió qué',
    },
    vote: {
      word: 'votar',
      args: '<#> [número…|nada]',
      help: 'vota en una encuesta, o muestra cómo va; nada quita tu voto',
    },
    closePoll: { word: 'cerrar', args: '<#>', help: 'cierra una encuesta' },
    file: { word: 'archivo', args: '<#>', help: 'enlaces a los archivos de un mensaje, solo para ti' },
    files: { word: 'archivos', args: '[cuántos]', help: 'los últimos archivos de la sala' },
    send: {
      word: 'enviar',
      args: '[archivo]',
      help: 'una dirección para enviar un archivo a la sala con curl',
    },
    profile: { word: 'perfil', args: '[persona]', help: 'quién es alguien, o tú' },
    name: { word: 'nombre', args: '<nombre completo>', help: 'cambia tu nombre completo' },
    status: { word: 'estado', args: '[texto]', help: 'muestra o pone lo que dices de ti; un - lo quita' },
    away: { word: 'ausente', args: '[no]', help: 'dice que no estás, o que has vuelto' },
    language: { word: 'idioma', args: '<es|en>', help: 'en qué idioma te habla el servidor' },
    zone: { word: 'zona', args: '[zona]', help: 'tu zona horaria, como America/Bogota; un - la quita' },
    password: { word: 'clave', args: '', help: 'cambia tu contraseña' },
    sessions: {
      word: 'sesiones',
      args: '[-#]',
      help: 'dónde tienes sesión; -# cierra una; -otras, las demás',
    },
    move: { word: 'mover', args: '', help: 'un código para seguir esta sesión en otra parte' },
    block: {
      word: 'bloquear',
      args: '[persona]',
      help: 'a quién no quieres leer en privado; -persona lo deshace',
    },
    teams: { word: 'equipos', args: '', help: 'los equipos: @equipo llama a todos los suyos' },
    team: {
      word: 'equipo',
      args: '<equipo> [+persona -persona…]',
      help: 'quién está en un equipo; +ana la pone, -ana la saca, -equipo lo borra (admins)',
    },
    people: { word: 'personas', args: '[desde]', help: 'las cuentas que hay (admins)' },
    role: {
      word: 'papel',
      args: '<persona> <dueño|admin|miembro|invitado|bot>',
      help: 'da un papel en el servidor (admins)',
    },
    disable: { word: 'desactivar', args: '<persona>', help: 'cierra una cuenta y sus sesiones (admins)' },
    enable: { word: 'activar', args: '<persona>', help: 'abre otra vez una cuenta (admins)' },
    code: {
      word: 'codigo',
      args: '<persona>',
      help: 'un código de un solo uso para quien olvidó su contraseña (admins)',
    },
    invite: {
      word: 'invitar',
      args: '[usos] [30m|2h|7d] [#sala…]',
      help: 'un código para registrarse (admins)',
    },
    invitations: {
      word: 'invitaciones',
      args: '[-código]',
      help: 'las que valen; -código retira una (admins)',
    },
    server: {
      word: 'servidor',
      args: '[ajuste valor]',
      help: 'los ajustes del servidor; con un valor cambia uno (admins)',
    },
  },
  passwordLength: (least: number) => `La contraseña debe tener entre ${least} y 256 caracteres.`,
  refusals,

  // The IRC door alone.
  irc: {
    later: 'Eso se puede cuando la conexión está completa.',
    needsCode: (account: string) => `Hace falta un código de invitación: VERIFY ${account} código`,
    passWanted: 'Hace falta la contraseña del servidor (PASS), o una cuenta (SASL).',
    killed: (by: string, why: string) => `Desconectado por ${by} (${why})`,
    noRehash: 'Los certificados se renuevan solos; lo demás se lee al iniciar el servidor.',
    longValue: 'El valor es demasiado largo: el máximo son 400 bytes.',
    noPassword: 'Falta la contraseña: una línea de la entrada.',
    operatorIs: 'Ahora eres operador.',
    motd: (network: string) =>
      `Bienvenido a ${network}. Todo lo que se dice aquí queda guardado antes de mostrarse.`,
    identify: [
      'Hace falta una cuenta. Entra con SASL, con PASS usuario:contraseña, o así: /msg NickServ IDENTIFY usuario contraseña',
      'Para crear una con este nombre: /msg NickServ REGISTER contraseña [código]',
    ],
    /** Where these differ from the line door's: IRC users see no message numbers. */
    putOff: {
      message: (_seq: string, room: string, author: string, text: string) => `${author} en ${room}: ${text}`,
      goneMessage: (_seq: string, room: string) => `un mensaje de ${room}, que ya no puedes leer`,
      notSent: (room: string, time: string, reason: string) =>
        `* No se envió a ${room} lo programado para el ${time}: ${reason} Se ve con /msg ChanServ SCHEDULED.`,
    },
    remindersWaiting: (count: number) =>
      `${count === 1 ? 'Tienes 1 recordatorio pendiente' : `Tienes ${count} recordatorios pendientes`}: /msg ChanServ REMINDERS`,
    services: {
      NickServ: [
        'IDENTIFY [usuario] contraseña: inicia sesión.',
        'REGISTER contraseña [código]: crea una cuenta con tu nombre actual.',
        'PASSWORD actual nueva: cambia tu contraseña. Si entraste con un código de un solo uso: PASSWORD nueva.',
        'HELP: esta ayuda.',
      ],
      ChanServ: [
        'Un canal es de quien lo creó con JOIN; no hace falta registrarlo.',
        'REGISTER #canal: lo confirma.',
        'UNREAD: cuánto no has leído, y dónde. UNREAD #canal, o UNREAD nick: eso, lo más antiguo primero.',
        'READ #canal, o READ nick: lo da por leído.',
        'FILE enlace, o FILE #canal para el último mensaje con archivos: un enlace para cada uno que te lo abre sin entrar, durante diez minutos.',
        'FILES #canal [cuántos], o FILES nick: los últimos archivos de ahí.',
        'SEND #canal, o SEND nick: una dirección para enviar ahí un archivo con curl.',
        'HOURS #canal: cuándo se escribe ahí. HOURS #canal lun-vie 07:00-12:00 14:00-18:00 lo pone; con un - se quita.',
        'CALL #canal: el enlace de la llamada. CALL #canal https://… lo pone; con un - se quita.',
        'REPORT #canal nick [motivo]: avisa de lo último que dijo a los moderadores y a los admins, que lo ven con lo de su alrededor aunque se borre.',
        'REPORTS: los reportes sin revisar, para moderadores. CLOSE número [nota]: cierra uno.',
        'POLL #canal [-varias] [-nombres] [-2h] pregunta | opción | opción…: una encuesta.',
        'VOTE #canal [número…|nada]: vota en la última encuesta de ahí, o muestra cómo va; en otra, con su msgid: VOTE 1-41 2.',
        'CLOSE #canal, o CLOSE msgid: cierra una encuesta.',
        'SCHEDULE #canal cuándo texto: lo envía más tarde (30m, 9:00, mañana 9:00, lunes 8:00). SCHEDULED: lo programado; SCHEDULED -número lo borra.',
        'REMIND msgid cuándo [nota]: te recuerda un mensaje. REMINDERS: los que tienes; REMINDERS -número borra uno.',
        'HELP: esta ayuda.',
      ],
    },
    choosePassword:
      'Entraste con un código de un solo uso, que ya no sirve. Elige ahora tu contraseña: /msg NickServ PASSWORD nueva',
    alreadyIn: (username: string) => `Ya tienes sesión como ${username}.`,
    channelIsKept: 'Ese canal ya queda guardado: es de quien lo creó.',
    admin: 'Los admins del servidor se ven en WHOIS.',
    info: [
      'Tertulia: un servidor de chat con una sola orden.',
      'Cada sala es un registro numerado; nadie pierde ni repite un mensaje.',
    ],
    help: 'Comandos',
    needs: (count: number) => (count === 1 ? 'Necesita 1 parámetro.' : `Necesita ${count} parámetros.`),
    noCtcp: 'CTCP no pasa por aquí, salvo ACTION.',
    notUtf8: 'La línea no es UTF-8, y no se leyó.',
    noTarget: 'Ahí no estás.',
    disconnected: 'Se ha desconectado',
    badBatch: 'El mensaje de varias líneas no es válido.',
    noSubcommand: 'No existe esa orden.',
    fewParameters: 'Faltan parámetros.',
    manyParameters: 'Sobran parámetros.',
    nothingThere: 'Ahí no hay nada, o nada que puedas ver.',
    badReference: 'Un mensaje se dice con timestamp=… o con msgid=….',
    badTimestamp: 'La hora no es válida. Se escribe así: timestamp=2026-01-31T12:00:00.000Z',
    badHistoryLimit: 'El límite no es válido: es un número entero, de 0 en adelante.',
    badKey: 'La clave no es válida.',
    keyNotSet: 'Esa clave no tiene valor.',
    manySubscriptions: 'Son demasiadas suscripciones.',
    onlyOneself: 'Eso es solo de uno mismo: el destino es *.',
    syncLater: 'Es mucho para decirlo sin que nadie lo pida: METADATA SYNC lo muestra.',
    nickFirst: 'Antes hace falta NICK.',
    refusals: {
      'bad-mask':
        'Los patrones son de nombres: nick, nick!*@*, a:nick o m:nick!*@*; las direcciones nadie las ve.',
      'no-such-message': 'Ese mensaje no está, o ya no.',
    },
    numerics: {
      ERR_USERNOTINCHANNEL: 'No está en ese canal.',
      ERR_NICKLOCKED: 'El nick es el nombre de usuario, y no cambia.',
    },
    erased: (author: string, words: string) =>
      words === '' ? `${author} borró un mensaje.` : `${author} borró «${words}»`,
    poll: {
      untouched: (_seq: number, ask: string) => `* ${ask}`,
      open: (_seq: number, results: string, ask: string) => `* Encuesta: ${results}. ${ask}`,
      over: (_seq: number, results: string) => `* Encuesta cerrada: ${results}.`,
    },
    pollEnded: (author: string, words: string, results: string) =>
      `${author} cerró la encuesta «${words}»: ${results}.`,
    pollExpired: (author: string, words: string, results: string) =>
      `Terminó la encuesta de ${author}, «${words}»: ${results}.`,
    pinned: (author: string, words: string) =>
      words === '' ? `${author} fijó un mensaje.` : `${author} fijó «${words}»`,
    unpinned: (author: string, words: string) =>
      words === '' ? `${author} desfijó un mensaje.` : `${author} desfijó «${words}»`,
    badSasl: 'Lo que ha enviado el cliente no es un mensaje de ese mecanismo de SASL.',
    noBinding:
      'El cliente quiere ligar la sesión al canal (channel binding), que aquí no se ofrece: SCRAM-SHA-256 sin ello, o PLAIN.',
    forAnother: 'Nadie entra por otra persona: la identidad que se pide no es la de la cuenta.',
    wrongProof:
      'Credenciales incorrectas, o esa cuenta no ha entrado con su contraseña desde que hay SCRAM: prueba PLAIN.',
    passwordFirst:
      'Para esta cuenta hace falta una vez la contraseña (PLAIN, PASS o NickServ); después, SCRAM.',
    /** @param most where counting stops */
    unreadLeft: (target: string, count: number, most: number) =>
      count === 1
        ? `${target}: queda 1 mensaje sin leer. Se ve con: /msg ChanServ UNREAD ${target}`
        : `${target}: quedan ${count > most ? `más de ${most}` : count} mensajes sin leer. Se ven con: /msg ChanServ UNREAD ${target}`,
    nothingUnread: 'No hay nada sin leer.',
    closedOrAlike:
      'Hay una sala con ese nombre, o uno muy parecido, que es cerrada: solo entra quien alguien trae.',
    tooManyNames: (most: number) => `Son demasiados nombres en una sola línea: el máximo son ${most}.`,
    tooManyModes: (most: number) =>
      `Como mucho ${most} cambios con parámetro en cada MODE; a partir de este no se ha hecho ninguno.`,
    badLimit: 'El cupo es un número de personas.',
  },

  // The web door alone; the app's own sentences are in web-es.ts.
  web: {
    problems: {
      'not-logged-in': 'Hay que iniciar sesión.',
      'bad-request': 'La petición no se entiende.',
      'not-found': 'Aquí no hay nada.',
      'wrong-method': 'Eso no se puede hacer en esta dirección.',
      'too-large': 'La petición es demasiado grande.',
      'wrong-type': 'El tipo de contenido debe ser application/json, text/plain o text/markdown.',
      'foreign-origin': 'Otra página web no puede hacer eso en tu nombre.',
      'wrong-host': 'Este servidor no se llama así.',
      'too-fast': 'Son demasiadas peticiones seguidas. Espera un poco.',
      'too-many-connections': 'Son demasiadas conexiones desde tu dirección. Cierra alguna o espera un poco.',
      'too-many-headers': 'Son demasiadas cabeceras.',
      'bad-range': 'El archivo no tiene esos bytes.',
      'wrong-offset': 'La subida no va por ese byte: pregunta con HEAD por dónde va.',
      'too-slow': 'La petición tardó demasiado.',
      failed: 'Algo falló en el servidor.',
    },
    noApp: {
      building: 'La aplicación web se está construyendo. Esta página se abrirá sola en un momento.',
      failed: 'La aplicación web no se pudo construir. El registro del servidor dice por qué.',
      missing:
        'La aplicación web no está construida. Quien administra el servidor puede hacerlo con: npm ci y npm run build.',
    },
    otherWays: 'El chat está abierto: entra con nc, telnet o npm run chat.',
  },

  onlyEncrypted: 'Este servidor solo atiende conexiones cifradas: entra con https o con TLS.',
  tooManyConnections: 'Son demasiadas conexiones desde tu dirección. Cierra alguna o espera un poco.',
  onlyNearby: 'Este servidor solo atiende a su red local.',

  // The console, for the person who runs the server.
  alsoAt: (url: string) => `También en ${url}`,
  noWebPort: (port: number, why: string) =>
    `Sin puerto solo para navegadores (${port}: ${why}): entran por el de todos. Mira --web-port.`,
  join: (command: string) => `Para entrar: ${command}`,
  dataAt: (path: string) => `Los datos están en ${path}`,
  noPictures: (reason: string) =>
    `Esta máquina no puede leer imágenes (${reason}): se envían como cualquier otro archivo, sin miniatura. El lugar donde se hicieron se les quita igualmente.`,
  /** The store's problems; wellAgain when one is over. */
  storeIs: {
    full: (path: string) =>
      `No queda espacio en el disco de ${path}, o en tu cuota: no se guarda nada hasta que lo haya. Libera espacio.`,
    moved: (path: string) =>
      `${path} o un archivo de los suyos (-wal, -shm, -lock) fue movido, reemplazado o borrado con el servidor en marcha: no se guarda nada. Devuélvelo a su sitio antes de detener el servidor: sin ${path}, lo que había se pierde.`,
    overwritten: (path: string) =>
      `Otro programa escribió en ${path} o en ${path}-wal con el servidor en marcha (quizá una copia): no se guarda nada más. Detén el servidor, pon una copia en su sitio y vuelve a iniciarlo. Lo que solo está en el registro queda en ${path}-wal-unmerged.`,
    'taken-back': (path: string) =>
      `Otro programa devolvió ${path} a como estaba antes, con el servidor en marcha (.restore de sqlite3, o copias de sus archivos): falta algo que se había confirmado, y no se guarda nada más. Detén el servidor y vuelve a iniciarlo: sigue con lo que haya en ${path} y en ${path}-wal.`,
    held: (path: string) =>
      `Otro programa tiene ocupado ${path} y no lo suelta: no se guarda nada hasta que termine su transacción. Busca qué programa lo tiene abierto.`,
    broken: (path: string) =>
      `${path} está dañado donde hace falta para guardar: no se guarda nada. Detén el servidor y restaura una copia.`,
    damaged: (path: string) =>
      `Una parte de ${path} está dañada y no se puede leer; el resto sigue. Detén el servidor y restaura una copia.`,
    index: (path: string) =>
      `El índice de búsqueda de ${path} estaba dañado y se está rehaciendo: con él no se pierde ningún mensaje. Si vuelve a pasar, puede que falle el disco.`,
    remade: (path: string) =>
      `Una parte de ${path} estaba dañada y se rehízo: con ella no se pierde nada. Puede que el disco esté fallando: haz una copia.`,
    'index-again': (path: string) =>
      `El índice de búsqueda de ${path} se dañó otra vez: buscar, corregir y borrar fallan hasta que el servidor se inicie de nuevo, que lo rehace. Puede que falle el disco: haz una copia.`,
    refusing: (path: string) =>
      `Una regla (trigger) que otro programa puso en ${path} no deja guardar algo: se rechaza y se le dice a quien lo envió.`,
    away: (where: string, why: string) => `No se llega a ${where}: ${why}`,
    wellAgain: (path: string) => `${path} está bien otra vez.`,
    noRoomForFiles:
      'Queda poco espacio en el disco de los archivos: no se recibe ninguno hasta que haya más. Los mensajes sí se guardan. Libera espacio.',
    roomForFiles: 'Vuelve a haber espacio para archivos.',
  },
  /** What other programs did to the database. */
  tampered: {
    missing: (room: number, seqs: string) =>
      `Otro programa borró o cambió filas de la sala ${room} en la base de datos (${seqs}): se ven como mensajes borrados.`,
    added: (room: number, upto: number) =>
      `Otro programa añadió filas a la sala ${room} en la base de datos, hasta la ${upto}: se ven desde ahora.`,
    misplaced: (room: number, end: number) =>
      `Otro programa cambió el final de la sala ${room} en la base de datos: sigue en la ${end}, donde terminan sus filas.`,
    lost: (room: number, seq: number) =>
      `Otro programa añadió filas a la sala ${room} en la base de datos muy por detrás de la última (${seq}): no se ven, y la sala sigue.`,
    remade: (names: string) =>
      `Otro programa quitó o cambió partes de la base de datos (${names}): están otra vez como deben.`,
    odd: (column: string, rows: string) =>
      `Otro programa dejó en ${column} de la base de datos algo que no tiene sentido (filas: ${rows}). Cuenta como lo menos que puede significar; corrígelo.`,
  },
  /** Why the server stops by itself. */
  lost: {
    commit: 'Falló el disco al guardar. Revisa el disco y vuelve a iniciar: lo confirmado está guardado.',
    thread: 'Falló el servidor por dentro. Vuelve a iniciar: lo confirmado está guardado.',
    history:
      'La base de datos sigue desde otro punto (un reemplazo o una copia restaurada). Vuelve a iniciar: lo último confirmado puede faltar.',
  },
  copyKept: (path: string, until: string) =>
    `${path} es la copia de antes de actualizar, con lo que entonces había; se borra el ${until}.`,
  firstIsOwner: 'La primera cuenta que se registre será la dueña del servidor.',
  ownerCodeIs: (code: string) =>
    `La primera cuenta será la dueña del servidor. Para registrarla hace falta este código: ${code}`,
  noServer: (folder: string) =>
    `No hay ningún servidor en marcha con los datos de ${folder}. Se inicia con: npm start`,
  noSocket: (folder: string) =>
    `No se puede hablar con el servidor de ${folder}: o no es de tu cuenta, o la ruta de su carpeta es demasiado larga.`,
  // Looking for files whose bytes are missing, and for what nothing refers to.
  checking: {
    well: (messages: number) => `Todo está bien. Mensajes con archivos: ${messages}`,
    looked: (messages: number) => `Mensajes con archivos: ${messages}`,
    broken: (count: number) => `Archivos de mensajes que faltan o no están como deberían: ${count}`,
    fault: {
      missing: 'falta',
      unreadable: 'no se puede leer',
      length: 'no mide lo que debería',
      digest: 'su contenido es otro',
      row: 'otro programa borró sus filas de la base de datos',
    },
    brokenFile: (room: number, message: number, name: string, fault: string) =>
      `  sala ${room}, mensaje #${message}${name === '' ? '' : `, ${name}`}: ${fault}`,
    lost: (count: number) =>
      `Archivos de mensajes que otro programa borró (el servidor los borrará también): ${count}`,
    lostFile: (id: string, name: string) => `  ${id}  ${name}`,
    orphans: (count: number) => `Archivos guardados a los que nada hace referencia: ${count}`,
    orphan: (key: string) => `  ${key}`,
    andMore: (count: number) => `  … y ${count} más`,
    deleted: (count: number) => `De ellos se borran, por tener más de un día: ${count}`,
    deleteThem: 'Para borrar los que tengan más de un día: npm run -s tertulia -- check --delete-orphans',
  },
  // Copying chat.db to PostgreSQL.
  copying: {
    whereTo:
      'Falta decir adónde: npm run -s tertulia -- copy --store postgres://usuario:clave@servidor:5432/base --data carpeta',
    nothing: (path: string) => `No hay ${path}. Di dónde está chat.db con --data.`,
    progress: (done: number, all: number) => `Mensajes copiados: ${done} de ${all}`,
    done: (where: string, { accounts, rooms, messages }: CopiedChat) =>
      `El chat está en ${where}. Cuentas: ${accounts}; salas: ${rooms}; mensajes: ${messages}.`,
    leftOut: (table: string, rows: number) =>
      `${rows === 1 ? 'No se copió 1 fila' : `No se copiaron ${rows} filas`} de ${table}: de personas o salas que no existen.`,
    refused: (table: string, rows: number) =>
      `${rows === 1 ? 'No se copió 1 fila' : `No se copiaron ${rows} filas`} de ${table}: PostgreSQL no admite dos que para él son iguales, ni textos demasiado largos donde los busca.`,
    mended: (table: string, values: number) =>
      `${values === 1 ? 'Se enmendó 1 valor' : `Se enmendaron ${values} valores`} de ${table}: números imposibles, o de quien no existe.`,
    missing: (key: string) => `Falta un archivo, y no se copió: ${key}`,
    unread: (key: string, detail: string) => `Un archivo no se puede leer, y no se copió: ${key} (${detail})`,
    cut: (key: string) => `Un archivo tiene más o menos bytes de los que debe, y se copió como está: ${key}`,
    next: (path: string) =>
      `Desde ahora se inicia con --store. ${path} queda como estaba: lo que se diga con ese archivo ya no llegará a PostgreSQL.`,
    failed: (detail: string) => `No se pudo copiar, y en PostgreSQL no quedó nada: ${detail}`,
    lost: (where: string) =>
      `Se perdió la conexión con ${where}. Repite la orden: copia todo, o dice que ya está copiado.`,
  },
  passwordSet: (username: string) => `* La contraseña de ${username} cambió, y sus sesiones se cerraron.`,
  notSet: 'sin valor',
  byDefault: 'por defecto',
  plaintext: 'Atención: las conexiones no van cifradas.',
  plaintextNearby:
    'Atención: en esta red nada va cifrado, y quien la escuche puede leer lo que se dice y las contraseñas.',
  nobodyNear:
    'Atención: esta máquina no tiene ninguna dirección privada, y con --lan solo se entra desde una. Mira --tls y --allow-plaintext.',
  classCodeIs: (code: string) => `Para registrarse hace falta el código de la clase: ${code}`,
  fingerprintIs: (fingerprint: string) =>
    `El certificado lo firma el propio servidor. Su huella SHA-256: ${fingerprint}`,
  badKeyPair: {
    unreadable: (path: string) => `No se puede leer ${path}, que hace falta para TLS.`,
    'no-certificate': (path: string) => `${path} no es un certificado en formato PEM.`,
    'no-key': (path: string) => `${path} no es una clave privada en formato PEM y sin contraseña.`,
    mismatch: (path: string) => `La clave de ${path} no es la de su certificado.`,
    unfit: (path: string) =>
      `El certificado de ${path} no sirve para TLS: o su cadena está dañada, o su clave es muy débil.`,
  },
  /** The system's errors by their codes: clauses, without a full stop. */
  system: {
    EADDRINUSE: 'ese puerto ya está en uso',
    EACCES: 'no hay permiso',
    EADDRNOTAVAIL: 'esta máquina no tiene esa dirección',
    ENOTFOUND: 'nadie conoce ese nombre',
    ENOENT: 'no existe',
    EISDIR: 'es una carpeta',
    other: (code: string) => `el sistema dice ${code}`,
  },
  startFailed: {
    listener: (url: string, why: string) => `No se puede escuchar en ${url}: ${why}.`,
    bus: (why: string) => `No se puede usar el bus: ${why}`,
    motd: (path: string, why: string) => `No se puede leer el mensaje del día ${path}: ${why}.`,
    'port-taken': (port: number, free: string) => `El puerto ${port} está ocupado. Prueba con: ${free}`,
    'port-denied': (port: number, free: string) =>
      `No hay permiso para usar el puerto ${port}. Prueba con: ${free}`,
    'no-such-host': (host: string) =>
      `Esta máquina no tiene la dirección ${host}. Prueba con: --host 127.0.0.1`,
    locked: (path: string) => `Otro servidor ya usa ${path}. Detenlo o elige otra carpeta con --data.`,
    unwritable: (path: string) =>
      `No se puede escribir en ${path}. Da permiso o elige otra carpeta con --data.`,
    'not-a-database': (path: string) =>
      `${path} no es una base de datos. Muévelo o elige otra carpeta con --data.`,
    'not-ours': (path: string) => `${path} es de otro programa. Muévelo o elige otra carpeta con --data.`,
    'too-new': (path: string) =>
      `${path} es de una versión más nueva de Tertulia. Actualiza Tertulia para abrirlo.`,
    'wrong-version': (path: string) =>
      `Otro programa cambió el número de versión de ${path}: no es el de sus tablas. Restaura una copia o elige otra carpeta con --data.`,
    incomplete: (path: string, what: string) =>
      `A ${path} le falta algo que otro programa quitó y no se puede rehacer: ${what}. Restaura una copia o elige otra carpeta con --data.`,
    full: (path: string) => `No queda espacio para ${path}. Libera espacio o elige otra carpeta con --data.`,
    damaged: (path: string) => `${path} está dañado. Restaura una copia o elige otra carpeta con --data.`,
    'bad-url': (where: string) =>
      `${where} no es una dirección de PostgreSQL. Tiene la forma postgres://usuario:clave@servidor:5432/base.`,
    unreachable: (where: string) =>
      `PostgreSQL en ${where} no responde o no deja escribir. Comprueba que esté en marcha y se pueda llegar a él.`,
    'other-tables': (where: string) =>
      `En ${where} hay tablas de otro programa. Elige otra base de datos, vacía.`,
    'no-tables': (where: string) =>
      `En ${where} Tertulia no puede crear sus tablas. La base de datos debe ser del usuario: CREATE DATABASE tertulia OWNER tertulia.`,
    'bad-encoding': (where: string) =>
      `La base de datos de ${where} no guarda UTF-8. Créala con ENCODING 'UTF8' TEMPLATE template0.`,
    'no-space': (where: string) => `A PostgreSQL en ${where} no le queda espacio.`,
    denied: (where: string) =>
      `PostgreSQL en ${where} no deja entrar a Tertulia. Revisa el usuario, la contraseña y la base de datos.`,
    'not-empty': (where: string) =>
      `En ${where} ya hay un chat. Elige una base de datos vacía, o inicia con la que hay: npm start -- --store …`,
    'in-use': (where: string) =>
      `Hay nodos en marcha en ${where}, o algo usa sus tablas. Detenlos; de uno que murió se sabe un minuto después.`,
    unexpected: (detail: string) => `El servidor no pudo iniciar: ${detail}`,
  },
  badSetting: {
    'unknown-command': (name: string) => `No existe la orden ${name}. Las hay con --help.`,
    'unknown-option': (name: string) => `No existe la opción ${name}. Mira las opciones con --help.`,
    'unknown-key': (name: string) => `No existe la clave ${name}. Mira las opciones con --help.`,
    'no-value': (name: string) => `A ${name} le falta un valor.`,
    'bad-value': (name: string, value: string, wanted: string) =>
      `${name} no puede ser «${value}»: ${wanted}.`,
    'unreadable-file': (path: string, detail: string) => `No se puede leer ${path}: ${detail}`,
    exposed: (host: string) =>
      `En ${host} entran otras máquinas. Elige cómo: cifrado con --tls-cert y --tls-key o con --tls self-signed, sin cifrar desde direcciones privadas con --lan, o sin cifrar desde cualquiera con --allow-plaintext; si no, usa --host 127.0.0.1.`,
    'tls-half': (missing: string) => `--tls-cert y --tls-key van juntos: falta ${missing}.`,
    'tls-twice': (path: string) => `O --tls self-signed o el certificado de ${path}: los dos no.`,
    'limits-needed': (where: string) =>
      `--no-limits solo vale en un servidor al que solo se llega desde esta máquina: por ${where} llegan también otros.`,
    'tls-lacking': (url: string) =>
      `${url} es cifrado: hace falta un certificado (--tls-cert y --tls-key, o --tls self-signed).`,
    'sts-unsafe': (_: string) =>
      '--irc-sts hace que los clientes solo vuelvan cifrados: necesita un certificado en el que confíen (--tls-cert y --tls-key).',
    'bus-alone': (_: string) =>
      '--bus es para varios nodos con la misma base de datos: hace falta también --store postgres://…',
    'proxies-lacking': (url: string) =>
      `Delante de ${url} hay un proxy: di con --trusted-proxies en qué direcciones confiar.`,
  },
  wanted: {
    port: 'un número de 0 a 65535',
    webPort: 'un número de 0 a 65535, u off',
    connections: 'un número de 1 a 1000000',
    lang: 'es o en',
    boolean: 'true o false',
    text: 'un texto',
    level: 'trace, debug, info, warn, error, fatal o silent',
    registration: 'open, invite o closed',
    tls: 'self-signed',
    networkName: 'una palabra de hasta 30 letras, cifras, puntos o guiones',
    hostName: 'un nombre con punto, como irc.example.org, de hasta 63 caracteres',
    operators:
      'nombres con lo que da «npm run -s tertulia hash»: una tabla en el archivo; si no, nombre:$argon2id$…, separados por espacios',
    listeners:
      'direcciones como irc://127.0.0.1:6667, ircs://0.0.0.0:6697, irc+ws://…, irc+wss://…, http://…, https://…, line://…, lines://…, separadas por comas; con ?proxy detrás de un proxy',
    stores: 'direcciones como postgres://usuario:contraseña@servidor:5432/base, separadas por comas',
    buses: 'direcciones como nats://servidor:4222, separadas por comas',
    nicks: 'un número de 9 a 32',
    register: 'before, after u off',
    email: 'none, optional o required',
    days: 'un número de días, de 0 a 3650',
    size: 'un tamaño, como 500M o 2G',
    mediaTypes: 'tipos como image/png o image/*, separados por comas',
    copyDays: 'un número de días, de 1 a 3650',
    hostsWithPorts: 'hosts con su puerto y comas entre ellos, como wiki.local:8080',
    onOff: 'on u off',
    origin: 'http:// o https:// con un nombre y sin ruta, como https://chat.example.org',
    networks: 'direcciones o redes con comas entre ellas, como 127.0.0.1, 10.0.0.0/8',
  },
  help: `Tertulia: un servidor de chat.

  npm start -- [opciones]

  --port N            puerto (8000; 0 elige uno libre)
  --host DIRECCIÓN    dirección en la que escucha (127.0.0.1)
  --lan               para la red local: sin cifrar, solo desde direcciones privadas
  --tls self-signed   cifrado, con un certificado que hace el propio servidor
  --tls-cert ARCHIVO  cifrado, con este certificado (PEM, con su cadena)
  --tls-key ARCHIVO   y esta clave
  --allow-plaintext   permite escuchar fuera de esta máquina, sin cifrar
  --public-url URL    dónde lo encuentran los demás (https://chat.example.org)
  --trusted-proxies REDES  proxies de confianza (127.0.0.1, 10.0.0.0/8)
  --store URL,…       PostgreSQL en lugar de chat.db, para varios nodos
  --bus URL,…         NATS, por el que se avisan los nodos
  --data CARPETA      dónde guardar chat.db (la carpeta actual)
  --lang es|en        idioma de la puerta de líneas y de esta consola (es)
  --registration MODO open, invite (con código de invitación) o closed
  --no-limits         sin límites contra inundaciones; solo en esta máquina
  --connections-per-address N  a la vez (la cuarta parte de lo que puede abrir el proceso)
  --listen URL,…      más puertos, de una sola puerta (irc://127.0.0.1:6667)
  --web-port N|off    puerto solo para navegadores (8080 con --lan; si no, off)
  --keep-copies DÍAS  cuánto se guardan las copias de antes de actualizar (30)
  --file-size TAMAÑO  lo más grande que puede ser un archivo (1G)
  --files-per-person, --files-per-room, --files-in-all TAMAÑO  espacio para archivos (10G, 50G, 200G)
  --file-types TIPO,… solo se pueden enviar archivos de estos tipos (image/*, application/pdf)
  --allow-internal HOST:PUERTO,…  lo que el servidor puede consultar en la red interna
  --previews on|off   vistas previas de los enlaces (off si otros pueden entrar)
  --irc-guests        por IRC también sin cuenta
  --irc-…             lo demás del IRC: véase docs/irc.md
  --log-level NIVEL   trace, debug, info, warn, error, fatal o silent
  --config ARCHIVO    archivo de configuración (tertulia.toml)
  --help              esta ayuda

Lo mismo como variables de entorno (TERTULIA_PORT=8123, TERTULIA_LIMITS=false…)
y en tertulia.toml (port = 8123, limits = false…). Mandan las opciones, luego el
entorno, luego el archivo.

De chat.db a un PostgreSQL vacío, con el servidor detenido:

  npm run -s tertulia -- copy --store URL --data CARPETA

Con el servidor en marcha, quien lo administra tiene además:

  npm run -s tertulia users    cuentas e invitaciones
  npm run -s tertulia rooms    salas
  npm run -s tertulia check    archivos que faltan o sobran
  npm run -s tertulia config   cada valor y de dónde viene
  npm run -s tertulia hash     lo que se guarda de una contraseña (irc-operators)`,

  // The terminal client.
  client: {
    help: `Tertulia: el cliente de terminal.

  npm run chat -- [--host DIRECCIÓN] [--port N] [--lang es|en]

Se conecta a localhost:8000 si no se dice otra cosa. Se sale con: salir, Ctrl-C o Ctrl-D.

En una terminal, /enviar foto.jpg envía ese archivo de esta máquina, y /bajar 41 guarda los del mensaje 41 en esta
carpeta (/bajar 41 ~/fotos en otra).`,
    save: { word: 'bajar', args: '<#> [carpeta]' },
    noSuchFile: (path: string) => `* En esta máquina no hay ningún archivo ${path}`,
    progress: (name: string, percent: number) => `* ${name}: ${percent} %`,
    saved: (path: string) => `* Guardado: ${path}`,
    notTransferred: (why: string) => `* No se pudo: ${why}`,
    unreachable: (address: string, detail: string) =>
      `No se pudo conectar con ${address} (${detail}). ¿Está en marcha el servidor? Se inicia con: npm start`,
    gone: 'El servidor cerró la conexión.',
  },
}

/** How many of each were copied. */
interface CopiedChat {
  readonly accounts: number
  readonly rooms: number
  readonly messages: number
}

type Words<T> = T extends string
  ? string
  : T extends readonly string[]
    ? readonly string[]
    : T extends (...args: never[]) => string
      ? T
      : { readonly [Key in keyof T]: Words<T[Key]> }

/** What every language has to say. */
export type Wording = {
  readonly [Key in keyof typeof es]: (typeof es)[Key] extends readonly string[]
    ? readonly string[]
    : (typeof es)[Key] extends object
      ? (typeof es)[Key] extends (...args: never[]) => string
        ? (typeof es)[Key]
        : { readonly [Inner in keyof (typeof es)[Key]]: Words<(typeof es)[Key][Inner]> }
      : string
}
