// Every sentence of the web app, in Spanish.

import { refusals } from './refusals-es.ts'

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

/** Why one may not write in a room. @param until such as “hasta el lunes”, or “por tiempo indefinido” */
type WhyClosed = (until: string, name: string) => string

/** 45 s, 5 min, 1 min 20 s */
function lasting(seconds: number): string {
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60]
  if (minutes === 0) return `${rest} s`
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`
}

/** How much a run of events holds (core/model/history.ts, FoldCounts). */
export interface FoldedCounts {
  readonly joined: number
  readonly left: number
  readonly removed: number
  readonly erased: number
  readonly other: number
  readonly more: boolean
}

/** 12 personas entraron, 3 salieron */
function folded({ joined, left, removed, erased, other, more }: FoldedCounts): string {
  const moves = [
    [joined, 'entró', 'entraron'],
    [left, 'salió', 'salieron'],
    [removed, 'fue sacada', 'fueron sacadas'],
  ] as const
  const people = moves
    .filter(([count]) => count > 0)
    .map(([count, one, many], i) =>
      i === 0 ? plural(count, `persona ${one}`, `personas ${many}`) : plural(count, one, many),
    )
  const parts = [...people, ...(erased > 0 ? [plural(erased, 'mensaje borrado', 'mensajes borrados')] : [])]
  if (other > 0) parts.push(`${plural(other, 'cambio', 'cambios')}${parts.length > 0 ? ' más' : ''}`)
  return `${parts.join(', ')}${more ? ' y más' : ''}`
}

export const web = {
  refusals,
  failed: 'Algo falló. Inténtalo de nuevo.',
  noConnection: 'No hay conexión con el servidor.',
  connecting: 'Conectando…',
  noServer: 'El servidor no responde. Se sigue intentando.',
  loading: 'Cargando…',
  notCopied: 'No se pudo copiar.',
  notLoaded: 'Esta parte de la página no se pudo cargar.',
  offline: 'sin conexión',
  close: 'Cerrar',
  again: 'Reintentar',
  cancel: 'Cancelar',
  save: 'Guardar',
  saved: 'Guardado.',
  copied: 'Copiado.',
  skip: 'Ir a escribir',
  forEver: 'por tiempo indefinido',
  until: (time: string) => `hasta el ${time}`,
  youAreOut: (room: string) => `Ya no estás en ${room}.`,
  youWereBanned: (author: string, room: string, reason: string, until: string) =>
    `${author} te vetó en #${room}${until === '' ? '' : ` ${until}`}${reason === '' ? '.' : `: ${reason}`}`,
  youWereSentOut: (author: string, room: string, reason: string) =>
    `${author} te sacó de #${room}${reason === '' ? '.' : `: ${reason}`}`,
  newVersion: 'Hay una versión nueva.',
  reload: 'Recargar',
  cut: (unsent: number) =>
    unsent === 0
      ? 'Sin conexión. Lo que escribas se enviará al volver.'
      : `Sin conexión. ${plural(unsent, 'mensaje espera', 'mensajes esperan')} para enviarse.`,
  tryNow: 'Reintentar ahora',
  typing: (names: readonly string[]) =>
    names.length === 1
      ? `${names[0]} está escribiendo…`
      : names.length < 4
        ? `${names.slice(0, -1).join(', ')} y ${names.at(-1)} están escribiendo…`
        : 'Varias personas están escribiendo…',
  statuses: { online: 'en línea', away: 'ausente', offline: 'fuera de línea' },
  roles: {
    owner: 'dueño',
    moderator: 'moderador',
    helper: 'ayudante',
    speaker: 'vocero',
    member: 'miembro',
  },
  serverRoles: { owner: 'dueño', admin: 'admin', member: 'miembro', guest: 'invitado', bot: 'bot' },
  kinds: { open: 'abierta', closed: 'cerrada', announcement: 'anuncios', direct: 'privado' },
  text: { copy: 'Copiar', copied: 'Copiado', externalLink: 'se abre en otra pestaña' },

  entry: {
    welcome: 'La conversación de tu clase, tu equipo o tu comunidad.',
    firstRun: 'Aún no hay nadie. La primera cuenta será la dueña de este servidor.',
    ways: 'Cómo entrar',
    logIn: 'Iniciar sesión',
    register: 'Registrarse',
    username: 'Nombre de usuario',
    usernameHint: 'Letras, dígitos, puntos y guiones. Así te verán los demás.',
    password: 'Contraseña',
    passwordHint: (shortest: number) => `Al menos ${shortest} caracteres.`,
    repeat: 'La contraseña otra vez',
    notTheSame: 'Las dos contraseñas no son iguales.',
    name: 'Nombre completo',
    code: 'Código de registro',
    codeHint: 'Te lo da quien administra el servidor o la clase.',
    ownerCode: 'Está en la consola donde se inició el servidor.',
    create: 'Crear la cuenta',
    closed: 'Aquí nadie puede registrarse. Pídele una cuenta a quien administra el servidor.',
    wrong: 'Credenciales incorrectas, intente nuevamente.',
    haveCode: 'Tengo un código de /mover',
    noCode: 'No tengo un código',
    moveCode: 'Código',
    moveHint: 'Lo da /mover en la otra puerta; vale dos minutos.',
    goOn: 'Seguir aquí',
    ended: {
      revoked: 'Esta sesión se cerró desde otra.',
      disabled: 'Esta cuenta está desactivada.',
      moved: 'La sesión sigue en otra puerta.',
    },
  },

  sidebar: {
    label: 'Salas y conversaciones',
    rooms: 'Salas',
    direct: 'Privados',
    search: 'Buscar',
    findRooms: 'Buscar o crear una sala',
    newDirect: 'Escribir a alguien',
    noDirect: 'Aún no hay conversaciones.',
    unread: 'sin leer',
    mentions: 'te mencionan',
    hasNew: 'con mensajes nuevos',
    draft: 'Borrador',
    admin: 'Personas e invitaciones',
    favourites: 'Favoritas',
    favourite: 'Marcar como favorita',
    noFavourite: 'Quitar de favoritas',
    more: (name: string) => `Más sobre ${name}`,
    inNone: 'Sin sección',
    into: (section: string) => `En ${section}`,
    newSection: 'Nueva sección',
    sectionName: 'Nombre de la sección',
    rename: 'Renombrar sección',
    moveUp: 'Subir',
    moveDown: 'Bajar',
    removeSection: 'Quitar sección',
  },

  roomInvitations: {
    title: 'Te invitan',
    by: (author: string, room: string) => `${author} te invita a #${room}`,
    follow: (room: string) => `Entrar en #${room}`,
    decline: (room: string) => `No entrar en #${room}`,
  },

  room: {
    menu: 'Salas',
    archived: 'archivada',
    announcement: 'anuncios',
    members: 'Miembros',
    pins: 'Fijados',
    jump: 'Ir a una fecha',
    files: 'Archivos',
    level: 'Avisos',
    more: 'Más de esta sala',
    allRead: 'Marcar como leída',
    searchHere: 'Buscar en esta sala',
    log: 'Registro de moderación',
    settings: 'Ajustes de la sala',
    leave: 'Dejar la sala',
  },

  list: {
    label: (room: string) => `Mensajes de ${room}`,
    message: (author: string, time: string) => `${author}, ${time}`,
    unreadLine: 'Nuevos',
    newSince: (count: string, when: string, number: number) =>
      `${count} ${number === 1 ? 'nuevo' : 'nuevos'}${when === '' ? '' : ` desde ${when}`}`,
    allRead: 'Marcar como leído',
    newest: 'Ir al final',
    newOnes: (count: string, number: number) =>
      `${count} ${number === 1 ? 'mensaje nuevo' : 'mensajes nuevos'}`,
    offline: 'Sin conexión: no se pueden leer los mensajes.',
    sending: 'Enviando',
    drop: 'Descartar',
    deleted: 'Mensaje borrado',
    edited: '(editado)',
    editedHint: 'Se corrigió después de enviarlo',
    editKeys: 'Enter guarda, Esc cancela',
    answers: 'Responde a',
    reactions: 'Reacciones',
    reaction: (emoji: string, count: number) => `${emoji}, ${plural(count, 'persona', 'personas')}`,
    tools: 'Acciones del mensaje',
    react: 'Reaccionar',
    reactWith: (emoji: string) => `Reaccionar con ${emoji}`,
    reply: 'Responder',
    unread: 'Marcar como no leído',
    thread: 'Abrir el hilo',
    edit: 'Editar',
    erase: 'Borrar',
    pin: 'Fijar',
    unpin: 'Desfijar',
    more: 'Más',
    copy: 'Copiar el texto',
    copyLink: 'Copiar el enlace',
    doors: 'Cómo lo ve cada puerta',
    goTo: 'Ver en la sala',
  },

  print: {
    about: (when: string, count: number) => `${plural(count, 'mensaje', 'mensajes')}, impresos el ${when}`,
    part: 'No es toda la conversación: se imprimen como mucho 2.000 mensajes, los últimos o, si miras hacia atrás, los que siguen a lo que miras.',
  },

  welcome: {
    room: (name: string) => `Aquí empieza #${name}.`,
    direct: (name: string) => `Aquí empieza la conversación con ${name}.`,
    sayHello: 'Todavía no se ha dicho nada. Di hola.',
    alone: 'Ahora no hay nadie más: comparte la dirección de este servidor.',
  },

  nothingThere: {
    title: 'Aquí no hay nada',
    text: 'Esta dirección no lleva a ninguna parte. Quizá se copió a medias.',
    message: 'Ese mensaje no existe, o ya no está en esta sala.',
  },

  notAMember: {
    key: 'Llave de la sala',
    notIn: 'No estás en esta sala, o no existe.',
    join: 'Entrar',
    home: 'Volver',
  },

  dayNames: { mon: 'lun', tue: 'mar', wed: 'mié', thu: 'jue', fri: 'vie', sat: 'sáb', sun: 'dom' },
  events: {
    folded,
    unfold: 'Mostrar',
    foldAgain: 'Ocultar',
    unfoldMore: 'Mostrar más',
    pinned: (author: string) => `${author} fijó un mensaje.`,
    unpinned: (author: string) => `${author} desfijó un mensaje.`,
    seePinned: 'Ver',
    arrived: (who: string) => `${who} entró en la sala.`,
    brought: (author: string, who: string) => `${author} trajo a ${who}.`,
    left: (who: string, _author: string, _reason: string) => `${who} dejó la sala.`,
    kicked: (who: string, author: string, reason: string) =>
      `${author} sacó a ${who}${reason === '' ? '.' : `: ${reason}`}`,
    banned: (who: string, author: string, reason: string, until: string) =>
      `${author} vetó a ${who}${until === '' ? '' : ` ${until}`}${reason === '' ? '.' : `: ${reason}`}`,
    appointed: (who: string, role: string) => `${who} es ahora ${role}.`,
    muted: (who: string, until: string) => `${who} no puede escribir ${until}.`,
    unmuted: (who: string) => `${who} puede escribir otra vez.`,
    renamed: (author: string, name: string) => `${author} renombró la sala: ahora es #${name}.`,
    retitled: (author: string, topic: string) => `${author} puso el tema: ${topic}`,
    groupNamed: (author: string, title: string) => `${author} llamó a esta conversación: ${title}`,
    groupUnnamed: (author: string) => `${author} le quitó el nombre a esta conversación`,
    untitled: (author: string) => `${author} quitó el tema.`,
    rehoured: (author: string, hours: string) => `${author} puso el horario: ${hours}.`,
    unhoured: (author: string) => `${author} quitó el horario.`,
    called: (author: string) => `${author} puso el enlace de la llamada.`,
    uncalled: (author: string) => `${author} quitó el enlace de la llamada.`,
    archived: 'La sala se archivó.',
    unarchived: 'La sala se reabrió.',
    silenced: (until: string) => `Solo escriben voceros y moderadores, ${until}.`,
    unsilenced: 'Todos pueden escribir otra vez.',
    slow: (seconds: number) => `Modo lento: un mensaje por persona cada ${seconds} s.`,
    notSlow: 'El modo lento terminó.',
    rekinded: {
      open: 'La sala se abrió: entra quien quiera.',
      closed: 'La sala se cerró: solo entra quien alguien trae.',
      announcement: 'La sala es ahora para anuncios.',
    },
    keyed: (key: string) => `Para entrar hace falta una llave: ${key}`,
    unkeyed: 'Para entrar ya no hace falta llave.',
    limited: (people: number) => `En la sala caben ${plural(people, 'persona', 'personas')}.`,
    unlimited: 'La sala ya no tiene cupo.',
    flagged: {
      'open-topic': 'Cualquiera puede poner el tema.',
      'no-ctcp': 'El CTCP de IRC no pasa por aquí.',
      'no-guests': 'En la sala no entran invitados.',
      'quiet-guests': 'Los invitados solo leen.',
    },
    unflagged: {
      'open-topic': 'Solo los moderadores ponen el tema.',
      'no-ctcp': 'El CTCP de IRC vuelve a pasar por aquí.',
      'no-guests': 'Los invitados pueden entrar.',
      'quiet-guests': 'Los invitados pueden escribir.',
    },
    masked: {
      ban: (author: string, mask: string) => `${author} vetó a quien se llame ${mask}.`,
      mute: (author: string, mask: string) => `${author} silenció a quien se llame ${mask}.`,
      exception: (author: string, mask: string) => `${author} exceptuó a quien se llame ${mask}.`,
      invitation: (author: string, mask: string) => `${author} invitó a quien se llame ${mask}.`,
    },
    unmasked: {
      ban: (author: string, mask: string) => `${author} levantó el veto a ${mask}.`,
      mute: (author: string, mask: string) => `${author} devolvió la palabra a quien se llame ${mask}.`,
      exception: (author: string, mask: string) => `${author} quitó la excepción de ${mask}.`,
      invitation: (author: string, mask: string) => `${author} retiró la invitación de ${mask}.`,
    },
  },

  composer: {
    placeholder: (room: string, direct: boolean) => `Escribir ${direct ? `a ${room}` : `en #${room}`}`,
    send: 'Enviar',
    emoji: 'Emojis',
    noEmoji: 'No hay ningún emoji con ese nombre.',
    noReply: 'No responder',
    completions: 'Sugerencias',
    everyone: 'todos',
    everyoneHint: 'avisa a toda la sala',
    tooLong: (longest: number) => `Es demasiado largo: el máximo son ${longest} caracteres.`,
    noCommand: (command: string) =>
      `No existe el comando ${command}. Para escribirlo como texto, empieza con //`,
    asCode: 'Parece código: mostrarlo como código',
    sendAsCode: 'Dar formato de código',
    closed: {
      archived: () => 'La sala está archivada: nadie escribe en ella.',
      'read-only': () => 'En esta sala solo escriben voceros y moderadores.',
      muted: until => `Te silenciaron en esta sala ${until}.`,
      'muted-name': () => 'Los moderadores silenciaron aquí los nombres como el tuyo.',
      'banned-name': () =>
        'Los moderadores vetaron aquí los nombres como el tuyo: puedes leer, pero no escribir.',
      silenced: until => `La sala está en silencio ${until}: solo escriben voceros y moderadores.`,
      'quiet-guests': () => 'En esta sala los invitados solo leen.',
      blocked: (_until, name) => `Bloqueaste a ${name}: así no puedes escribirle.`,
    } satisfies Readonly<Record<string, WhyClosed>>,
    reopen: 'Reabrir',
    unblock: 'Desbloquear',
    slow: (seconds: number) => `Modo lento: un mensaje cada ${lasting(seconds)}.`,
    wait: (seconds: number) => `Espera ${lasting(seconds)}.`,
  },

  commands: {
    help: { word: 'ayuda', also: 'help', args: '', help: 'teclas y comandos' },
    rooms: { word: 'salas', also: 'rooms', args: '', help: 'tus salas y las que hay' },
    join: { word: 'unirse', also: 'join', args: '<sala>', help: 'entra en una sala' },
    leave: { word: 'dejar', also: 'leave', args: '', help: 'deja esta sala' },
    direct: { word: 'privado', also: 'dm', args: '<persona>[,persona…] [texto]', help: 'habla en privado' },
    topic: { word: 'tema', also: 'topic', args: '[texto]', help: 'pone el tema de la sala, o lo quita' },
    status: { word: 'estado', also: 'status', args: '[texto]', help: 'lo que dices de ti' },
    search: { word: 'buscar', also: 'search', args: '<palabras>', help: 'busca en todas tus salas' },
    bring: { word: 'traer', also: 'bring', args: '<persona>', help: 'trae a alguien a la sala' },
    ask: {
      word: 'convidar',
      also: 'ask',
      args: '<persona>',
      help: 'invita a alguien a la sala, que entra si quiere',
    },
    kick: { word: 'sacar', also: 'kick', args: '<persona> [motivo]', help: 'saca a alguien de la sala' },
    act: { word: 'me', also: 'me', args: '<texto>', help: 'lo que haces: /me baila' },
    poll: {
      word: 'encuesta',
      also: 'poll',
      args: '[pregunta | opción | opción…]',
      help: 'pregunta algo a la sala',
    },
    notify: { word: 'avisos', also: 'notify', args: '', help: 'de qué te avisa esta sala' },
    teams: { word: 'equipos', also: 'teams', args: '', help: 'los equipos de personas' },
    threads: { word: 'hilos', also: 'threads', args: '', help: 'los hilos que sigues' },
    move: { word: 'mover', also: 'move', args: '', help: 'un código para seguir en otra puerta' },
  },

  previews: {
    list: (count: number): string =>
      count === 1 ? 'Vista previa del enlace' : 'Vistas previas de los enlaces',
    remove: 'Quitar la vista previa',
    takeOff: (what: string) => `Quitar la vista previa de ${what}`,
  },
  files: {
    list: (count: number) => plural(count, 'archivo', 'archivos'),
    kinds: {
      picture: 'Imagen',
      video: 'Video',
      audio: 'Audio',
      text: 'Texto',
      pdf: 'PDF',
      other: 'Archivo',
    },
    picture: (name: string) => `Imagen: ${name}`,
    video: (name: string) => `Video: ${name}`,
    audio: (name: string) => `Audio: ${name}`,
    download: (name: string) => `Descargar ${name}`,
    firstLines: (name: string) => `Primeras líneas de ${name}`,
    notRead: 'No se pudo leer el comienzo.',
    animate: 'Reproducir la animación',
    still: 'Detener la animación',
    play: 'Reproducir',
    pause: 'Pausar',
    position: 'Posición',
    at: (position: string, duration: string) => `${position} de ${duration}`,
    speed: (times: string) => `Velocidad: ${times}`,
    notPlayed: 'Este navegador no puede reproducirlo: descárgalo.',

    attach: 'Adjuntar archivos',
    attachFiles: 'Elegir archivos',
    takePicture: 'Hacer una foto',
    record: 'Grabar un mensaje de voz',
    pasted: (time: string) => `captura ${time}`,
    drop: (room: string) => `Suelta los archivos para enviarlos a ${room}`,
    cannotDrop: 'Aquí no se pueden dejar archivos.',
    tray: 'Archivos para enviar',
    tooMany: (most: number) => `En un mensaje caben ${most} archivos: los demás no se añadieron.`,
    most: (size: string) => `Hasta ${size} por archivo.`,
    left: (size: string) => `Te queda espacio para ${size}.`,
    details: (name: string) => `Alt: texto alternativo y orden de ${name}`,
    order: (name: string) => `Orden de ${name}`,
    alt: 'Texto alternativo',
    altHint: 'Qué se ve, para quien no lo ve.',
    heardHint: 'Qué se dice, para quien no lo oye.',
    before: 'Mover antes',
    after: 'Mover después',
    moved: (name: string, place: number, count: number) => `${name}: lugar ${place} de ${count}`,
    remove: (name: string) => `Quitar ${name}`,
    retry: (name: string) => `Reintentar ${name}`,
    waiting: 'En espera',
    uploading: (percent: number) => `Subiendo, ${percent} %`,
    preparing: 'Preparando…',
    ready: 'Listo',
    progress: (name: string) => `Subida de ${name}`,
    isReady: (name: string) => `${name} está listo para enviarse.`,
    isRefused: (name: string, why: string) => `${name} no se subió: ${why}`,
    gone: 'El archivo cambió o ya no está: adjúntalo otra vez.',
    postRefused: 'No se envió: hay archivos que no se pudieron subir.',
    failedFirst: 'Quita antes, o reintenta, los archivos que no se pudieron subir.',
  },

  voice: {
    title: 'Mensaje de voz',
    recording: 'Grabando',
    done: 'Terminar la grabación',
    cancel: 'Descartar la grabación',
    name: (time: string) => `voz ${time}`,
    denied: 'El navegador no deja usar el micrófono. Se permite en el candado junto a la dirección.',
    missing: 'No se encontró ningún micrófono.',
    insecure: 'El navegador solo deja grabar en páginas con https.',
    failed: 'No se pudo grabar.',
    longest: (minutes: number) => `La grabación terminó a los ${minutes} minutos, que es lo máximo.`,
  },

  viewer: {
    count: (at: number, all: number) => `${at} de ${all}`,
    previous: 'Imagen anterior',
    next: 'Imagen siguiente',
    closer: 'Acercar',
    farther: 'Alejar',
    fit: 'Ajustar a la ventana',
    by: (author: string, time: string) => `${author}, ${time}`,
    failed: 'No se pudo mostrar la imagen.',
  },

  gallery: {
    title: 'Archivos de la sala',
    kinds: { visual: 'Imágenes', other: 'Archivos', link: 'Enlaces' },
    find: 'Buscar por nombre',
    none: {
      visual: 'En esta sala aún no hay imágenes.',
      other: 'En esta sala aún no hay archivos.',
      link: 'En esta sala aún no hay enlaces.',
    },
    nothing: 'Nada se llama así.',
    more: 'Más antiguos',
  },

  emoji: {
    search: 'Buscar un emoji por su nombre',
    recent: 'Recientes',
    found: 'Encontrados',
    tone: 'Tono de piel',
    tones: ['sin tono', 'claro', 'medio claro', 'medio', 'medio oscuro', 'oscuro'],
  },

  reactions: {
    title: 'Reacciones',
    who: (names: string, others: number, emoji: string) =>
      `${names}${others > 0 ? ` y ${others} más` : ''}: ${emoji}`,
    none: 'Nadie ha reaccionado.',
    more: 'Ver más',
    show: 'Ver quién reaccionó',
  },

  teams: {
    title: 'Equipos',
    hint: 'Con @equipo llamas a todos los suyos que están en la sala.',
    none: 'Aún no hay equipos.',
    people: (count: number) => plural(count, 'persona', 'personas'),
    mine: 'estás en él',
    name: 'Nombre',
    create: 'Crear el equipo',
    all: 'Todos los equipos',
    empty: 'En este equipo no hay nadie.',
    add: 'Añadir personas',
    addHint: 'ana beto caro',
    addThem: 'Añadir',
    takeOut: (username: string) => `Sacar a ${username}`,
    bring: (room: string) => `Traer a #${room}`,
    come: (count: number) =>
      count === 0 ? 'Ya estaban en la sala.' : `Entraron ${plural(count, 'persona', 'personas')}.`,
    remove: 'Borrar el equipo',
    sure: (name: string) => `¿Borrar @${name}? Lo que lo menciona queda como texto.`,
  },

  threads: {
    title: 'Hilos',
    none: 'Aquí verás los hilos que sigues: aquellos en los que escribes o te mencionan.',
    readAll: 'Marcar todo como leído',
    more: 'Ver más',
    withNew: 'con respuestas nuevas',
  },

  thread: {
    answers: (count: number) =>
      count === 0
        ? 'Sin respuestas'
        : count === 1
          ? '1 respuesta'
          : `${count >= 1000 ? '999+' : count} respuestas`,
    unread: (count: number) => `${count >= 100 ? '99+' : count} ${count === 1 ? 'nueva' : 'nuevas'}`,
    lastAnswer: 'Última respuesta:',
    older: 'Ver respuestas anteriores',
    follow: 'Seguir el hilo',
    unfollow: 'Dejar de seguir el hilo',
    alsoInRoom: (room: string, direct: boolean) =>
      direct ? 'Mostrar también en la conversación' : `Mostrar también en #${room}`,
    placeholder: 'Responder en el hilo',
    title: 'Hilo',
    empty: 'Nadie ha respondido todavía.',
  },

  members: {
    find: 'Buscar a alguien',
    bring: 'Traer a alguien por su usuario',
    here: (count: number) => `En línea: ${count}`,
    gone: (count: number) => `Fuera de línea: ${count}`,
    banned: 'Personas vetadas',
    muted: 'silenciado',
  },

  group: {
    name: 'Nombre del grupo',
    nameHint: 'Lo ven todos los que están en la conversación. Sin nombre, se ve quiénes están.',
    fromThenOn: 'Quien llega a una conversación lee lo que se diga desde entonces.',
    hide: 'Ocultar conversación',
    hidden: 'Vuelve a tu lista cuando se diga algo nuevo.',
  },

  putOff: {
    title: 'Programados y recordatorios',
    scheduled: 'Programados',
    reminders: 'Recordatorios',
    noScheduled: 'No hay nada por enviar.',
    noReminders: 'Pide un recordatorio desde el menú de un mensaje.',
    sendLater: 'Enviar más tarde',
    sendAt: (preset: string, time: string) => `${preset} (${time})`,
    sendNow: 'Enviar ya',
    otherTime: 'Otro momento…',
    presets: { inAnHour: 'En una hora', tomorrow: 'Mañana a las 8:00', monday: 'El lunes a las 8:00' },
    dateAndTime: (zone: string) => `Día y hora (${zone})`,
    past: 'Ese momento ya pasó.',
    clockIsOff: (minutes: number, isAhead: boolean) =>
      `El reloj de este aparato va ${minutes} min ${isAhead ? 'adelantado' : 'atrasado'}; cuenta el del servidor.`,
    choose: 'Elegir',
    move: 'Cambiar la hora',
    moveTo: 'Cambiar la hora',
    text: 'Texto',
    elsewhere: 'Una sala en la que no estás',
    notSent: 'No se envió.',
    remind: 'Recordarme',
    reminder: 'Recordatorio',
    willRemind: 'Te lo recordaremos.',
    willSend: 'Mensaje programado.',
    waiting: (count: number) => (count === 1 ? '1 mensaje programado' : `${count} mensajes programados`),
    notCommands: 'Las órdenes no se programan.',
    filesFirst: 'Espera a que terminen de subir los archivos.',
    gone: 'El mensaje ya no existe, o ya no puedes leerlo.',
    goThere: 'Ir al mensaje',
    now: 'ahora',
    done: 'Listo',
    meant: (time: string) => `Programado para ${time}`,
  },
  versions: {
    title: 'Textos del mensaje',
    now: 'ahora',
    none: 'De antes no se guardó ningún texto.',
    show: 'Ver los textos anteriores',
    kept: 'Aquí se guardan los textos anteriores de los mensajes corregidos.',
    keptNow: 'Desde ahora se guardan los textos anteriores de los mensajes corregidos.',
    notKept: 'Ya no se guardan los textos anteriores de los mensajes, y los guardados se borraron.',
  },

  savedMessages: {
    title: 'Guardados',
    none: 'No has guardado nada. Guarda un mensaje desde su menú: solo tú lo ves aquí.',
    gone: (time: string) => `Lo guardaste el ${time}; ya no puedes leerlo.`,
    save: 'Guardar',
    remove: 'Quitar de guardados',
    done: 'Mensaje guardado.',
    undone: 'Quitado de guardados.',
  },

  poll: {
    title: 'Encuesta',
    question: 'Pregunta',
    options: 'Opciones',
    optionNumber: (number: number) => `Opción ${number}`,
    removeOption: (number: number) => `Quitar la opción ${number}`,
    addOption: 'Agregar opción',
    allowSeveral: 'Se pueden elegir varias',
    showNames: 'Se ve quién eligió qué',
    endsAt: 'Termina (si quieres)',
    ask: 'Preguntar',
    one: 'Elige una',
    several: 'Elige una o varias',
    named: 'se ve quién eligió qué',
    closed: 'Cerrada',
    close: 'Cerrar encuesta',
    who: 'Quién eligió qué',
    nobody: 'nadie',
    voters: (count: number) =>
      count === 0 ? 'Nadie ha votado.' : plural(count, 'persona votó', 'personas votaron'),
    until: (time: string) => `Hasta el ${time}`,
    share: (votes: number, share: number) => (votes === 0 ? '0' : `${votes} · ${share} %`),
    option: (text: string, votes: number, isMine: boolean) =>
      `${text}, ${plural(votes, 'voto', 'votos')}${isMine ? ', tu voto' : ''}`,
  },

  pins: {
    none: 'No hay nada fijado en esta sala.',
    noneYours: 'No hay nada fijado. Fija un mensaje desde su menú.',
  },

  person: {
    title: 'Perfil',
    time: (time: string, zone: string) => `Allí son las ${time} (${zone}).`,
    edit: 'Editar mi perfil',
    write: 'Escribirle',
    block: 'Bloquear',
    unblock: 'Desbloquear',
    blocked: 'Lo que te escriba en privado ya no te llega.',
    unblocked: 'Puede escribirte otra vez.',
    inRoom: (room: string) => `En #${room}`,
    mute: 'Callar…',
    unmute: 'Devolver la palabra',
    kick: 'Sacar de la sala',
    ban: 'Vetar…',
    bring: 'Traer a la sala',
    role: 'Papel en la sala',
  },

  search: {
    title: 'Buscar',
    placeholder: 'Palabras, "una frase", -sin…',
    filters: 'Filtros',
    from: 'de',
    in: 'en',
    before: 'antes',
    after: 'después',
    has: 'tiene',
    link: 'enlace',
    found: (count: number) => plural(count, 'resultado', 'resultados'),
    drop: (chip: string) => `Quitar ${chip}`,
    hint: 'Busca en todas tus salas por el comienzo de las palabras; "entre comillas", tal cual. También de:ana en:general antes:2026-11-01 tiene:enlace, solos o juntos.',
    nothing: 'No se encontró nada.',
    incomplete: 'Puede haber más: no se ha mirado todo. Prueba con más palabras, o dentro de un momento.',
    more: 'Más resultados',
  },

  switcher: {
    title: 'Ir a una sala o persona',
    hint: 'Sala, persona o palabras…',
    list: 'Adónde ir',
    none: 'No hay nada con ese nombre.',
    count: (count: number) => plural(count, 'opción', 'opciones'),
    join: 'entrar en ella',
    all: (typed: string) => `Buscar «${typed}» en todos los mensajes`,
    groups: {
      rooms: 'Tus salas y conversaciones',
      people: 'Personas',
      others: 'Otras salas',
      messages: 'Mensajes',
    },
  },

  erase: {
    title: 'Borrar el mensaje',
    text: 'El texto se borra para siempre, para todos.',
    yes: 'Borrar',
  },

  leave: {
    title: (room: string) => `Dejar ${room}`,
    open: 'Puedes volver cuando quieras.',
    closed: 'Es una sala cerrada: para volver alguien tiene que traerte.',
    direct:
      'Para volver, alguien que siga en ella tiene que traerte; lo que se diga mientras tanto no lo leerás.',
    yes: 'Dejar la sala',
    yesDirect: 'Dejar la conversación',
  },

  date: { title: 'Ir a una fecha', day: 'Día', go: 'Ir' },

  level: {
    title: (room: string) => `Avisos de ${room}`,
    names: { everything: 'Todo', mentions: 'Menciones', nothing: 'Nada', invisible: 'Invisible' },
    hints: {
      everything: 'Cuenta y muestra todo lo que pasa.',
      mentions: 'Solo lo que te menciona.',
      nothing: 'Se cuenta lo no leído, sin avisar.',
      invisible: 'Ni se cuenta.',
    },
  },

  move: {
    title: 'Seguir en otra puerta',
    text: 'Escribe este código donde la otra puerta pregunta (1) o (2), antes de dos minutos. La sesión sigue allí, en la misma sala.',
    where: (command: string) => `Por ejemplo: ${command}`,
  },

  keys: {
    title: 'Teclas y comandos',
    commands: 'Comandos',
    erase: 'Supr',
    search: 'Ctrl Mayús F',
    groups: [
      {
        title: 'En todas partes',
        keys: [
          ['?', 'esta ayuda'],
          ['Ctrl K', 'ir a una sala, una persona o un mensaje'],
          ['Ctrl Mayús F', 'buscar'],
          ['Alt ↑ · Alt ↓', 'sala anterior o siguiente'],
          ['Alt Mayús ↓', 'siguiente sala sin leer'],
          ['Esc', 'salir de donde se escribe; cerrar; ir al final'],
          ['A … Z', 'escribir, desde donde estés'],
        ],
      },
      {
        title: 'Al escribir',
        keys: [
          ['Enter', 'enviar'],
          ['Mayús Enter', 'línea nueva'],
          ['↑', 'corregir lo último que dijiste'],
          ['@ # : /', 'personas, salas, emojis, comandos'],
          ['Ctrl B · Ctrl I · Ctrl E', 'negrita, cursiva, código'],
          ['Ctrl U', 'adjuntar archivos'],
        ],
      },
      {
        title: 'En un mensaje',
        keys: [
          ['↑ · ↓', 'mensaje anterior o siguiente'],
          ['R', 'responder'],
          ['T', 'abrir el hilo'],
          ['E', 'editar'],
          ['U', 'marcar como no leído'],
          ['Supr', 'borrar'],
          ['D', 'cómo lo ve cada puerta'],
        ],
      },
      {
        title: 'En una imagen abierta',
        keys: [
          ['← · →', 'imagen anterior o siguiente'],
          ['+ · − · 0', 'acercar, alejar, ajustar'],
          ['Esc', 'cerrar'],
        ],
      },
    ] as readonly { title: string; keys: readonly (readonly [string, string])[] }[],
  },

  doors: {
    title: (seq: number) => `El mensaje ${seq} en cada puerta`,
    text: 'El mismo mensaje, tal como viaja por cada protocolo.',
    names: { line: 'Línea (nc, telnet)', irc: 'IRC', json: 'JSON (WebSocket)' },
    size: (bytes: number) => plural(bytes, 'byte', 'bytes'),
  },

  rooms: {
    title: 'Salas',
    find: 'Buscar una sala',
    make: 'Nueva sala',
    none: 'No hay ninguna sala así.',
    archived: 'Archivadas',
    people: (count: number) => plural(count, 'persona', 'personas'),
    open: 'Abrir',
    join: 'Entrar',
    name: 'Nombre',
    kind: 'Quién entra y quién escribe',
    create: 'Crear la sala',
    hints: {
      open: 'Entra y escribe cualquiera.',
      closed: 'Solo entra quien alguien trae.',
      announcement: 'Entra cualquiera; escriben voceros y moderadores.',
    },
  },

  direct: {
    title: 'Escribir en privado',
    find: '¿A quién?',
    open: (count: number) => (count > 1 ? `Abrir con ${count} personas` : 'Abrir'),
    none: 'No hay nadie con ese nombre.',
  },

  roomSettings: {
    title: (room: string) => `Ajustes de #${room}`,
    topic: 'Tema',
    slow: 'Modo lento',
    seconds: (seconds: number) =>
      seconds === 0 ? 'no' : seconds < 60 ? `${seconds} segundos` : plural(seconds / 60, 'minuto', 'minutos'),
    key: 'Llave para entrar (vacía: ninguna)',
    limit: 'Cupo de personas (0: sin cupo)',
    flags: {
      'open-topic': 'Cualquiera pone el tema',
      'no-ctcp': 'Sin CTCP de IRC',
      'no-guests': 'Sin invitados',
      'quiet-guests': 'Los invitados solo leen',
    },
    masks: 'Listas de nombres',
    masksHint: 'juan* es cualquiera cuyo nombre de usuario empiece así.',
    lists: { ban: 'Vetos', mute: 'Silencios', exception: 'Excepciones', invitation: 'Invitaciones' },
    list: 'Lista',
    mask: 'Patrón',
    addMask: 'Añadir',
    dropMask: (mask: string) => `Quitar ${mask}`,
    silence: 'Silenciar la sala',
    silenceHint: 'Mientras dura, solo escriben voceros y moderadores.',
    silenceHour: 'Una hora',
    silenceOn: 'Hasta nuevo aviso',
    silenceOff: 'Quitar el silencio',
    archive: 'Archivar',
    archiveHint: 'Nadie escribe en una sala archivada; lo dicho se puede leer.',
    reopen: 'Reabrir',
  },

  people: {
    title: 'Personas e invitaciones',
    accounts: 'Cuentas',
    invitations: 'Invitaciones',
    disabled: 'desactivada',
    disable: 'Desactivar',
    enable: 'Activar',
    roleOf: (who: string) => `Papel de ${who}`,
    first: 'Desde el principio',
    next: 'Siguientes',
    uses: 'Usos',
    days: 'Días',
    invite: 'Crear una invitación',
    noInvitations: 'No hay invitaciones.',
    invitation: (left: number, until: string, by: string) =>
      `${left === 1 ? 'queda 1 uso' : `quedan ${left} usos`}, hasta ${until}, de ${by}`,
    operator: 'quien administra el servidor',
    copyLink: 'Copiar el enlace',
    withdraw: 'Retirar',
  },

  avatar: {
    own: 'Tu imagen',
    ofRoom: 'Imagen de la sala',
    choose: 'Elegir una imagen',
    another: 'Elegir otra',
    hint: 'También puedes pegarla o soltarla aquí.',
    remove: 'Quitar',
    crop: 'Encuadre de la imagen',
    cropHint:
      'Mueve la imagen con el dedo, el ratón o las flechas; con\u00a0+ y\u00a0− la acercas o la alejas.',
    zoom: 'Acercar',
    use: 'Usar esta imagen',
    saving: 'Guardando…',
    saved: 'La imagen cambió.',
    removed: 'La imagen se quitó.',
    unreadable: 'Este navegador no pudo leer ese archivo como imagen.',
  },
  server: {
    hint: 'Vale para todos desde que lo cambias.',
    privateMessages: 'Mensajes privados',
    privateMessageNames: { everyone: 'Para todos', staff: 'Solo con admins', off: 'Para nadie' },
    privateMessageHints: {
      everyone: 'Cualquiera escribe en privado a cualquiera.',
      staff: 'Solo se escribe en conversaciones en las que está un dueño o admin del servidor.',
      off: 'Nadie escribe en privado. Lo ya escrito se puede leer.',
    },
    editHistory: 'Mensajes corregidos',
    editHistoryNames: { off: 'Sin sus textos anteriores', on: 'Con sus textos anteriores' },
    editHistoryHints: {
      off: 'Una corrección borra el texto anterior. Al elegirlo se borran los que se guardaron.',
      on: 'Quien lee un mensaje ve también lo que decía antes. Todas las salas lo avisan.',
    },
    forgetVersions: 'Se borrarán todos los textos anteriores que se guardaron. No se puede deshacer.',
    forgetVersionsYes: 'Borrarlos y dejar de guardar',
  },

  settings: {
    title: 'Ajustes',
    pages: {
      look: 'Aspecto',
      notices: 'Avisos',
      profile: 'Perfil',
      sessions: 'Sesiones',
      password: 'Contraseña',
      server: 'Servidor',
    },
    language: 'Idioma',
    theme: 'Colores',
    themes: { system: 'Como el sistema', light: 'Claro', dark: 'Oscuro', contrast: 'Alto contraste' },
    size: 'Tamaño del texto',
    sizes: { small: 'Pequeño', normal: 'Normal', large: 'Grande', huge: 'Muy grande' },
    notices: 'Avisarme de',
    notificationNames: { mentions: 'Privados y menciones', everything: 'Todo', nothing: 'Nada' },
    allowNotifications: 'Permitir avisos del sistema',
    notificationsDenied: 'El navegador no permite avisos de esta página. Se cambia en sus ajustes.',
    sound: 'Con un sonido',
    status: 'Lo que dices de ti',
    zone: 'Zona horaria',
    noZone: 'La de este navegador',
    logOut: 'Cerrar sesión',
    unsent: (count: number) =>
      count === 1
        ? '1 mensaje aún no se ha enviado: al cerrar sesión se pierde.'
        : `${count} mensajes aún no se han enviado: al cerrar sesión se pierden.`,
    before: 'Contraseña actual',
    after: 'Contraseña nueva',
    passwordHint: 'Tus otras sesiones y todos tus códigos de acceso se cerrarán.',
    passwordChanged: 'La contraseña cambió.',
    changePassword: 'Cambiar la contraseña',
    doors: { line: 'Línea', irc: 'IRC', web: 'Navegador' },
    thisOne: 'esta',
    since: (time: string) => `desde el ${time}`,
    end: 'Cerrar',
    endOne: (id: number) => `Cerrar la sesión ${id}`,
    client: (browser: string, system: string) =>
      browser === '' || system === '' ? `${browser}${system}` : `${browser} en ${system}`,
    lastUse: (time: string) => `último uso: ${time}`,
    endOthers: 'Cerrar todas las demás',
    endOthersHint: 'Las de programas, que tienen un nombre, siguen abiertas.',
    othersEnded: (count: number) =>
      count === 1 ? 'Se cerró otra sesión.' : `Se cerraron otras ${count} sesiones.`,
    newToken: 'Código de acceso para un programa',
    tokenHint: 'Se muestra una sola vez. Sirve para curl, bots y otros clientes.',
    tokenName: 'Para qué',
    scope: 'Permiso',
    scopes: { read: 'Leer', write: 'Leer y escribir', admin: 'Todo' },
    issue: 'Crear',
    tokenIs: 'Guárdalo ahora: ',
  },
}

export type WebWords = typeof web
