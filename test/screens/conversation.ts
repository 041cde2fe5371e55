// A class and what it says: the same people, texts and times in every run.

/** Tuesday morning, shortly after the last message. */
export const NOW = Date.parse('2026-11-24T10:47:00-05:00')
export const ZONE = 'America/Bogota'
/** Whose browser is looked into. */
export const ME = 'lucía'

/** Who is first owns the server. */
export const PEOPLE: Readonly<Record<string, string>> = {
  'adriana.muñoz': 'Adriana Muñoz Ordóñez',
  lucía: 'Lucía Fernández Peña',
  beto: 'Alberto Ríos Cárdenas',
  caro: 'Carolina Núñez',
  inés: 'Inés Gutiérrez Vélez',
  tomás: 'Tomás Agüero',
  sofía_v: 'Sofía Villamizar',
  joaquín: 'Joaquín Ibáñez Patiño',
  martina: 'Martina Peñalosa',
  andrés: 'Andrés Sepúlveda Díaz',
  valen: 'Valentina Cárdenas',
  iñaki: 'Iñaki Echeverría',
  'maría.josé.de.la.santísima.peña': 'María José Concepción de la Santísima Trinidad Peñaranda Ruiz',
}

/** Who is there while one looks, and who has looked away. */
export const THERE = ['adriana.muñoz', 'beto', 'inés', 'tomás', 'sofía_v', 'martina']
export const AWAY = ['caro', 'iñaki']

export interface SentFile {
  /** What it is, and what it shows (files.ts). */
  readonly name: string
  readonly alt?: string
}

export interface Saying {
  readonly who: string
  /** Day of November 2026 and time there. */
  readonly at: string
  readonly text: string
  readonly files?: readonly SentFile[]
  /** What others call it. */
  readonly as?: string
  readonly answers?: string
  readonly reactions?: Readonly<Record<string, readonly string[]>>
  readonly pinned?: true
  /** What it said before it was corrected. */
  readonly before?: string
  readonly deleted?: true
}

export interface Place {
  /** Of a room of a few people: their names, oneself besides. */
  readonly name: string | readonly string[]
  readonly kind: 'open' | 'closed' | 'announcement' | 'direct'
  readonly topic?: string
  readonly by: string
  readonly said: readonly Saying[]
  /** How many of the last ones one has not read. */
  readonly unread: number
}

const TAPPED = ['beto', 'caro', 'inés', 'tomás']

const GENERAL: readonly Saying[] = [
  {
    who: 'adriana.muñoz',
    at: '23 08:02',
    text: 'Buenos días a todos. Hoy nos vemos en el **laboratorio 3**, no en el 1: están cambiando los equipos.',
    reactions: { '👍': TAPPED },
  },
  { who: 'joaquín', at: '23 08:05', text: '¡Gracias por avisar, profe!' },
  {
    who: 'martina',
    at: '23 08:06',
    text: '¿Se puede llegar diez minutos tarde? Vengo en el bus de la séptima y esto no se mueve 🚌',
  },
  {
    who: 'adriana.muñoz',
    at: '23 08:07',
    text: 'Sí, @martina, empezamos repasando.',
    reactions: { '❤️': ['martina'] },
  },
  { who: 'valen', at: '23 12:31', text: '¿Alguien almuerza en la placita? Somos tres y hay mesa.' },
  { who: 'andrés', at: '23 12:33', text: 'Voy. Guárdenme puesto.' },
  { who: 'lucía', at: '23 12:34', text: 'Yo llego en cinco.' },
  {
    who: 'iñaki',
    at: '23 19:20',
    text: 'Comparto los apuntes de hoy, por si alguien faltó: https://es.wikipedia.org/wiki/Socket_de_Internet',
    reactions: { '🙌': ['caro', 'valen', 'andrés'] },
  },
  {
    who: 'adriana.muñoz',
    at: '24 09:00',
    text: 'Recuerden: la entrega es el *viernes a las 23:59*. En #taller-sockets está el enunciado.',
    pinned: true,
  },
  { who: 'caro', at: '24 09:12', text: 'Anotado 📌' },
]

const WORKSHOP: readonly Saying[] = [
  {
    who: 'adriana.muñoz',
    at: '23 09:58',
    as: 'statement',
    pinned: true,
    text: `**Taller 4: un chat por líneas**

1. El servidor pregunta \`(1)\` o \`(2)\`.
2. Cada mensaje es *una* línea, en UTF-8, terminada en \`\\n\`.
3. Nadie pierde un mensaje, aunque se caiga el servidor.`,
    reactions: { '👀': ['beto', 'caro', 'inés'], '🚀': ['tomás', 'lucía'] },
  },
  { who: 'tomás', at: '23 10:04', text: '¿El punto 3 vale aunque el cliente sea el que se cae?' },
  { who: 'adriana.muñoz', at: '23 10:05', text: 'Sobre todo entonces 🙂' },
  {
    who: 'inés',
    at: '24 10:02',
    as: 'question',
    text: `Mi servidor pierde la segunda línea cuando llegan dos juntas. Leo así:

\`\`\`python
def atender(conexión):
    while datos := conexión.recv(1024):
        # a veces llegan dos líneas en un recv
        línea = datos.decode("utf-8")
        decir(línea.strip())
\`\`\``,
    reactions: { '🤔': ['beto', 'sofía_v'] },
  },
  {
    who: 'beto',
    at: '24 10:04',
    as: 'stream',
    answers: 'question',
    text: 'TCP es un **flujo**, no mensajes: un `recv` puede traer media línea, o tres y media.',
    reactions: { '💯': ['inés', 'tomás', 'lucía', 'caro'] },
  },
  { who: 'beto', at: '24 10:05', text: 'Guarda lo que sobra y busca el `\\n`.' },
  {
    who: 'lucía',
    at: '24 10:09',
    as: 'makefile',
    answers: 'question',
    text: `A mí me sirvió esto, y son menos líneas:

\`\`\`python
with conexión.makefile("r", encoding="utf-8") as entrada:
    for línea in entrada:
        decir(línea.rstrip("\\n"))
\`\`\``,
    reactions: { '❤️': ['inés'], '👍': ['tomás', 'sofía_v'] },
  },
  {
    who: 'inés',
    at: '24 10:15',
    answers: 'makefile',
    text: '¡Funcionó! Gracias @lucía, gracias @beto 🎉',
    reactions: { '🎉': ['beto', 'lucía', 'caro'] },
  },
  {
    who: 'sofía_v',
    at: '24 10:21',
    text: 'En Java hay que tener cuidado con lo mismo. Y con el `close()`: si no, el hilo se queda esperando para siempre.',
    before: 'En Java hay que tener cuidado con lo mismo.',
  },
  { who: 'martina', at: '24 10:22', text: 'perdón, sala equivocada', deleted: true },
  {
    who: 'tomás',
    at: '24 10:26',
    text: `Medí las tres versiones con 500 clientes:

| versión | mensajes/s | perdidos |
|---|--:|--:|
| un \`recv\` por línea | 2 140 | 37 |
| con lo que sobra | 11 900 | 0 |
| \`makefile\` | 9 800 | 0 |`,
  },
  { who: 'caro', at: '24 10:31', text: '37 perdidos 😱 y yo que ya lo había entregado' },
  {
    who: 'adriana.muñoz',
    at: '24 10:33',
    text: 'Se puede entregar otra vez hasta el viernes. Muy buena la medición, @tomás.',
    reactions: { '👏': ['inés', 'caro', 'beto', 'sofía_v', 'martina'] },
  },
  {
    who: 'beto',
    at: '24 10:41',
    as: 'asks',
    text: '@lucía ¿me pasas el script con que probaste los cortes? Quiero ver qué pasa si el cliente se va a mitad de una línea.',
  },
  { who: 'sofía_v', at: '24 10:43', answers: 'asks', text: 'Yo también lo quiero 🙋‍♀️' },
  {
    who: 'inés',
    at: '24 10:44',
    text: '> a mitad de una línea\n\nBuena pregunta: ¿esa media línea se dice o se tira?',
  },
  { who: 'beto', at: '24 10:45', text: 'Se tira. Quien no terminó de decirlo, no lo dijo.' },
]

const LONG_WORD = 'electroencefalografistas'
const CODE: readonly Saying[] = [
  {
    who: 'maría.josé.de.la.santísima.peña',
    at: '24 09:30',
    text: `Una palabra larga sin espacios: ${`${LONG_WORD}-`.repeat(5)}fin`,
  },
  {
    who: 'andrés',
    at: '24 09:34',
    text: `\`\`\`ts
export async function entregar(mensajes: readonly Mensaje[], { intentos = 3 }: Opciones = {}): Promise<void> {
  for (const mensaje of mensajes) await reintentando(() => enviar(mensaje), intentos) // en orden
}
\`\`\``,
  },
  {
    who: 'iñaki',
    at: '24 09:36',
    text: `\`\`\`sql
SELECT usuario, count(*) AS mensajes
FROM mensajes WHERE sala = 'taller-sockets' -- solo esta
GROUP BY usuario HAVING count(*) > 10;
\`\`\``,
  },
  {
    who: 'valen',
    at: '24 09:41',
    text: `\`\`\`rust
fn líneas(búfer: &mut Vec<u8>) -> Option<String> {
    let fin = búfer.iter().position(|&b| b == b'\\n')?;
    String::from_utf8(búfer.drain(..=fin).collect()).ok()
}
\`\`\``,
  },
  {
    who: 'maría.josé.de.la.santísima.peña',
    at: '24 09:47',
    text: 'https://repositorio.ejemplo.edu.co/facultad-de-ciencias-naturales-e-ingeniería/sistemas-distribuidos/2026-2/talleres/04-sockets/entregas/grupo-07/informe-final-definitivo-v3.pdf',
    reactions: {
      '😅': ['andrés', 'iñaki'],
      '🔥': ['valen'],
      '👍': ['beto', 'caro', 'inés', 'tomás', 'sofía_v', 'lucía'],
      '👀': ['joaquín'],
      '🧵': ['martina'],
      '🦀': ['valen'],
    },
  },
  {
    who: 'joaquín',
    at: '24 09:52',
    text: 'مرحبا بالجميع، كيف حالكم؟\nAsí se ve un saludo en árabe: cada línea tiene su dirección.',
  },
]

const TRIP: readonly Saying[] = [
  {
    who: 'caro',
    at: '21 08:10',
    text: 'Así amaneció el páramo:',
    files: [{ name: 'páramo.jpg', alt: 'Montañas azules con niebla al amanecer; el sol apenas sale.' }],
    reactions: { '😍': ['inés', 'sofía_v', 'valen'] },
  },
  {
    who: 'beto',
    at: '21 09:32',
    text: '',
    files: [
      { name: 'frailejones.jpg', alt: 'Frailejones en una loma verde' },
      { name: 'laguna.jpg', alt: 'Una laguna entre dos cerros' },
      { name: 'pizarra.jpg', alt: 'La pizarra con las medidas de la mañana' },
    ],
  },
  { who: 'inés', at: '21 09:40', text: '', files: [{ name: 'voz 2026-11-21 09.39.12.wav' }] },
  {
    who: 'adriana.muñoz',
    at: '21 12:05',
    text: 'Los datos y la guía. Se entrega **el informe en PDF**.',
    files: [{ name: 'medidas.csv' }, { name: 'Guía para el informe de la salida de campo.pdf' }],
  },
]

export const PLACES: readonly Place[] = [
  {
    name: 'general',
    kind: 'open',
    topic: 'Sistemas Distribuidos · 2026-2 · martes y jueves, laboratorio 3',
    by: 'adriana.muñoz',
    said: GENERAL,
    unread: 0,
  },
  {
    name: 'taller-sockets',
    kind: 'open',
    topic: 'Taller 4: un chat por líneas. Entrega: viernes 27, 23:59',
    by: 'adriana.muñoz',
    said: WORKSHOP,
    unread: 4,
  },
  {
    name: 'avisos',
    kind: 'announcement',
    topic: 'Solo escribe la profesora',
    by: 'adriana.muñoz',
    said: [{ who: 'adriana.muñoz', at: '20 17:00', text: 'El parcial será el 3 de diciembre.' }],
    unread: 0,
  },
  {
    name: 'biblioteca',
    kind: 'open',
    topic: 'Libros, artículos y enlaces que valen la pena',
    by: 'iñaki',
    said: [
      { who: 'iñaki', at: '22 18:10', text: 'Subí el capítulo de relojes lógicos.' },
      { who: 'valen', at: '24 08:15', text: '¿Alguien tiene el de consenso?' },
    ],
    unread: 1,
  },
  {
    name: 'proyecto-final',
    kind: 'closed',
    topic: 'Grupo 7',
    by: ME,
    said: [
      { who: 'caro', at: '23 21:02', text: 'Dejé el diagrama en la carpeta. ¿Lo revisamos mañana?' },
      { who: 'lucía', at: '23 21:05', text: 'Sí, después de clase.' },
    ],
    unread: 0,
  },
  {
    name: 'código-y-nombres-interminables',
    kind: 'open',
    topic:
      'Aquí se prueba que nada se salga de su sitio: ni palabras sin espacios, ni enlaces de tres líneas, ni nombres que no terminan',
    by: 'maría.josé.de.la.santísima.peña',
    said: CODE,
    unread: 0,
  },
  {
    name: 'salida-de-campo',
    kind: 'open',
    topic: 'Páramo de Chingaza, 21 de noviembre',
    by: 'adriana.muñoz',
    said: TRIP,
    unread: 0,
  },
  {
    name: ['beto'],
    kind: 'direct',
    by: 'beto',
    said: [
      { who: 'lucía', at: '24 10:20', text: '¿Vas a la biblioteca después?' },
      { who: 'beto', at: '24 10:38', text: 'Sí, a las cuatro.' },
      { who: 'beto', at: '24 10:39', text: '¿Te guardo puesto?' },
    ],
    unread: 2,
  },
  {
    name: ['inés'],
    kind: 'direct',
    by: ME,
    said: [
      { who: 'inés', at: '24 10:16', text: '¡Me salvaste el taller! 🙏' },
      { who: 'lucía', at: '24 10:17', text: 'Para eso estamos 😊' },
    ],
    unread: 0,
  },
  {
    name: ['caro', 'joaquín'],
    kind: 'direct',
    by: 'caro',
    said: [
      { who: 'caro', at: '23 20:40', text: '¿Quién hace las diapositivas?' },
      { who: 'joaquín', at: '23 20:48', text: 'Yo, pero alguien las revisa.' },
    ],
    unread: 0,
  },
  {
    name: ['adriana.muñoz'],
    kind: 'direct',
    by: ME,
    said: [
      { who: 'lucía', at: '20 11:00', text: 'Profe, ¿se puede entregar en parejas?' },
      { who: 'adriana.muñoz', at: '20 11:30', text: 'Sí, de a dos.' },
    ],
    unread: 0,
  },
]
