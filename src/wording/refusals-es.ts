// What is said to whoever is refused something, in Spanish.

export const refusals = {
  'bad-name': 'El nombre completo debe tener entre 1 y 64 caracteres visibles.',
  'bad-username':
    'El nombre de usuario debe tener entre 1 y 32 letras, dígitos o los signos . _ y - solamente.',
  'reserved-username': 'Ese nombre de usuario está reservado. Intenta con otro.',
  'garbled-password':
    'Esa contraseña no llegó en UTF-8, y no se puede saber cuál es. Pon tu terminal en UTF-8 e intenta de nuevo.',
  'bad-email': 'Eso no es una dirección de correo.',
  'wrong-code': 'Ese código no es válido, o ya no.',
  'registration-closed': 'Aquí nadie puede registrarse. Pídele una cuenta a quien administra el servidor.',
  'too-many-accounts':
    'Desde tu red se acaban de registrar muchas personas: ahora, una cada 10 segundos. Espera 10 segundos e intenta de nuevo.',
  disabled: 'Esta cuenta está desactivada.',
  'long-status': 'Es demasiado largo: el máximo son 100 caracteres.',
  'bad-language': 'Los idiomas son es y en.',
  'bad-zone': 'Eso no es una zona horaria. Son como America/Bogota.',
  'out-of-scope': 'Ese código de acceso no da permiso para eso.',
  'no-such-session': 'Esa sesión no existe, o ya terminó.',
  oneself: 'Eso no se hace con uno mismo.',
  silenced: 'La sala está en silencio: solo escriben voceros y moderadores.',
  'slow-mode': 'La sala está en modo lento: espera un poco. No se guardó.',
  'too-many-rooms': 'Son demasiadas salas: el máximo son 1000.',
  'too-many-brought': 'Ya metiste a esa persona en 100 salas. En las demás tiene que entrar por sí misma.',
  'too-many-unanswered':
    'Empezaste 200 conversaciones que nadie ha respondido todavía. Espera a que alguien responda antes de empezar otra.',
  'too-many-attempts': 'Demasiados intentos fallidos. Espera un minuto e intenta de nuevo.',
  busy: 'El servidor está muy ocupado. Intenta de nuevo en un momento.',
  'empty-text': 'El mensaje está vacío.',
  'long-text': 'El mensaje es demasiado largo: el máximo son 4000 caracteres. No se guardó.',
  'not-a-member': 'No estás en esa sala.',
  'no-such-room': 'No hay ninguna sala con ese nombre.',
  'no-such-person': 'No hay nadie con ese nombre.',
  'no-such-message': 'No hay ningún mensaje con ese número en esta sala.',
  'bad-room-name':
    'El nombre de una sala debe tener entre 1 y 32 letras, dígitos o los signos _ y - solamente.',
  'room-taken': 'Ya hay una sala con ese nombre.',
  'already-there': 'Ya está en esa sala.',
  banned: 'Hay un veto en esa sala: no se puede entrar.',
  muted: 'No puedes escribir aquí: te silenciaron.',
  'read-only': 'En esta sala solo escriben voceros y moderadores.',
  archived: 'La sala está archivada: nadie escribe en ella.',
  'wrong-key': 'Para entrar en esa sala hace falta su llave, y no es esa.',
  'bad-key': 'La llave de una sala tiene como mucho 32 caracteres, sin espacios ni comas.',
  'room-full': 'La sala está llena.',
  'no-guests': 'En esa sala no entran invitados.',
  'quiet-guests': 'En esta sala los invitados solo leen.',
  'account-needed': 'Para eso hace falta una cuenta: un invitado no abre salas ni trae a nadie.',
  'bad-mask': 'Un patrón es de letras de nombres, con * por cualesquiera y ? por una.',
  'list-full': 'Esa lista está llena: el máximo son 100.',
  forbidden: 'No tienes permiso para eso.',
  'not-yours': 'Ese mensaje no es tuyo.',
  everyones: 'Esa sala es de todos: nadie sale de ella, ni se saca a nadie, ni se le cambia el nombre.',
  'last-owner': 'Se quedaría sin dueño: nombra antes a otro.',
  'bad-emoji': 'Eso no es un emoji.',
  'long-topic': 'Es demasiado largo: el máximo son 300 caracteres.',
  'too-many': 'Son demasiadas personas.',
  'bad-query': 'Falta una palabra que buscar, o hay demasiadas.',
  'bad-date': 'La fecha debe ser como 2026-11-01.',
  'key-reused': 'Esa clave ya se usó para otro mensaje. El mensaje no se guardó.',
  'store-full': 'El disco del servidor está lleno: no se puede guardar nada.',
  'store-busy':
    'Ahora no se pudo: otro programa tiene ocupada la base de datos del servidor. Inténtalo otra vez.',
  'store-damaged': 'Lo que hay guardado está dañado en esa parte y no se puede leer. No se guardó nada.',
  'store-refused':
    'Una regla que otro programa puso en la base de datos del servidor no deja guardarlo. No se guardó nada.',
  'store-moved': 'La base de datos del servidor ya no está en su sitio. No se guarda nada.',
  'store-failed':
    'El servidor no llega a lo que guarda. Si era algo por guardar, no se sabe si quedó guardado.',
  closing: 'El servidor se está apagando. No se guardó.',
}

export type Refusals = Record<keyof typeof refusals, string>
