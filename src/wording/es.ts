// Every sentence a person reads, in Spanish.

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
  badOption: 'Opción no válida. Escribe 1 o 2.',
  askCode: 'Ingrese su código de invitación: ',
  past: '* Mensajes anteriores:',
  removed: (username: string) => `* ${username} ya no está en la sala.`,
  longLine: 'La línea es demasiado larga: el máximo son 16 KiB. No se guardó.',
  tooSlow: 'Pasaron cinco minutos sin iniciar sesión. Hasta luego.',
  closing: 'El servidor se está apagando. Vuelve en un momento.',
  trouble: 'Algo falló en el servidor. Vuelve a conectarte.',
  leaveWords: ['salir'],
  passwordLength: (least: number) => `La contraseña debe tener entre ${least} y 256 caracteres.`,
  refusals: {
    'bad-name': 'El nombre completo debe tener entre 1 y 64 caracteres visibles.',
    'bad-username':
      'El nombre de usuario debe tener entre 1 y 32 letras, dígitos o los signos . _ y - solamente.',
    'reserved-username': 'Ese nombre de usuario está reservado. Intenta con otro.',
    'wrong-code': 'Ese código no es válido. Pídele el código a quien administra el servidor.',
    'too-many-attempts': 'Demasiados intentos fallidos. Espera un minuto e intenta de nuevo.',
    busy: 'El servidor está muy ocupado. Intenta de nuevo en un momento.',
    'empty-text': 'El mensaje está vacío.',
    'long-text': 'El mensaje es demasiado largo: el máximo son 4000 caracteres. No se guardó.',
    'not-a-member': 'No estás en esa sala. El mensaje no se guardó.',
    'key-reused': 'Esa clave ya se usó para otro mensaje. El mensaje no se guardó.',
    'store-full': 'El disco del servidor está lleno. No se guardó.',
    'store-failed': 'Falló el disco del servidor. No se sabe si quedó guardado.',
    closing: 'El servidor se está apagando. No se guardó.',
  },

  // Doors that are not there yet, told in their own protocols.
  noWebDoor: 'Tertulia aún no tiene puerta web. Entra con: nc, telnet o npm run chat.',
  noIrcDoor: 'Tertulia aún no tiene puerta IRC. Entra con: nc, telnet o npm run chat.',
  noHttpHere: 'Esta conexión ya habla el protocolo de líneas de Tertulia.',

  // The console of whoever starts the server.
  join: (command: string) => `Para entrar: ${command}`,
  dataAt: (path: string) => `Los datos están en ${path}`,
  firstIsOwner: 'La primera cuenta que se registre será la dueña del servidor.',
  codeIs: (code: string) => `Para registrarse hace falta este código: ${code}`,
  plaintext: 'Atención: las conexiones no van cifradas.',
  startFailed: {
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
    full: (path: string) => `No queda espacio para ${path}. Libera espacio o elige otra carpeta con --data.`,
    damaged: (path: string) => `${path} está dañado. Restaura una copia o elige otra carpeta con --data.`,
    lost: 'Falló el disco al guardar. Revisa el disco y vuelve a iniciar: lo confirmado está guardado.',
    unexpected: (detail: string) => `El servidor no pudo iniciar: ${detail}`,
  },
  badSetting: {
    'unknown-option': (name: string) => `No existe la opción ${name}. Mira las opciones con --help.`,
    'unknown-key': (name: string) => `No existe la clave ${name}. Mira las opciones con --help.`,
    'no-value': (name: string) => `A ${name} le falta un valor.`,
    'bad-value': (name: string, value: string, wanted: string) =>
      `${name} no puede ser «${value}»: ${wanted}.`,
    'unreadable-file': (path: string, detail: string) => `No se puede leer ${path}: ${detail}`,
    'plaintext-refused': (host: string) =>
      `En ${host} lo dicho viajaría sin cifrar. Si así lo quieres, agrega --allow-plaintext; si no, usa --host 127.0.0.1.`,
    'limits-needed': (host: string) =>
      `--no-limits solo vale en un servidor que escucha solo en esta máquina, no en ${host}.`,
  },
  wanted: {
    port: 'un número de 0 a 65535',
    lang: 'es o en',
    boolean: 'true o false',
    text: 'un texto',
    level: 'trace, debug, info, warn, error, fatal o silent',
  },
  help: `Tertulia: un servidor de chat.

  npm start -- [opciones]

  --port N            puerto (8000; 0 elige uno libre)
  --host DIRECCIÓN    dirección en la que escucha (127.0.0.1)
  --allow-plaintext   permite escuchar fuera de esta máquina, sin cifrar
  --data CARPETA      dónde guardar chat.db (la carpeta actual)
  --lang es|en        idioma de la puerta de líneas y de esta consola (es)
  --no-limits         sin límites contra inundaciones; solo en esta máquina
  --log-level NIVEL   trace, debug, info, warn, error, fatal o silent
  --config ARCHIVO    archivo de configuración (tertulia.toml)
  --help              esta ayuda

Lo mismo como variables de entorno (TERTULIA_PORT=8123, TERTULIA_LIMITS=false…)
y en tertulia.toml (port = 8123, limits = false…). Mandan las opciones, luego el
entorno, luego el archivo.`,

  // The terminal client.
  client: {
    help: `Tertulia: el cliente de terminal.

  npm run chat -- [--host DIRECCIÓN] [--port N] [--lang es|en]

Se conecta a localhost:8000 si no se dice otra cosa. Se sale con: salir, Ctrl-C o Ctrl-D.`,
    unreachable: (address: string, detail: string) =>
      `No se pudo conectar con ${address} (${detail}). ¿Está en marcha el servidor? Se inicia con: npm start`,
    gone: 'El servidor cerró la conexión.',
  },
}

type Words<T> = T extends string ? string : T extends readonly string[] ? readonly string[] : T

/** What every language must say. */
export type Wording = {
  readonly [Key in keyof typeof es]: (typeof es)[Key] extends readonly string[]
    ? readonly string[]
    : (typeof es)[Key] extends object
      ? (typeof es)[Key] extends (...args: never[]) => string
        ? (typeof es)[Key]
        : { readonly [Inner in keyof (typeof es)[Key]]: Words<(typeof es)[Key][Inner]> }
      : string
}
