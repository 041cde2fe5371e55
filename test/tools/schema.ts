// The schema of chat.db as one file, docs/schema.sql: what all migrations end in. Run as a program, it writes the file.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { migrations } from '../../src/store/sqlite/migrations.ts'
import { ROOT } from './root.ts'

export const SCHEMA_FILE = join(ROOT, 'docs/schema.sql')

/** @returns the statements that make a database of the newest version, each table with its indexes and triggers */
export function schemaText(): string {
  using database = new DatabaseSync(':memory:')
  for (const migration of migrations) database.exec(migration)
  const objects = database
    .prepare(`SELECT type, sql FROM sqlite_schema AS object
      WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND NOT EXISTS (
        SELECT 1 FROM sqlite_schema AS search WHERE search.sql LIKE 'CREATE VIRTUAL TABLE%'
          AND object.name LIKE search.name || '_%' AND object.type = 'table')
      ORDER BY (SELECT min(rowid) FROM sqlite_schema AS made WHERE made.name = object.tbl_name), rowid`)
    .all() as { type: string; sql: string }[]
  const statements = objects.map(
    ({ type, sql }) => `${type === 'table' ? columnByColumn(sql) : flush(sql)};\n`,
  )
  return `-- chat.db, version ${migrations.length}. Written by test/tools/schema.ts; a test compares.\n\n${statements.join('\n')}`
}

/** One column or constraint in each line: ALTER TABLE appends all of its columns to the last one. */
function columnByColumn(sql: string): string {
  const [start, end] = [sql.indexOf('('), sql.lastIndexOf(')')]
  if (/^CREATE VIRTUAL/.test(sql)) return flush(sql)
  const parts: string[] = []
  let part = ''
  let depth = 0
  for (const char of sql.slice(start + 1, end).replace(/--.*\n/g, '')) {
    if (char === '(') depth++
    if (char === ')') depth--
    if (char === ',' && depth === 0) {
      parts.push(part)
      part = ''
    } else part += char
  }
  const lines = [...parts, part].map(each => `  ${each.trim().replace(/\s+/g, ' ')}`)
  return `${sql.slice(0, start).trim()} (\n${lines.join(',\n')}\n)${sql.slice(end + 1)}`
}

/** Without the indentation that it has in the migrations. */
function flush(sql: string): string {
  return sql.replace(/\n {2}/g, '\n')
}

if (import.meta.main) await writeFile(SCHEMA_FILE, schemaText())
