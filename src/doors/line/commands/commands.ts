// The commands of the line door. A command reads its arguments, calls one use case, and says the result.

import { shortened } from '../../../wire/graphemes.ts'
import { printableLine } from '../../../wire/printable.ts'
import type { Wording } from '../../../wording/es.ts'
import { log } from './acts.ts'
import { type Command, type CommandContext, type CommandName, Misused, misused, usage } from './context.ts'
import * as files from './files.ts'
import * as messages from './messages.ts'
import * as people from './people.ts'
import * as polls from './polls.ts'
import * as putOff from './put-off.ts'
import { report, reports } from './reports.ts'
import * as rules from './room-rules.ts'
import * as rooms from './rooms.ts'
import { serverSettings } from './server.ts'
import * as teams from './teams.ts'
import * as threads from './threads.ts'
import { nearest, plain, wordsOfAll } from './words.ts'

/** The most UTF-16 units of an unknown command that are repeated. */
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
  mute: { words: 1, minArgs: 1, run: rooms.mute },
  silence: { words: 1, minArgs: 0, run: rules.silence },
  hide: { words: 1, minArgs: 0, run: rooms.hide },
  slow: { words: 1, minArgs: 1, run: rules.slow },
  hours: { words: 0, minArgs: 0, run: rules.hours },
  call: { words: 0, minArgs: 0, run: rules.call },
  appoint: { words: 2, minArgs: 2, run: rooms.appoint },
  kind: { words: 1, minArgs: 1, run: rules.setKind },
  key: { words: 1, minArgs: 1, run: rules.setKey },
  limit: { words: 1, minArgs: 1, run: rules.limit },
  rules: { words: 1, minArgs: 0, run: rules.rules },
  masks: { words: 2, minArgs: 0, run: rules.masks },
  rename: { words: 0, minArgs: 1, run: rooms.rename },
  archive: { words: 1, minArgs: 0, run: rooms.archive },
  log: { words: 2, minArgs: 0, run: log },

  history: { words: 2, minArgs: 0, run: messages.history },
  show: { words: 1, minArgs: 1, run: messages.show },
  search: { words: 0, minArgs: 1, run: (context, [query = '']) => messages.search(context, query, 0) },
  reply: { words: 1, minArgs: 2, verbatim: true, run: messages.reply },
  act: { words: 0, minArgs: 1, verbatim: true, run: messages.act },
  thread: { words: 1, minArgs: 1, run: threads.thread },
  threads: { words: 0, minArgs: 0, run: threads.threads },
  follow: { words: 1, minArgs: 1, run: threads.follow },
  edit: { words: 1, minArgs: 2, verbatim: true, run: messages.edit },
  versions: { words: 1, minArgs: 1, run: messages.versions },
  erase: { words: 1, minArgs: 1, run: messages.erase },
  react: { words: 2, minArgs: 1, run: messages.react },
  reactions: { words: 1, minArgs: 1, run: messages.reactions },
  pin: { words: 1, minArgs: 1, run: messages.pin },
  pins: { words: 0, minArgs: 0, run: messages.pins },
  unread: { words: 1, minArgs: 1, run: messages.markUnread },
  save: { words: 1, minArgs: 1, run: messages.save },
  saved: { words: 0, minArgs: 0, run: context => messages.saved(context) },
  report: { words: 1, minArgs: 1, run: report },
  reports: { words: 1, minArgs: 0, run: reports },
  paste: { words: 0, minArgs: 0, run: messages.paste },

  poll: { words: 0, minArgs: 1, run: polls.ask },
  vote: { words: 1, minArgs: 1, run: polls.vote },
  closePoll: { words: 1, minArgs: 1, run: polls.close },

  schedule: { words: 0, minArgs: 1, verbatim: true, run: putOff.schedule },
  scheduled: { words: 1, minArgs: 0, run: putOff.listScheduled },
  remind: { words: 1, minArgs: 2, run: putOff.remind },
  reminders: { words: 1, minArgs: 0, run: putOff.listReminders },

  file: { words: 2, minArgs: 1, run: files.link },
  files: { words: 1, minArgs: 0, run: files.list },
  send: { words: 0, minArgs: 0, run: files.send },

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

  teams: { words: 0, minArgs: 0, run: teams.teams },
  team: { words: 1, minArgs: 1, run: teams.team },
  people: { words: 1, minArgs: 0, run: people.people },
  role: { words: 2, minArgs: 2, run: people.setRole },
  disable: { words: 1, minArgs: 1, run: people.disable },
  enable: { words: 1, minArgs: 1, run: people.enable },
  code: { words: 1, minArgs: 1, run: people.loginCode },
  invite: { words: 0, minArgs: 0, run: people.invite },
  invitations: { words: 1, minArgs: 0, run: people.invitations },
  server: { words: 2, minArgs: 0, run: serverSettings },
}

const NAMES = Object.keys(commands) as CommandName[]
/** The words of all languages: after a change of language the known ones still work. */
const BY_WORD = wordsOfAll(({ commands }) => NAMES.map(name => [commands[name].word, name] as const))

/** Runs the command that was typed after the slash, or says how it is used. */
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

/** Finds a command in any language. @param word as typed, without the slash; accents may be missing */
function commandCalled(word: string): CommandName | undefined {
  return BY_WORD.get(plain(word))
}

/** The command word closest to what was typed, if any is close. */
function suggested(typed: string, { commands }: Wording): string | undefined {
  return nearest(
    typed,
    NAMES.map(name => commands[name].word),
  )
}

/** Splits off a command's words; the rest is its free text, with the spaces inside it. */
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
