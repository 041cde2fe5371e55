// What owners and admins of the server decide while it runs. (What whoever starts it decides is in config/settings.ts.)

import { refuse } from './refusals.ts'

/** The settings, each with the values that it may have, the default first. */
export const SERVER_SETTINGS = {
  /** Who may write to each other in direct rooms: everybody, only those with an owner or admin among them, or nobody. */
  privateMessages: ['everyone', 'staff', 'off'],
  /** Whether the former texts of edited messages are kept, for everybody who may read the message. */
  editHistory: ['off', 'on'],
  /** Who makes and fills teams: admins of the server, or whoever moderates a room as well. */
  teams: ['admins', 'moderators'],
} as const satisfies Readonly<Record<string, readonly [string, ...string[]]>>

export type ServerSettingName = keyof typeof SERVER_SETTINGS
export type ServerSettings = {
  readonly [Name in ServerSettingName]: (typeof SERVER_SETTINGS)[Name][number]
}

export const SERVER_SETTING_NAMES = Object.keys(SERVER_SETTINGS) as ServerSettingName[]

/** All settings; a value that is missing or makes no sense counts as the default. */
export function serverSettingsFrom(stored: Readonly<Record<string, string | undefined>>): ServerSettings {
  const valid = SERVER_SETTING_NAMES.map(name => {
    const values: readonly string[] = SERVER_SETTINGS[name]
    return [name, values.find(value => value === stored[name]) ?? values[0]]
  })
  return Object.fromEntries(valid)
}

/** @returns those that are named. Refuses 'bad-setting' for an unknown name or value. */
export function checkServerSettings(wanted: Readonly<Record<string, string>>): Partial<ServerSettings> {
  for (const [name, value] of Object.entries(wanted)) {
    const known = SERVER_SETTING_NAMES.find(each => each === name) ?? refuse('bad-setting')
    const values: readonly string[] = SERVER_SETTINGS[known]
    if (!values.includes(value)) refuse('bad-setting')
  }
  return wanted
}
