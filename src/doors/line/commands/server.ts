// The settings of the server.

import {
  SERVER_SETTING_NAMES,
  type ServerSettingName,
  type ServerSettings,
} from '../../../core/model/server-settings.ts'
import type { Wording } from '../../../wording/es.ts'
import { type Args, type CommandContext, misused, sayIfUnchanged } from './context.ts'
import { meaning } from './words.ts'

/** Shows all settings, or sets one. */
export async function serverSettings(context: CommandContext, words: Args): Promise<void> {
  const { chat, person, wording, say } = context
  if (words.length === 0) return say(settingLines(await chat.settings.read(), wording))
  const wanted = settingIn(words) ?? misused()
  const isNew = await chat.settings.change(person.id, wanted)
  if (isNew) say(settingLines(await chat.settings.read(), wording))
  else sayIfUnchanged(context, isNew)
}

/** The setting that a person names, and its value, in any language: privados todos. */
export function settingIn([typed = '', value = '']: Args): Readonly<Record<string, string>> | undefined {
  const name = meaning(namesIn, typed)
  const known = name && meaning<string>(each => each.serverSettings[name].values, value)
  return known === undefined || !name ? undefined : { [name]: known }
}

function namesIn({ serverSettings }: Wording): Record<ServerSettingName, string> {
  const names = SERVER_SETTING_NAMES.map(name => [name, serverSettings[name].name])
  return Object.fromEntries(names)
}

/** A line for each. */
export function settingLines(settings: ServerSettings, { serverSettings }: Wording): string[] {
  return SERVER_SETTING_NAMES.map(name => {
    const words: {
      readonly name: string
      readonly values: Readonly<Record<string, string>>
      readonly means: Readonly<Record<string, string>>
    } = serverSettings[name]
    const value = settings[name]
    return `* ${words.name} = ${words.values[value]}: ${words.means[value]}.`
  })
}
