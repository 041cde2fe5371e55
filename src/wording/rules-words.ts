// Words of the web app about the rules of a room and about reports: loaded with the parts that show them.

const es = {
  hours: {
    title: 'Horario',
    hint: 'Fuera del horario solo escriben moderadores. Sin horario se escribe siempre.',
    zone: 'Zona horaria',
    day: { mon: 'Lun', tue: 'Mar', wed: 'Mié', thu: 'Jue', fri: 'Vie', sat: 'Sáb', sun: 'Dom' },
    days: (number: number) => `Días del tramo ${number}`,
    from: 'Desde',
    to: 'Hasta',
    remove: (number: number) => `Quitar el tramo ${number}`,
    add: 'Añadir un tramo',
    save: 'Guardar el horario',
    overnight: 'Hasta el día siguiente.',
    never: 'Elige días, y que el comienzo y el final no sean la misma hora.',
  },
  call: { label: 'Enlace de la llamada (https://…)' },
  report: {
    title: 'Reportar el mensaje',
    room: 'Lo ven los moderadores de la sala y los admins del servidor, con los mensajes de su alrededor. Guardan el texto de ahora hasta que cierren el reporte, aunque se borre. Nadie más sabe que fuiste tú.',
    direct:
      'Los admins del servidor leerán este mensaje de tu conversación privada, los tres anteriores y los tres posteriores; nada más. Nadie más sabe que fuiste tú.',
    reason: 'Motivo (si quieres)',
    yes: 'Reportar',
    done: 'Gracias: ya lo pueden ver. Te avisaremos cuando lo revisen.',
  },
  reports: {
    title: 'Reportes',
    link: 'sin revisar',
    open: 'Sin revisar',
    closed: 'Cerrados',
    which: 'Cuáles',
    none: 'No hay reportes sin revisar.',
    noneClosed: 'Todavía no se ha cerrado ninguno.',
    by: (who: string, when: string) => `${who} lo reportó, ${when}`,
    direct: 'En privado',
    deleted: 'Se borró después.',
    goTo: 'Ver en la sala',
    note: 'Nota para los demás moderadores (si quieres)',
    close: 'Cerrar el reporte',
    closedBy: (who: string, when: string) => `${who} lo cerró, ${when}`,
    isClosed: 'El reporte está cerrado, y quien lo hizo lo sabe.',
    more: 'Más',
    reviewed: (count: number) =>
      count === 1
        ? 'Alguien revisó el mensaje que reportaste.'
        : `Alguien revisó ${count} mensajes que reportaste.`,
  },
}

type RulesWords = typeof es

const en: RulesWords = {
  hours: {
    title: 'Hours',
    hint: 'Outside of its hours only moderators write. Without hours people write at any time.',
    zone: 'Time zone',
    day: { mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' },
    days: number => `Days of span ${number}`,
    from: 'From',
    to: 'To',
    remove: number => `Remove span ${number}`,
    add: 'Add a span',
    save: 'Save the hours',
    overnight: 'Until the next day.',
    never: 'Choose days, and a beginning and an end that are not the same time.',
  },
  call: { label: 'Link of the call (https://…)' },
  report: {
    title: 'Report the message',
    room: 'The moderators of the room and the admins of the server see it, with the messages around it. They keep the text as it is now until they close the report, even if it is deleted. Nobody else knows that it was you.',
    direct:
      'The admins of the server will read this message of your private conversation, the three before it and the three after it; nothing else. Nobody else knows that it was you.',
    reason: 'Reason (if you like)',
    yes: 'Report',
    done: 'Thank you: they can see it now. You will be told when it has been looked at.',
  },
  reports: {
    title: 'Reports',
    link: 'waiting',
    open: 'Waiting',
    closed: 'Closed',
    which: 'Which',
    none: 'No reports are waiting.',
    noneClosed: 'None has been closed yet.',
    by: (who, when) => `Reported by ${who}, ${when}`,
    direct: 'In private',
    deleted: 'It was deleted afterwards.',
    goTo: 'Show in the room',
    note: 'Note for the other moderators (if you like)',
    close: 'Close the report',
    closedBy: (who, when) => `Closed by ${who}, ${when}`,
    isClosed: 'The report is closed, and whoever made it knows.',
    more: 'More',
    reviewed: count =>
      count === 1
        ? 'Somebody has looked at the message that you reported.'
        : `Somebody has looked at ${count} messages that you reported.`,
  },
}

export const rulesWords = { es, en }
