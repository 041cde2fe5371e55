// What makes each row of docs/doors.md happen.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../tools/root.ts'

export type Who = 'ana' | 'beto'

/** Typed in the line door, in an order that lets it; beto is shown it there, or who is named. */
export const played: readonly (readonly [
  event: string,
  who: Who,
  types: readonly string[],
  shownTo?: Who,
])[] = [
  ['room join', 'beto', ['/unirse sala'], 'ana'],
  ['message', 'ana', ['ola', 'hola']],
  ['message of several lines', 'ana', ['/pegar', 'uno', 'dos', '.']],
  ['reply', 'ana', ['/responder 6 hola']],
  ['action', 'ana', ['/me baila']],
  ['edit', 'ana', ['/editar 3 hola']],
  ['reaction', 'ana', ['/reaccionar 👍 3']],
  ['reaction taken off', 'ana', ['/reaccionar -👍 3']],
  ['pin', 'ana', ['/fijar 3']],
  ['pin taken off', 'ana', ['/fijar -3']],
  ['deletion', 'ana', ['/borrar 3']],
  ['poll', 'ana', ['/encuesta ¿Cuándo? | Lunes | Martes']],
  ['poll closed', 'ana', ['/cerrar 15']],
  ['role', 'ana', ['/nombrar beto moderador']],
  ['role of an owner', 'ana', ['/nombrar beto dueño']],
  ['role of a member', 'ana', ['/nombrar beto miembro']],
  ['role of a helper', 'ana', ['/nombrar beto ayudante']],
  ['role of a speaker', 'ana', ['/nombrar beto vocero']],
  ['muted', 'ana', ['/callar beto']],
  ['muted, with a reason', 'ana', ['/callar beto ruido']],
  ['unmuted', 'ana', ['/callar beto 0']],
  ['topic', 'ana', ['/tema hola']],
  ['topic taken off', 'ana', ['/tema -']],
  ['silenced', 'ana', ['/silenciar']],
  ['silence lifted', 'ana', ['/silenciar 0']],
  ['slow mode', 'ana', ['/lento 5']],
  ['slow mode ended', 'ana', ['/lento 0']],
  ['hours', 'ana', ['/horario UTC lun-vie 7-12 14-18']],
  ['hours taken off', 'ana', ['/horario -']],
  ['call', 'ana', ['/llamada https://meet.example/aula']],
  ['call taken off', 'ana', ['/llamada -']],
  ['for announcements', 'ana', ['/tipo anuncios']],
  ['closed', 'ana', ['/tipo cerrada']],
  ['opened', 'ana', ['/tipo abierta']],
  ['key', 'ana', ['/llave sésamo']],
  ['key taken off', 'ana', ['/llave -']],
  ['limit', 'ana', ['/cupo 30']],
  ['limit taken off', 'ana', ['/cupo 0']],
  ["topic everybody's", 'ana', ['/reglas tema-libre']],
  ["topic moderators'", 'ana', ['/reglas -tema-libre']],
  ['without CTCP', 'ana', ['/reglas sin-ctcp']],
  ['with CTCP', 'ana', ['/reglas -sin-ctcp']],
  ['without guests', 'ana', ['/reglas sin-invitados']],
  ['with guests', 'ana', ['/reglas -sin-invitados']],
  ['guests only read', 'ana', ['/reglas invitados-callados']],
  ['guests write again', 'ana', ['/reglas -invitados-callados']],
  ['names banned', 'ana', ['/vetar juan*']],
  ['names not banned any more', 'ana', ['/vetar -juan*']],
  ['names muted', 'ana', ['/callar juan*']],
  ['names unmuted', 'ana', ['/callar juan* 0']],
  ['names excepted', 'ana', ['/patrones excepción juan*']],
  ['names not excepted any more', 'ana', ['/patrones excepción -juan*']],
  ['names invited', 'ana', ['/patrones invitación juan*']],
  ['names not invited any more', 'ana', ['/patrones invitación -juan*']],
  ['archived', 'ana', ['/archivar']],
  ['reopened', 'ana', ['/archivar no']],
  ['sent out', 'ana', ['/sacar beto ruido']],
  ['room join, brought by another', 'ana', ['/traer beto'], 'ana'],
  ['sent out without a reason', 'ana', ['/sacar beto']],
  ['room leave', 'beto', ['/unirse sala', '/dejar'], 'ana'],
  ['banned', 'ana', ['/traer beto', '/vetar beto']],
  ['banned, with a reason', 'ana', ['/traer beto', '/vetar beto ruido']],
  ['name', 'ana', ['/renombrar otra'], 'ana'],
  ['away', 'beto', ['/ausente'], 'ana'],
  ['back', 'beto', ['/ausente no'], 'ana'],
  ['disconnect', 'beto', ['salir'], 'ana'],
]

/**
 * The rows of a table: event, the line door in Spanish and in English, the IRC door. @param section that of events stands
 * before all sections
 */
export async function table(section: 'events' | 'Files' = 'events'): Promise<string[][]> {
  const page = await readFile(join(ROOT, 'docs/doors.md'), 'utf8')
  const [before = '', ...sections] = page.split(/^## /m)
  const text = section === 'events' ? before : (sections.find(each => each.startsWith(`${section}\n`)) ?? '')
  const rows = [...text.matchAll(/^\| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$/gm)].slice(1)
  return rows.map(([, event = '', ...cells]) => [event.replace(/ \(presence.*/, ''), ...cells.map(lines)])
}

/** `ana: uno` and then `ana\| dos`: two lines. */
function lines(cell: string): string {
  const shown = [...cell.matchAll(/`([^`]+)`/g)].map(([, line = '']) => line.replace('\\|', '|'))
  return shown.map(line => `${line}\n`).join('')
}
