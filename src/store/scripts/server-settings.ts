// The settings of the server: a row for each that was ever set.

import type { Instant, UserId } from '../../core/model/model.ts'
import { mayAdminister, mayTalkPrivately } from '../../core/model/permissions.ts'
import { type ServerSettings, serverSettingsFrom } from '../../core/model/server-settings.ts'
import type { Authority } from '../../core/ports/people.ts'
import { recordAct } from './acts.ts'
import { authority } from './person.ts'
import { number, row, rows, run, type Script, sql, text } from './sql.ts'

export function* readSettings(): Script<ServerSettings> {
  const stored = yield* rows(
    found => [text(found, 'name'), text(found, 'value')] as const,
    sql`SELECT name, value FROM server_settings`,
  )
  return serverSettingsFrom(Object.fromEntries(stored))
}

export function* changeSettings(
  by: Authority,
  wanted: Partial<ServerSettings>,
  at: Instant,
): Script<boolean> {
  mayAdminister(yield* authority(by))
  let isNew = false
  for (const [name, value] of Object.entries(wanted)) {
    const changed = yield* row(
      found => text(found, 'name'),
      sql`INSERT INTO server_settings (name, value) VALUES (${name}, ${value})
          ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE server_settings.value <> excluded.value
          RETURNING name`,
    )
    if (changed === undefined) continue
    yield* recordAct(by, { kind: 'setting', value: name, detail: value, at })
    isNew = true
    if (name === 'editHistory' && value === 'off') yield* run(sql`DELETE FROM versions`)
  }
  return isNew
}

/** Opening a direct room of these people. Refuses 'private-off', 'private-staff'. */
export function* mustBeAllowedToTalk(people: readonly UserId[]): Script<void> {
  const { privateMessages: setting } = yield* readSettings()
  const staff = yield* row(
    found => number(found, 'staff'),
    sql`SELECT count(*) AS staff FROM users WHERE role IN ('owner', 'admin') AND disabled = 0
          AND id IN (SELECT CAST(value AS BIGINT) FROM json_each(${JSON.stringify(people)}))`,
  )
  mayTalkPrivately({ setting, hasStaff: (staff ?? 0) > 0 })
}
