// Lists of people, as spreadsheets and people write them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rosterRows, rosterText } from '../../src/wire/roster.ts'

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => new Uint8Array(Buffer.from(text, encoding))

test('a file is read in the encodings of spreadsheets', () => {
  const text = 'Nombre;Apellido(s)\r\nZoé;Núñez\r\n'
  const utf16 = new Uint8Array([0xff, 0xfe, ...bytes(text, 'utf16le')])
  for (const each of [bytes(text), bytes(`\ufeff${text}`), bytes(text, 'latin1'), utf16])
    assert.deepEqual(rosterRows(rosterText(each)), [{ first: 'Zoé', last: 'Núñez' }])
})

test('headers in both languages or none; commas, semicolons, tabs; quotes; other columns are left out', () => {
  const ana = { first: 'Ana María', last: 'Pérez, la mayor' }
  const lists: Readonly<Record<string, object>> = {
    'Apellidos,Nombres,Código,Correo electrónico\n"Pérez, la mayor",Ana María,123,a@b.co': {
      ...ana,
      email: 'a@b.co',
    },
    'First name\tLast name\tUsername\nAna María\tPérez, la mayor\tanita': { ...ana, username: 'anita' },
    'sep=;\r\nNombre completo;Nota\r\n"Ana ""Anita"" Pérez";5\r\n': { name: 'Ana "Anita" Pérez' },
    'Apellidos y nombres\nPérez Gómez, Ana': { first: 'Ana', last: 'Pérez Gómez' },
    '\n  Ana   Pérez  \n\n': { name: 'Ana Pérez' },
    'Pérez Gómez, Ana': { first: 'Ana', last: 'Pérez Gómez' },
    'Ana,Pérez': { first: 'Ana', last: 'Pérez' },
    'Ana;Pérez;ana@b.co': { first: 'Ana', last: 'Pérez', email: 'ana@b.co' },
    'Ana Pérez <ana@b.co>': { name: 'Ana Pérez', email: 'ana@b.co' },
    'Nombre\nAna Pérez': { name: 'Ana Pérez' },
  }
  for (const [list, row] of Object.entries(lists)) assert.deepEqual(rosterRows(list), [row], list)
})
