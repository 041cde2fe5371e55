// The commands of the line door. A command reads its words, calls one use case, and says what came of it.

import { shortened } from '../../../wire/graphemes.ts'
import { printableLine } from '../../../wire/printable.ts'
import type { Wording } from '../../../wording/es.ts'
import { type Command, type CommandContext, type CommandName, Misused, misused, usage } from './context.ts'
import * as messages from './messages.ts'
import * as people from './people.ts'
import * as rules from './room-rules.ts'
import * as rooms from './rooms.ts'
import { nearest, plain, wordsOfAll } from './words.ts'

/** Of a word that is no command, in UTF-16 units. */
const LONGEST_ECHO = 40

export const commands: Readonly<Record<CommandName, Command>> = {
  help: { words: 1, minArgs: 0, run: (context, [word]) => context.say(help(context.wording, word)) },
  more: { words: 0, minArgs: 0, run: messages.more },

  rooms: { words: 0, minArgs: 0, run: rooms.listRooms },
  join: { words: 2, minArgs: 1, run: rooms.join },
  leave: { words: 1, minArgs: 0, run: rooms.leave },
  create: { words: 2, minArgs: 1, run: rooms.create },
  direct: { words: 0, minArgs: 1, run: rooms.direct },
  who: { words: 1, minArgs: 0, run: rooms.who },
  notify: { words: 1, minArgs: 1, run: rooms.notify },
  topic: { words: 0, minArgs: 0, run: rooms.topic },
  bring: { words: 1, minArgs: 1, run: rooms.bring },
  ask: { words: 1, minArgs: 1, run: rooms.ask },
  decline: { words: 1, minArgs: 1, run: rooms.decline },
  kick: { words: 1, minArgs: 1, run: rooms.kick },
  ban: { words: 1, minArgs: 1, run: rooms.ban },
  mute: { words: 2, minArgs: 1, run: rooms.mute },
  silence: { words: 1, minArgs: 0, run: rooms.silence },
  slow: { words: 1, minArgs: 1, run: rooms.slow },
  appoint: { words: 2, minArgs: 2, run: rooms.appoint },
  kind: { words: 1, minArgs: 1, run: rules.setKind },
  key: { words: 1, minArgs: 1, run: rules.setKey },
  limit: { words: 1, minArgs: 1, run: rules.limit },
  rules: { words: 1, minArgs: 0, run: rules.rules },
  masks: { words: 2, minArgs: 0, run: rules.masks },
  rename: { words: 1, minArgs: 1, run: rooms.rename },
  archive: { words: 1, minArgs: 0, run: rooms.archive },

  history: { words: 2, minArgs: 0, run: messages.history },
  show: { words: 1, minArgs: 1, run: messages.show },
  search: { words: 0, minArgs: 1, run: (context, [query = '']) => messages.search(context, query, 0) },
  reply: { words: 1, minArgs: 2, verbatim: true, run: messages.reply },
  act: { words: 0, minArgs: 1, verbatim: true, run: messages.act },
  thread: { words: 1, minArgs: 1, run: messages.thread },
  edit: { words: 1, minArgs: 2, verbatim: true, run: messages.edit },
  erase: { words: 1, minArgs: 1, run: messages.erase },
  react: { words: 2, minArgs: 1, run: messages.react },
  pin: { words: 1, minArgs: 1, run: messages.pin },
  pins: { words: 0, minArgs: 0, run: messages.pins },
  paste: { words: 0, minArgs: 0, run: messages.paste },

  profile: { words: 1, minArgs: 0, run: people.profile },
  name: { words: 0, minArgs: 1, run: people.setName },
  status: { words: 0, minArgs: 0, run: people.setStatus },
  away: { words: 1, minArgs: 0, run: people.away },
  language: { words: 1, minArgs: 1, run: people.setLanguage },
  zone: { words: 1, minArgs: 0, run: people.setZone },
  password: { words: 0, minArgs: 0, run: people.setPassword },
  sessions: { words: 1, minArgs: 0, run: people.sessions },
  move: { words: 0, minArgs: 0, run: people.move },
  block: { words: 1, minArgs: 0, run: people.block },

  people: { words: 1, minArgs: 0, run: people.people },
  role: { words: 2, minArgs: 2, run: people.setRole },
  disable: { words: 1, minArgs: 1, run: people.disable },
  enable: { words: 1, minArgs: 1, run: people.enable },
  invite: { words: 0, minArgs: 0, run: people.invite },
  invitations: { words: 1, minArgs: 0, run: people.invitations },
}

const NAMES = Object.keys(commands) as CommandName[]
/** In every language, so that who changes language finds what they know. */
const BY_WORD = wordsOfAll(({ commands }) => NAMES.map(name => [commands[name].word, name] as const))

/** Does what was typed behind the slash, or says how it would be done. */
export async function runCommand(typed: string, context: CommandContext): Promise<void> {
  const { wording, say, startAnswer } = context
  const [word = ''] = typed.split(/\s/, 1)
  const name = commandCalled(word === '?' ? 'help' : word)
  if (!name) return say([notOne(word, wording)])
  if (name !== 'more') startAnswer()
  const command = commands[name]
  const args = argumentsOf(command, typed.slice(word.length))
  try {
    if (args.length < command.minArgs) misused()
    await command.run(context, args)
  } catch (error) {
    if (!(error instanceof Misused)) throw error
    say([wording.usage(usage(name, wording))])
  }
}

function notOne(word: string, wording: Wording): string {
  const near = suggested(word, wording)
  const typed = printableLine(shortened(word, LONGEST_ECHO))
  return near ? wording.didYouMean(typed, near) : wording.unknownCommand(typed)
}

/** @param word as typed, without the slash; accents are not needed */
function commandCalled(word: string): CommandName | undefined {
  return BY_WORD.get(plain(word))
}

/** The command whose word is nearest to what was typed, if one is near. */
function suggested(typed: string, { commands }: Wording): string | undefined {
  return nearest(
    typed,
    NAMES.map(name => commands[name].word),
  )
}

/** The first words and what follows them; spaces inside the free text stay. */
function argumentsOf({ words, verbatim }: Command, typed: string): string[] {
  const args: string[] = []
  let rest = typed
  for (let i = 0; i < words && rest.trim() !== ''; i++) {
    rest = rest.trimStart()
    const [word = ''] = rest.split(/\s/, 1)
    args.push(word)
    rest = rest.slice(word.length)
  }
  if (rest.trim() === '') return args
  return [...args, verbatim ? rest.slice(1) : rest.trim()]
}

function help(wording: Wording, word: string | undefined): string[] {
  const only = word === undefined ? undefined : commandCalled(word.replace(/^\//, ''))
  return (only ? [only] : NAMES).map(name => `${usage(name, wording)} — ${wording.commands[name].help}`)
}
