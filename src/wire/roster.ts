// Lists of people as teachers have them: pasted, or a file of a spreadsheet in Spanish or English (RFC 4180 and its
// dialects: commas, semicolons or tabs; UTF-8, UTF-16 or Windows-1252).

/** A row as it was found. */
export interface FoundRow {
  /** The full name; else first and last. */
  readonly name?: string
  readonly first?: string
  readonly last?: string
  readonly username?: string
  readonly email?: string
}

type Column = keyof FoundRow

/** What columns are called, folded: without accents, capitals, and what stands in parentheses. */
const HEADERS: Readonly<Record<Column, string>> = {
  name: 'nombre completo|nombres y apellidos|nombre y apellidos|nombre y apellido|estudiante|alumno|alumna|full name|fullname|display name|student|student name|participante',
  first: 'nombre|nombres|primer nombre|first name|firstname|first|given name|given names|forename|name',
  last: 'apellido|apellidos|apellido paterno|primer apellido|last name|lastname|last|surname|surnames|family name',
  username: 'usuario|nombre de usuario|username|user name|user|login|cuenta|account',
  email:
    'correo|correo electronico|direccion de correo|email|e-mail|mail|email address|e-mail address|correo institucional',
}
/** Columns whose cells are "Pérez Gómez, Ana". */
const REVERSED =
  'apellidos y nombres|apellidos y nombre|apellido y nombre|apellidos, nombres|apellidos, nombre|last name, first name|surname, name'
const SEPARATORS = ['\t', ';', ','] as const
/** Lines that are looked at to find the separator. */
const LOOKED_AT = 20

/** Bytes of a file that are read: two thousand rows with room to spare. */
export const LONGEST_ROSTER_FILE = 2 << 20

/** UTF-8 or UTF-16 by its mark, UTF-8 without one, else Windows-1252. */
export function rosterText(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** The people on a list, in order. Empty lines, and columns of anything else, are left out. */
export function rosterRows(text: string): FoundRow[] {
  const { separator, body } = separatorOf(text.replace(/^\ufeff/, ''))
  const cells = cellsOf(body, separator).filter(row => row.some(cell => cell !== ''))
  const [head = [], ...rest] = cells
  const columns = columnsIn(head)
  if (columns) return rest.map(row => rowBy(columns, row))
  return isReversedList(body) ? cells.map(row => reversed(row.join(', '))) : cells.map(plainRow)
}

/** Excel may say it in a first line: sep=; */
function separatorOf(text: string): { separator: string; body: string } {
  const said = /^sep=(.)\r?\n/i.exec(text)
  if (said) return { separator: said[1] ?? ',', body: text.slice(said[0].length) }
  const lines = text
    .replace(/"(?:[^"]|"")*"/g, '')
    .split(/\r?\n|\r/)
    .filter(line => line.trim() !== '')
    .slice(0, LOOKED_AT)
  const counts = SEPARATORS.map(separator => ({
    separator,
    lines: lines.filter(line => line.includes(separator)).length,
  }))
  // A comma may also stand within names: it counts where most lines have one.
  const found = counts.find(each => each.lines > lines.length / 2)
  return { separator: found?.separator ?? '\t', body: text }
}

/** Cells may be quoted, and have separators, line ends and doubled quotes inside. */
function cellsOf(text: string, separator: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let isQuoted = false
  const end = () => rows.at(-1)?.push(tidy(cell))
  for (let i = 0; i < text.length; i++) {
    const sign = text[i] ?? ''
    if (isQuoted) {
      if (sign !== '"') cell += sign
      else if (text[i + 1] === '"') cell += text[++i]
      else isQuoted = false
    } else if (sign === '"' && cell.trim() === '') {
      isQuoted = true
      cell = ''
    } else if (sign === separator || sign === '\n' || sign === '\r') {
      end()
      cell = ''
      if (sign !== separator && !(sign === '\r' && text[i + 1] === '\n')) rows.push([])
      else if (sign === '\r') {
        rows.push([])
        i++
      }
    } else cell += sign
  }
  end()
  return rows
}

function tidy(cell: string): string {
  return cell.replace(/[\s\u00a0]+/g, ' ').trim()
}

type Columns = readonly (Column | 'reversed' | undefined)[]

/** undefined for a first row that is no header. */
function columnsIn(head: readonly string[]): Columns | undefined {
  const named = head.map(cell => {
    const folded = fold(cell)
    if (REVERSED.split('|').includes(folded)) return 'reversed' as const
    return (Object.keys(HEADERS) as Column[]).find(column => HEADERS[column].split('|').includes(folded))
  })
  const isHeader =
    named.some(each => each !== undefined && each !== 'email') || named.filter(Boolean).length > 1
  if (!isHeader) return undefined
  // Beside surnames "Nombre" is the first name, alone it is the full one.
  return named.includes('last') ? named : named.map(each => (each === 'first' ? 'name' : each))
}

/** UTF-16 units of a cell that may be a header: bringing marks to a normal form takes time quadratic in their number. */
const LONGEST_HEADER = 64

function fold(cell: string): string {
  const bare = cell
    .slice(0, LONGEST_HEADER)
    .replace(/\([^)]*\)/g, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
  return tidy(bare.toLowerCase().replace(/[*:]/g, ''))
}

function rowBy(columns: Columns, cells: readonly string[]): FoundRow {
  const row: Partial<Record<Column, string>> = {}
  for (const [at, column] of columns.entries()) {
    const cell = cells[at] ?? ''
    if (cell === '' || column === undefined) continue
    if (column === 'reversed') Object.assign(row, reversed(cell))
    else row[column] = row[column] === undefined ? cell : `${row[column]} ${cell}`
  }
  return row
}

/** Pérez Gómez, Ana María */
function reversed(cell: string): FoundRow {
  const comma = cell.indexOf(',')
  if (comma < 0) return { name: cell }
  return { first: cell.slice(comma + 1).trim(), last: cell.slice(0, comma).trim() }
}

/** Without a header: two columns with a space after the comma are surnames and names. */
function isReversedList(list: string): boolean {
  const lines = list.split(/[\r\n]+/).filter(line => line.trim() !== '')
  return lines.every(line => /^[^,@"]+,\s+[^,@"]+$/.test(line))
}

/** Without a header: a cell with an @ is an address; of two others the first is the first name. */
function plainRow(cells: readonly string[]): FoundRow {
  const [whole = ''] = cells
  const inBrackets = /^(.*?)\s*<([^<>\s]+@[^<>\s]+)>$/.exec(whole)
  if (inBrackets) return { ...named([inBrackets[1] ?? '']), email: inBrackets[2] ?? '' }
  const email = cells.find(cell => /^\S+@\S+$/.test(cell))
  const texts = cells.filter(cell => cell !== '' && cell !== email && !/^\d+$/.test(cell))
  return { ...named(texts), ...(email !== undefined && { email }) }
}

function named(texts: readonly string[]): FoundRow {
  const [first = '', last] = texts
  if (last !== undefined) return { first, last }
  return first.includes(',') ? reversed(first) : { name: first }
}
