// Every sentence that people read outside of the web app, in English.

import { acts } from './acts-en.ts'
import type { Wording } from './es.ts'
import { folded } from './folded-en.ts'
import { refusals } from './refusals-en.ts'
import { sizeText } from './sizes.ts'

export const en: Wording = {
  listening: address => `Server listening on ${address}`,
  menu: 'Do you want to (1) log in or (2) register?: ',
  askName: 'Enter your full name: ',
  askUsername: 'Enter your username: ',
  askPassword: 'Enter your password: ',
  registered: name => `Registration successful. Welcome ${name}!`,
  nameTaken: 'That username already exists. Try another username.',
  welcome: name => `Welcome ${name}!`,
  wrongCredentials: 'Wrong credentials, please try again.',
  left: username => `User ${username} has disconnected.`,

  came: username => `User ${username} has connected.`,
  wentAway: username => `* ${username} is away.`,
  cameBack: username => `* ${username} is back.`,
  ended: {
    revoked: '* This session was ended from another one.',
    disabled: '* This account is disabled.',
    moved: '* This session continues at another door.',
  },
  badOption: 'Not an option. Type 1 or 2.',
  askCode: 'Enter your registration code: ',
  past: '* Earlier messages:',
  unreadableHere: '* What was said here cannot be read: it is damaged on the server.',
  moreUnread: seq => `* There are more unread messages before these: /history 200 ${seq}`,
  longLine: 'The line is too long: the limit is 16 KiB. It was not stored.',
  endsWithEnter: '* A line ends with Enter: nothing you type is read until then.',
  codePage: name =>
    `Your terminal does not send UTF-8: what you type is read as ${name}, but what you see is sent as UTF-8. A password with accents will not work this way.`,
  tooSlow: 'You did not log in within five minutes. Goodbye.',
  closing: 'The server is shutting down. Come back in a moment.',
  cutShort: first => `Not everything you sent could be handled: it stops before “${first}”.`,
  pasteUnended: first =>
    `What you were pasting was not sent: it is missing from “${first}” on, because the line with a single dot did not come.`,
  internalError: 'Something went wrong on the server. Please connect again.',
  leaveWords: ['salir', 'exit'],
  private: '(private)',
  group: '(group)',
  reply: (author, to) => `${author} → ${to}`,
  attached: (name, bytes, link, alt) =>
    `${name} (${sizeText('en', bytes)}) ${link}${alt === '' ? '' : ` “${alt}”`}`,
  edited: (author, seq, text) => `* ${author} edited #${seq}: ${text}`,
  erased: (author, seq) => `* ${author} deleted #${seq}`,
  reacted: (author, emoji, seq) => `* ${author} reacted to #${seq} with ${emoji}`,
  unreacted: (author, emoji, seq) => `* ${author} removed ${emoji} from #${seq}`,
  pinned: (author, seq) => `* ${author} pinned #${seq}`,
  unpinned: (author, seq) => `* ${author} unpinned #${seq}`,
  days: {
    today: 'today',
    tomorrow: 'tomorrow',
    week: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
  },
  putOff: {
    now: 'now',
    somewhere: 'a room that you are not in',
    willSend: (id, room, time) => `* It will be sent to ${room} on ${time} (${id}).`,
    willRemind: (id, seq, time) => `* You will be reminded of message #${seq} on ${time} (${id}).`,
    sent: '* Sent.',
    deleted: '* Deleted.',
    scheduled: (id, room, time, text) => `${id}: ${room}, ${time}: ${text}`,
    refused: reason => `— it was not sent: ${reason}`,
    notSent: (room, time, reason) =>
      `* What was scheduled for ${room} on ${time} was not sent: ${reason} It is kept in /scheduled.`,
    rung: 'now',
    reminder: (id, time, about) => `${id}: ${time}: ${about}`,
    reminded: about => `* Reminder: ${about}`,
    message: (seq, room, author, text) => `message #${seq} by ${author} in ${room}: ${text}`,
    goneMessage: (seq, room) => `message #${seq} in ${room}, which you can no longer read`,
    waiting: count => `* You have ${count === 1 ? '1 reminder' : `${count} reminders`} pending: /reminders`,
  },
  poll: {
    modes: { multiple: 'multiple', named: 'names' },
    none: 'none',
    number: 'number',
    numbers: 'number,number',
    yours: '(your vote)',
    nobody: 'nobody has voted',
    closed: 'The poll is closed.',
    ask: (command, until) => `Vote with ${command}${until === '' ? '' : `, ${until}`}.`,
    untouched: (seq, ask) => `* Poll #${seq}. ${ask}`,
    open: (seq, results, ask) => `* Poll #${seq}: ${results}. ${ask}`,
    over: (seq, results) => `* Poll #${seq}, closed: ${results}.`,
    title: (seq, question) => `* Poll #${seq}: ${question}`,
    voted: (people, over) =>
      `* ${people === 1 ? '1 person has voted.' : `${people} people have voted.`}${over === '' ? '' : ` ${over}`}`,
    ended: (author, seq, results) => `* ${author} closed the poll #${seq}: ${results}.`,
    expired: (author, seq, results) => `* The poll #${seq} by ${author} has ended: ${results}.`,
  },
  arrived: (username, room) => `* ${username} joined ${room}.`,
  brought: (author, username, room) => `* ${author} brought ${username} into ${room}.`,
  departed: (username, room) => `* ${username} left ${room}.`,
  kicked: (author, username, room) => `* ${author} removed ${username} from ${room}`,
  banned: (author, username, room) => `* ${author} banned ${username} from ${room}`,
  appointed: {
    owner: (author, username) => `* ${author} made ${username} an owner of the room.`,
    moderator: (author, username) => `* ${author} made ${username} a moderator.`,
    helper: (author, username) => `* ${author} made ${username} a helper.`,
    speaker: (author, username) => `* ${author} made ${username} a speaker.`,
    member: (author, username) => `* ${author} made ${username} a member.`,
  },
  muted: (author, username, until) => `* ${author} muted ${username} ${until}.`,
  unmuted: (author, username) => `* ${author} unmuted ${username}.`,
  until: time => `until ${time}`,
  forEver: 'indefinitely',
  retitled: (author, room, topic) => `* ${author} set the topic of ${room}: ${topic}`,
  untitled: (author, room) => `* ${author} removed the topic of ${room}.`,
  renamed: (author, room) => `* ${author} renamed the room to ${room}.`,
  groupNamed: (author, title) => `* ${author} called this conversation: ${title}`,
  groupUnnamed: author => `* ${author} removed the name of this conversation.`,
  archivedRoom: (author, room) => `* ${author} archived ${room}.`,
  unarchivedRoom: (author, room) => `* ${author} reopened ${room}.`,
  silenced: (author, room, until) => `* ${author} silenced ${room} ${until}.`,
  unsilenced: (author, room) => `* ${author} lifted the silence in ${room}.`,
  slowed: (author, room, seconds) =>
    `* ${author} put ${room} in slow mode: one message per person every ${seconds} s.`,
  unslowed: (author, room) => `* ${author} ended slow mode in ${room}.`,
  rehoured: (author, room, hours) => `* ${author} set the hours of ${room}: ${hours}.`,
  unhoured: (author, room) => `* ${author} removed the hours of ${room}.`,
  called: (author, room, address) => `* ${author} set the call of ${room}: ${address}`,
  uncalled: (author, room) => `* ${author} removed the call of ${room}.`,
  rekinded: {
    open: (author, room) => `* ${author} opened ${room}: anyone can join.`,
    closed: (author, room) => `* ${author} closed ${room}: only people who are brought in can join.`,
    announcement: (author, room) => `* ${author} made ${room} a room for announcements.`,
  },
  keyed: (author, room, key) => `* ${author} set the key of ${room}: ${key}`,
  unkeyed: (author, room) => `* ${author} removed the key of ${room}.`,
  limited: (author, room, people) => `* ${author} limited ${room} to ${people} people.`,
  unlimited: (author, room) => `* ${author} removed the limit on people in ${room}.`,
  flagged: {
    'open-topic': (author, room) => `* ${author} lets anyone set the topic of ${room}.`,
    'no-ctcp': (author, room) => `* ${author} blocked CTCP from IRC in ${room}.`,
    'no-guests': (author, room) => `* ${author} closed ${room} to guests.`,
    'quiet-guests': (author, room) => `* ${author} lets guests only read in ${room}.`,
  },
  unflagged: {
    'open-topic': (author, room) => `* ${author} lets only moderators set the topic of ${room}.`,
    'no-ctcp': (author, room) => `* ${author} allowed CTCP from IRC in ${room}.`,
    'no-guests': (author, room) => `* ${author} opened ${room} to guests.`,
    'quiet-guests': (author, room) => `* ${author} lets guests write in ${room} again.`,
  },
  masked: {
    ban: (author, mask, room) => `* ${author} banned everyone named ${mask} from ${room}.`,
    mute: (author, mask, room) => `* ${author} muted everyone named ${mask} in ${room}.`,
    exception: (author, mask, room) => `* ${author} exempted everyone named ${mask} in ${room}.`,
    invitation: (author, mask, room) => `* ${author} invited everyone named ${mask} to ${room}.`,
  },
  unmasked: {
    ban: (author, mask, room) => `* ${author} lifted the ban on ${mask} from ${room}.`,
    mute: (author, mask, room) => `* ${author} unmuted everyone named ${mask} in ${room}.`,
    exception: (author, mask, room) => `* ${author} removed the exception for ${mask} in ${room}.`,
    invitation: (author, mask, room) => `* ${author} withdrew the invitation for ${mask} to ${room}.`,
  },

  hidden: '* This conversation is off your list until something new is said.',
  shownAgain: '* This conversation is on your list.',
  keepsVersions: '* The former texts of edited messages are kept here: /versions',
  savedIt: seq => `* You saved #${seq}.`,
  unsavedIt: seq => `* You removed #${seq} from your saved messages.`,
  savedUnread: (address, time) => `${address} [${time}] you can no longer read it`,
  personalLink: file => `* ${file} – for you, for ten minutes`,
  sendByLink: (room, command) => `* Send a file to ${room}, once, within the next ten minutes: ${command}`,
  someFile: 'FILE',
  sentByLink: name => `${name} is in the chat.`,
  answers: (count, unread) =>
    `${count === 1 ? '1 reply' : `${count} replies`}${unread === '0' ? '' : `, ${unread} unread`}`,
  erasedMessage: 'Deleted message',
  team: (name, people, mine) =>
    `@${name} (${people === 1 ? '1 person' : `${people} people`}${mine ? ', with you' : ''})`,
  teamRemoved: name => `* The team ${name} no longer exists.`,
  followed: '* You follow this thread.',
  unfollowed: '* You no longer follow this thread.',
  noFiles: '* There are no files here.',
  noFileThere: 'That message has no files.',

  unread: rooms => `* Unread: ${rooms}`,
  unreadIn: (room, count, mentions) =>
    mentions === '0' ? `${room} ${count}` : `${room} ${count} (mentioning you: ${mentions})`,
  nowIn: room => `* You are in ${room}.`,
  topicIs: topic => `* Topic: ${topic}`,
  noTopic: '* The room has no topic.',
  out: room => `* You are no longer in ${room}. Choose another room: /join general`,
  broughtYou: (author, room) => `* ${author} brought you into ${room}.`,
  asksYou: (author, room) => `* ${author} invites you to ${room}: /join ${room} or /decline ${room}`,
  asked: (person, room) => `* You invited ${person} to ${room}.`,
  declined: room => `* You declined to join ${room}.`,
  alreadySo: '* Nothing changed: it was so already.',
  usage: usage => `Usage: ${usage}`,
  unknownCommand: word =>
    `There is no command /${word}. See /help. To send a line that begins with /, type //`,
  didYouMean: (word, near) => `There is no command /${word}. Did you mean /${near}?`,
  nothingFound: '* Nothing.',
  more: count => `* ${count} more: /more`,
  noMore: '* That is all.',
  addressIs: address => `* Its address, which stays valid if the room is renamed: ${address}`,
  moreResults: '* There are more results: /more',
  incomplete: '* There may be more: not everything was searched. Add words, or try again in a moment.',
  markedUnread: seq => `* Unread from #${seq} on.`,
  pasting: '* Paste the text. A line with a single dot sends it.',
  yourRooms: '* Your rooms:',
  otherRooms: '* Other rooms:',
  listed: (room, people) => `${room} (${people})`,
  people: count => (count === 1 ? '1 person' : `${count} people`),
  roomMarks: { archived: 'archived', closed: 'closed', announcement: 'announcements' },
  statusNames: { online: 'online', away: 'away', offline: 'offline' },
  mutedMark: 'muted',
  disabledMark: 'disabled',
  serverRoles: { owner: 'owner', admin: 'admin', member: 'member', guest: 'guest', bot: 'bot' },
  levelNames: { everything: 'everything', mentions: 'mentions', nothing: 'nothing', invisible: 'invisible' },
  levelMark: level => `notifies: ${level}`,
  levelIs: (room, level) => `* ${room} notifies you of: ${level}.`,
  languageNames: { es: 'Spanish', en: 'English' },
  saysOfThemselves: status => `Says: ${status}`,
  isThere: status => `Is ${status}.`,
  timeThere: (time, zone) => `It is ${time} there (${zone}).`,
  nameIs: name => `* Your full name is ${name}.`,
  noStatus: '* Your status is empty.',
  statusIs: status => `* Your status: ${status}`,
  zoneIs: (zone, time) => `* Time zone: ${zone}; it is ${time} now.`,
  theServers: 'the server’s',
  spoken: '* I speak English to you from now on.',
  askPasswordNow: 'Current password: ',
  askNewPassword: 'New password: ',
  codeIsRight: '* That is your one-time code. Choose a new password: from then on the code is no good.',
  passwordKept: '* Your password has not changed.',
  passwordChanged: '* Your password has changed, and your other sessions have ended.',
  sessionSince: (door, time, address) => `${door}, since ${time}, ${address}`,
  doorNames: { line: 'line', irc: 'IRC', web: 'web' },
  thisOne: '(this one)',
  sessionEnded: '* The session has ended.',
  lastUsed: time => `last used ${time}`,
  otherSessions: 'others',
  sessionsEnded: count =>
    count === 0
      ? '* There were no others.'
      : count === 1
        ? '* One other session has ended.'
        : `* ${count} other sessions have ended.`,
  moveCode: code =>
    `* Type ${code} where you are asked for (1) or (2), within two minutes: this session continues there.`,
  youAreAway: '* You are away. To come back: /away no',
  youAreBack: '* You are back.',
  blocked: username =>
    `* You will no longer receive what ${username} writes to you in private, nor their mentions.`,
  unblocked: username => `* ${username} can write to you again.`,
  roleIs: (username, role) => `* ${username}: ${role}.`,
  accountDisabled: username => `* The account ${username} is disabled, and its sessions have ended.`,
  accountEnabled: username => `* The account ${username} is enabled.`,
  roster: {
    there: 'had an account already',
    repeated: row => `repeats row ${row}`,
  },
  noRoster: file => `The list ${file} could not be read.`,
  loginCodeIs: (username, code) => `* Code for ${username}: ${code}`,
  loginCodeUntil: until =>
    `* It works once, until ${until}, in place of the password; until it is used, the old one goes on working.`,
  invitationIs: code => `* Invitation code: ${code}`,
  invitation: (left, until, by) =>
    `${left === 1 ? '1 use left' : `${left} uses left`}, until ${until}, by ${by}`,
  invitationWithdrawn: '* That invitation is no longer valid.',
  theOperator: 'the server operator',
  roleNames: {
    owner: 'owner',
    moderator: 'moderator',
    helper: 'helper',
    speaker: 'speaker',
    member: 'member',
  },
  listNames: { ban: 'ban', mute: 'mute', exception: 'exception', invitation: 'invitation' },
  maskSet: (list, mask, by, time) => `${list} ${mask} — ${by}, ${time}`,
  flagNames: {
    'open-topic': 'open-topic',
    'no-ctcp': 'no-ctcp',
    'no-guests': 'no-guests',
    'quiet-guests': 'quiet-guests',
  },
  acts,
  folded,
  logNames: { all: 'all' },
  rulesOf: (room, rules) => `* ${room}: ${rules}.`,
  ruleNames: {
    key: key => `key ${key}`,
    limit: people => `limit ${people}`,
    silence: until => `silenced ${until}`,
    hours: hours => `open ${hours}`,
    slow: seconds => `one message every ${seconds} s`,
  },
  reported: seq =>
    `* You have reported message ${seq}. The moderators of the room and the admins see it, with those around it, even if it is deleted. Nobody else knows that it was you.`,
  reportedToAdmins: seq =>
    `* You have reported message ${seq}. The admins of the server see it, with those around it. Nobody else knows that it was you.`,
  reportsPrivate: seq =>
    `* This is a private conversation: the admins of the server would read message ${seq}, three before it and three after it. If you agree: /report ${seq} yes [reason]`,
  reportReviewed: seq => `* Somebody has looked at message ${seq}, which you reported.`,
  reportsWait: count =>
    count === 1 ? '* 1 report is waiting: /reports' : `* ${count} reports are waiting: /reports`,
  reportClosed: '* The report is closed, and whoever made it knows.',
  moreReports: '* There are more reports, before these.',
  inPrivate: '(private)',
  reportIs: report =>
    `${report.id}. ${report.where} #${report.seq} by ${report.author}, reported by ${report.by}, ${report.at}`,
  dayNames: { mon: 'mon', tue: 'tue', wed: 'wed', thu: 'thu', fri: 'fri', sat: 'sat', sun: 'sun' },
  hoursAre: (room, hours) => `* Hours of ${room}: ${hours}. Outside of them only moderators write.`,
  noHours: room => `* ${room} has no hours.`,
  callIs: (room, address) => `* Call of ${room}: ${address}`,
  noCall: room => `* ${room} has no call.`,
  opensAgain: time => `It opens: ${time}.`,
  kindNames: { open: 'open', closed: 'closed', announcement: 'announcements' },
  serverSettings: {
    privateMessages: {
      name: 'private',
      values: { everyone: 'everyone', staff: 'admins', off: 'nobody' },
      means: {
        everyone: 'everyone may write in private',
        staff: 'people write in private only where an admin is',
        off: 'nobody writes in private',
      },
    },
    teams: {
      name: 'teams',
      values: { admins: 'admins', moderators: 'moderators' },
      means: {
        admins: 'admins make the teams',
        moderators: 'admins make the teams, and whoever moderates a room',
      },
    },
    editHistory: {
      name: 'versions',
      values: { off: 'no', on: 'yes' },
      means: {
        off: 'the former texts of edited messages are not kept',
        on: 'the former texts of edited messages are kept; setting it to “no” deletes them all',
      },
    },
  },
  commands: {
    help: { word: 'help', args: '[command]', help: 'this help' },
    rooms: { word: 'rooms', args: '', help: 'your rooms, and the others' },
    join: { word: 'join', args: '<room> [key]', help: 'enters a room; what you type goes there' },
    leave: { word: 'leave', args: '[room]', help: 'leaves the room you are in, or another' },
    create: { word: 'create', args: '<room> [open|closed|announcements]', help: 'creates a room' },
    direct: {
      word: 'private',
      args: '<person>[,person…]|&number [text]',
      help: 'talks in private with someone, or in a group by its number',
    },
    who: { word: 'who', args: '[room]', help: 'who is in the room' },
    topic: { word: 'topic', args: '[text]', help: 'shows or sets the topic; a - removes it' },
    bring: { word: 'bring', args: '<person>', help: 'brings someone into the room' },
    ask: { word: 'ask', args: '<person>', help: 'invites someone to the room, who may decline' },
    decline: { word: 'decline', args: '<room>', help: 'declines an invitation to a room' },
    kick: { word: 'kick', args: '<person> [reason]', help: 'removes someone from the room' },
    ban: {
      word: 'ban',
      args: '<person|pattern> [30m|2h|7d] [reason]',
      help: 'removes someone, who cannot come back until then; -person lifts the ban; juan* is everyone named so',
    },
    mute: {
      word: 'mute',
      args: '<person|pattern> [30m|2h|7d|0] [reason]',
      help: 'keeps someone from writing here, or everyone named juan*; 0 undoes it',
    },
    appoint: {
      word: 'appoint',
      args: '<person> <owner|moderator|helper|speaker|member>',
      help: 'gives a role in the room',
    },
    silence: {
      word: 'silence',
      args: '[30m|2h|7d|0]',
      help: 'only speakers and moderators write in the room; 0 ends it',
    },
    hide: {
      word: 'hide',
      args: '[no]',
      help: 'takes this conversation off your list until something new is said, or puts it back',
    },
    slow: { word: 'slow', args: '<seconds>', help: 'one message per person in that many seconds; 0 ends it' },
    hours: {
      word: 'hours',
      args: '[days times… | -]',
      help: 'when people write in the room, such as mon-fri 07:00-12:00 14:00-18:00; sat 9-12; a - removes it',
    },
    call: {
      word: 'call',
      args: '[https://… | -]',
      help: "shows or sets the link of the room's call; a - removes it",
    },
    kind: {
      word: 'kind',
      args: '<open|closed|announcements>',
      help: 'who can join the room, and who writes in it',
    },
    key: { word: 'key', args: '<key>', help: 'nobody can join by themselves without it; a - removes it' },
    limit: { word: 'limit', args: '<people>', help: 'how many people the room holds; 0 removes the limit' },
    rules: {
      word: 'rules',
      args: '[[-]open-topic|no-ctcp|no-guests|quiet-guests]',
      help: "shows the room's rules, sets one, or removes it with a -",
    },
    masks: {
      word: 'patterns',
      args: '[ban|mute|exception|invitation [-]pattern]',
      help: "whom the room's lists ban, mute, exempt or invite; juan* is everyone named so",
    },
    notify: {
      word: 'notify',
      args: '<everything|mentions|nothing|invisible>',
      help: 'what this room notifies you of while you are in another',
    },
    rename: {
      word: 'rename',
      args: '<name>',
      help: 'gives the room or group another name; - takes that of a group away',
    },
    archive: { word: 'archive', args: '[no]', help: 'closes the room to new messages, or reopens it' },
    log: {
      word: 'log',
      args: '[all] [person]',
      help: 'what moderators did in the room, or on the whole server (admins)',
    },
    history: {
      word: 'history',
      args: '[how many] [before #]',
      help: 'the last messages, with their numbers',
    },
    show: { word: 'show', args: '<#>', help: 'a message and those around it; #room/41 is its address' },
    search: {
      word: 'search',
      args: '<words>',
      help: 'finds words by their beginning: "a whole phrase" -without from:ana in:room before:2026-11-01 after:… has:link',
    },
    more: { word: 'more', args: '', help: 'continues a long answer' },
    reply: { word: 'reply', args: '<#> <text>', help: 'replies to a message' },
    act: { word: 'me', args: '<text>', help: 'says what you do: /me dances' },
    thread: { word: 'thread', args: '<#>', help: 'a message and its replies' },
    threads: { word: 'threads', args: '', help: 'the threads that you follow, with what is unread' },
    follow: { word: 'follow', args: '<#>', help: "follow a message's thread; -# unfollows it" },
    edit: { word: 'edit', args: '<#> <text>', help: 'edits a message of yours' },
    versions: {
      word: 'versions',
      args: '<#>',
      help: 'the texts that a message has had, if the server keeps them',
    },
    erase: { word: 'delete', args: '<#>', help: 'deletes a message' },
    react: {
      word: 'react',
      args: '<emoji> [#]',
      help: 'reacts to a message (the last one); -emoji removes it',
    },
    reactions: { word: 'reactions', args: '<#>', help: 'who reacted to a message' },
    pin: { word: 'pin', args: '<#>', help: 'pins a message; -# unpins it' },
    pins: { word: 'pins', args: '', help: 'the pinned messages' },
    unread: { word: 'unread', args: '<#>', help: 'marks as unread from that message on' },
    save: { word: 'save', args: '<#>', help: 'saves a message for you; -# removes it' },
    saved: { word: 'saved', args: '', help: 'the messages that you have saved, the latest first' },
    report: {
      word: 'report',
      args: '<#> [reason]',
      help: 'tells moderators and admins of a message, which they see with those around it even if it is deleted',
    },
    reports: {
      word: 'reports',
      args: '[#|-# [note]]',
      help: 'the reports that are waiting (moderators); with a number one of them, -# closes it',
    },
    paste: { word: 'paste', args: '', help: 'a message of several lines; a line with a single dot ends it' },
    schedule: {
      word: 'schedule',
      args: '<when> <text>',
      help: 'sends it to the room later: 30m, 9:00, tomorrow 9:00, monday 8:00, 2026-12-01 9:00',
    },
    scheduled: {
      word: 'scheduled',
      args: '[-number | now number | number text]',
      help: 'what will be sent later; -number deletes it, now sends it, a text changes it',
    },
    remind: {
      word: 'remind',
      args: '<#> <when> [note]',
      help: 'reminds you of that message: 2h, tomorrow 9:00',
    },
    reminders: { word: 'reminders', args: '[-number]', help: 'those that you have; -number deletes one' },
    poll: {
      word: 'poll',
      args: '[-multiple] [-names] [-30m|-2h|-7d] <question> | <option> | <option>…',
      help: 'asks the room something; -multiple allows several options, -names shows who has chosen what',
    },
    vote: {
      word: 'vote',
      args: '<#> [number…|none]',
      help: 'votes in a poll, or shows how it stands; none takes your vote back',
    },
    closePoll: { word: 'close', args: '<#>', help: 'closes a poll' },
    file: { word: 'file', args: '<#>', help: 'links to the files of a message, for you alone' },
    files: { word: 'files', args: '[how many]', help: 'the last files of the room' },
    send: { word: 'send', args: '[file]', help: 'an address to send a file to the room with curl' },
    profile: { word: 'profile', args: '[person]', help: 'who someone is, or you' },
    name: { word: 'name', args: '<full name>', help: 'changes your full name' },
    status: {
      word: 'status',
      args: '[text]',
      help: 'shows or sets your status; a - removes it',
    },
    away: { word: 'away', args: '[no]', help: 'says that you are away, or back' },
    language: { word: 'language', args: '<es|en>', help: 'the language that the server speaks to you' },
    zone: { word: 'zone', args: '[zone]', help: 'your time zone, such as America/Bogota; a - removes it' },
    password: { word: 'password', args: '', help: 'changes your password' },
    sessions: {
      word: 'sessions',
      args: '[-#]',
      help: 'where you are logged in; -# ends one; -others, the rest',
    },
    move: { word: 'move', args: '', help: 'a code to continue this session elsewhere' },
    block: {
      word: 'block',
      args: '[person]',
      help: 'whose private messages you don’t want; -person undoes it',
    },
    teams: { word: 'teams', args: '', help: 'the teams: @team calls all of its people' },
    team: {
      word: 'team',
      args: '<team> [+person -person…]',
      help: 'who is in a team; +ana adds her, -ana removes her, -team deletes it (admins)',
    },
    people: { word: 'people', args: '[from]', help: 'lists the accounts (admins)' },
    role: {
      word: 'role',
      args: '<person> <owner|admin|member|guest|bot>',
      help: 'gives a role on the server (admins)',
    },
    disable: {
      word: 'disable',
      args: '<person>',
      help: 'disables an account and ends its sessions (admins)',
    },
    enable: { word: 'enable', args: '<person>', help: 'enables an account again (admins)' },
    code: {
      word: 'code',
      args: '<person>',
      help: 'a one-time code for somebody who has forgotten their password (admins)',
    },
    invite: { word: 'invite', args: '[uses] [30m|2h|7d] [#room…]', help: 'a code to register with (admins)' },
    invitations: {
      word: 'invitations',
      args: '[-code]',
      help: 'lists the valid ones; -code withdraws one (admins)',
    },
    server: {
      word: 'server',
      args: '[setting value]',
      help: 'the settings of the server; with a value it changes one (admins)',
    },
  },
  passwordLength: least => `The password must have from ${least} to 256 characters.`,
  refusals,

  irc: {
    later: 'That can be done once the connection is complete.',
    needsCode: account => `Registering takes an invitation code: VERIFY ${account} code`,
    passWanted: 'This takes the server’s password (PASS), or an account (SASL).',
    killed: (by, why) => `Disconnected by ${by} (${why})`,
    noRehash: 'Certificates are reloaded automatically; everything else is read when the server starts.',
    longValue: 'The value is too long: the limit is 400 bytes.',
    noPassword: 'No password was given: type it as one line of standard input.',
    operatorIs: 'You are an operator now.',
    motd: network => `Welcome to ${network}. Every message is on disk before anyone sees it.`,
    identify: [
      'You need an account. Log in with SASL, with PASS user:password, or with /msg NickServ IDENTIFY user password',
      'To register this name: /msg NickServ REGISTER password [code]',
    ],
    putOff: {
      message: (_, room, author, text) => `${author} in ${room}: ${text}`,
      goneMessage: (_, room) => `a message in ${room}, which you can no longer read`,
      notSent: (room, time, reason) =>
        `* What was scheduled for ${room} on ${time} was not sent: ${reason} See it with /msg ChanServ SCHEDULED.`,
    },
    remindersWaiting: count =>
      `You have ${count === 1 ? '1 reminder' : `${count} reminders`} pending: /msg ChanServ REMINDERS`,
    services: {
      NickServ: [
        'IDENTIFY [user] password: logs in.',
        'REGISTER password [code]: registers an account with your current name.',
        'PASSWORD current new: changes your password. If you came with a one-time code: PASSWORD new.',
        'HELP: this help.',
      ],
      ChanServ: [
        'A channel belongs to the person who created it with JOIN; there is no need to register it.',
        'REGISTER #channel: tells you so.',
        'UNREAD: how much you have not read, and where. UNREAD #channel, or UNREAD nick: shows it, the oldest first.',
        'READ #channel, or READ nick: marks it as read.',
        'FILE link, or FILE #channel for the last message with files: a link for each that opens it for you without logging in, for ten minutes.',
        'FILES #channel [how many], or FILES nick: the last files there.',
        'SEND #channel, or SEND nick: an address to send a file there with curl.',
        'HOURS #channel: when people write there. HOURS #channel mon-fri 07:00-12:00 14:00-18:00 sets it; a - removes it.',
        'CALL #channel: the link of its call. CALL #channel https://… sets it; a - removes it.',
        'REPORT #channel nick [reason]: tells moderators and admins of the last thing that they said, who see it with what stands around it even if it is deleted.',
        'REPORTS: the reports that are waiting, for moderators. CLOSE number [note]: closes one.',
        'POLL #channel [-multiple] [-names] [-2h] question | option | option…: a poll.',
        'VOTE #channel [number…|none]: votes in the last poll there, or shows how it stands; in another one, with its msgid: VOTE 1-41 2.',
        'CLOSE #channel, or CLOSE msgid: closes a poll.',
        'SCHEDULE #channel when text: sends it later (30m, 9:00, tomorrow 9:00, monday 8:00). SCHEDULED: what is scheduled; SCHEDULED -number deletes it.',
        'REMIND msgid when [note]: reminds you of a message. REMINDERS: those that you have; REMINDERS -number deletes one.',
        'HELP: this help.',
      ],
    },
    choosePassword:
      'You have logged in with a one-time code, which is no good any more. Choose your password now: /msg NickServ PASSWORD new',
    alreadyIn: username => `You are already logged in as ${username}.`,
    channelIsKept: 'There is no need to register that channel: it belongs to the person who created it.',
    admin: 'WHOIS shows who the admins of the server are.',
    info: [
      'Tertulia: a chat server that one command starts.',
      'Each room is a numbered log: nobody misses a message or sees it twice.',
    ],
    help: 'Commands',
    needs: count => (count === 1 ? 'It needs 1 parameter.' : `It needs ${count} parameters.`),
    noCtcp: 'CTCP is blocked here, except for ACTION.',
    notUtf8: 'The line is not UTF-8, and was ignored.',
    noTarget: 'You are not there.',
    disconnected: 'Has disconnected',
    badBatch: 'The message of several lines is not valid.',
    noSubcommand: 'There is no such command.',
    fewParameters: 'Parameters are missing.',
    manyParameters: 'Too many parameters.',
    nothingThere: 'There is nothing there, or nothing that you can see.',
    badReference: 'A message is referred to by timestamp=… or msgid=….',
    badTimestamp: 'The time is not valid. A valid one: timestamp=2026-01-31T12:00:00.000Z',
    badHistoryLimit: 'The limit is not valid: it must be a whole number, 0 or more.',
    badKey: 'The key is not valid.',
    keyNotSet: 'That key has no value.',
    manySubscriptions: 'Too many subscriptions.',
    onlyOneself: 'You can only do that for yourself: the target must be *.',
    syncLater: 'That is too much to send unasked: METADATA SYNC shows it.',
    nickFirst: 'NICK must come first.',
    refusals: {
      'bad-mask': 'Masks match names: nick, nick!*@*, a:nick or m:nick!*@*; nobody sees addresses.',
      'no-such-message': 'There is no such message, or it has been deleted.',
    },
    numerics: {
      ERR_USERNOTINCHANNEL: "They aren't in that channel.",
      ERR_NICKLOCKED: 'Your nick is your username, and cannot be changed.',
    },
    erased: (author, words) =>
      words === '' ? `${author} deleted a message.` : `${author} deleted “${words}”`,
    poll: {
      untouched: (_, ask) => `* ${ask}`,
      open: (_, results, ask) => `* Poll: ${results}. ${ask}`,
      over: (_, results) => `* Poll closed: ${results}.`,
    },
    pollEnded: (author, words, results) => `${author} closed the poll “${words}”: ${results}.`,
    pollExpired: (author, words, results) => `The poll by ${author}, “${words}”, has ended: ${results}.`,
    pinned: (author, words) => (words === '' ? `${author} pinned a message.` : `${author} pinned “${words}”`),
    unpinned: (author, words) =>
      words === '' ? `${author} unpinned a message.` : `${author} unpinned “${words}”`,
    badSasl: 'The client did not send a message of that SASL mechanism.',
    noBinding:
      'The client wants channel binding, which this server does not offer: use SCRAM-SHA-256 without it, or PLAIN.',
    forAnother: 'You cannot log in for someone else: the authorization identity must be that of the account.',
    wrongProof:
      'Wrong credentials, or that account has not logged in with its password since SCRAM was added: try PLAIN.',
    passwordFirst:
      'This account needs its password once (PLAIN, PASS or NickServ); from then on SCRAM works.',
    unreadLeft: (target, count, most) =>
      count === 1
        ? `${target}: 1 more message is unread. To see it: /msg ChanServ UNREAD ${target}`
        : `${target}: ${count > most ? `more than ${most}` : `${count} more`} messages are unread. To see them: /msg ChanServ UNREAD ${target}`,
    nothingUnread: 'Nothing is unread.',
    closedOrAlike:
      'There is a closed room with that name, or one that looks like it: only people who are brought in can join.',
    tooManyNames: (most: number) => `Too many names in one line: the limit is ${most}.`,
    tooManyModes: (most: number) =>
      `One MODE makes at most ${most} changes with a parameter; this one and the rest were not made.`,
    badLimit: 'The limit must be a number of people.',
  },

  web: {
    problems: {
      'not-logged-in': 'You have to log in.',
      'bad-request': 'The request is not valid.',
      'not-found': 'There is nothing here.',
      'wrong-method': 'That cannot be done with this address.',
      'too-large': 'The request is too large.',
      'wrong-type': 'The content type has to be application/json, text/plain or text/markdown.',
      'foreign-origin': 'Another website may not do that on your behalf.',
      'wrong-host': 'This server is not called that.',
      'too-fast': 'Too many requests in a row. Wait a little.',
      'too-many-connections': 'Too many connections from your address. Close some, or wait a little.',
      'too-many-headers': 'Too many headers.',
      'bad-range': 'The file does not have those bytes.',
      'wrong-offset': 'The upload is not at that byte: ask with HEAD how far it is.',
      'too-slow': 'The request took too long.',
      failed: 'Something went wrong on the server.',
    },
    noApp: {
      building: 'The web app is being built. This page will load by itself in a moment.',
      failed: 'The web app could not be built. The server’s log says why.',
      missing: 'The web app is not built. On the server, run npm ci and npm run build.',
    },
    otherWays: 'The chat is open: join with nc, telnet or npm run chat.',
  },

  onlyEncrypted: 'This server accepts encrypted connections only: use https or TLS.',
  tooManyConnections: 'Too many connections from your address. Close some, or wait a little.',
  onlyNearby: 'This server accepts connections from its local network only.',

  alsoAt: url => `Also at ${url}`,
  noWebPort: (port, why) =>
    `No separate port for browsers (${port}: ${why}): they use the main one. See --web-port.`,
  join: command => `To join: ${command}`,
  dataAt: path => `The data is in ${path}`,
  noPictures: reason =>
    `This machine cannot read pictures (${reason}): they are sent like any other file, without a thumbnail. The place where they were taken is removed all the same.`,
  storeIs: {
    full: path =>
      `The disk that holds ${path} is full, or your quota is used up: nothing is stored until there is room. Free some space.`,
    moved: path =>
      `${path} or one of its files (-wal, -shm, -lock) was moved, replaced or deleted while the server was running: nothing is stored. Put it back before you stop the server: without ${path} everything in it is lost.`,
    overwritten: path =>
      `Another program wrote into ${path} or ${path}-wal while the server was running (a backup, perhaps): nothing is stored any more. Stop the server, put a backup in place, and start it again. What only the log has is kept in ${path}-wal-unmerged.`,
    'taken-back': path =>
      `Another program put ${path} back to an earlier state while the server was running (sqlite3’s .restore, or copies of its files): something that had been confirmed is missing, and nothing is stored any more. Stop the server and start it again: it goes on with what is in ${path} and ${path}-wal.`,
    held: path =>
      `Another program has locked ${path}: nothing is stored until its transaction ends. Find out which program has it open.`,
    broken: path =>
      `${path} is damaged where it is needed to store anything: nothing is stored. Stop the server and restore a backup.`,
    damaged: path =>
      `Part of ${path} is damaged and can’t be read; the rest works. Stop the server and restore a backup.`,
    index: path =>
      `The search index in ${path} was damaged and is being rebuilt: no message is lost with it. If it happens again, the disk may be failing.`,
    remade: path =>
      `Part of ${path} was damaged and has been made anew: nothing is lost with it. The disk may be failing: make a backup.`,
    'index-again': path =>
      `The search index in ${path} is damaged again: searching, editing and deleting fail until the server is started anew, which rebuilds it. The disk may be failing: make a backup.`,
    refusing: path =>
      `A rule (trigger) that another program added to ${path} keeps something from being stored: it is refused, and its sender is told.`,
    away: (where, why) => `${where} can’t be reached: ${why}`,
    wellAgain: path => `${path} works again.`,
    noRoomForFiles:
      'Little room is left on the disk of the files: none are taken until there is more. Messages are still stored. Free some space.',
    roomForFiles: 'There is room for files again.',
  },
  tampered: {
    missing: (room, seqs) =>
      `Another program deleted or changed rows of room ${room} in the database (${seqs}): they are shown as deleted messages.`,
    added: (room, upto) =>
      `Another program added rows to room ${room} in the database, up to ${upto}: they are shown from now on.`,
    misplaced: (room, end) =>
      `Another program changed the end of room ${room} in the database: it continues at ${end}, where its rows end.`,
    lost: (room, seq) =>
      `Another program added rows to room ${room} in the database far beyond its last one (${seq}): they are not shown, and the room continues without them.`,
    remade: names =>
      `Another program removed or changed parts of the database (${names}): they have been restored.`,
    odd: (column, rows) =>
      `Another program left values in ${column} of the database that make no sense (rows: ${rows}). They count as the least that they could mean; please correct them.`,
  },
  lost: {
    commit:
      'The disk failed during a write. Check it, and start the server again: what was confirmed is stored.',
    thread: 'The server failed internally. Start it again: what was confirmed is stored.',
    history:
      'The database continues from another point (a failover, or a restored backup). Start the server again: what was confirmed last may be missing.',
  },
  copyKept: (path, until) =>
    `${path} is a copy from before the upgrade, with what there was then; it will be deleted on ${until}.`,
  firstIsOwner: 'The first account to register will own the server.',
  ownerCodeIs: code => `The first account will own the server. Registering it takes this code: ${code}`,
  noServer: folder => `No server is running on the data in ${folder} (start it with: npm start)`,
  noSocket: folder =>
    `The server in ${folder} can’t be reached: it runs under another account, or the path of its folder is too long.`,
  checking: {
    well: messages => `All is well. Messages with files: ${messages}`,
    looked: messages => `Messages with files: ${messages}`,
    broken: count => `Files of messages that are missing, or not as they should be: ${count}`,
    fault: {
      missing: 'missing',
      unreadable: 'cannot be read',
      length: 'of another size',
      digest: 'of other content',
      row: 'another program deleted its rows from the database',
    },
    brokenFile: (room, message, name, fault) =>
      `  room ${room}, message #${message}${name === '' ? '' : `, ${name}`}: ${fault}`,
    lost: count =>
      `Files of messages that another program deleted (the server will delete them too): ${count}`,
    lostFile: (id, name) => `  ${id}  ${name}`,
    orphans: count => `Stored files that nothing refers to: ${count}`,
    orphan: key => `  ${key}`,
    andMore: count => `  … and ${count} more`,
    deleted: count => `Of these are deleted, being older than a day: ${count}`,
    deleteThem: 'To delete those older than a day: npm run -s tertulia -- check --delete-orphans',
  },
  copying: {
    whereTo:
      'Where to? npm run -s tertulia -- copy --store postgres://user:password@host:5432/database --data folder',
    nothing: path => `There is no ${path}. Use --data to say where chat.db is.`,
    progress: (done, all) => `Messages copied: ${done} of ${all}`,
    done: (where, { accounts, rooms, messages }) =>
      `The chat is at ${where}. Accounts: ${accounts}; rooms: ${rooms}; messages: ${messages}.`,
    leftOut: (table, rows) =>
      `${rows === 1 ? '1 row' : `${rows} rows`} of ${table} left out: they belong to people or rooms that do not exist.`,
    refused: (table, rows) =>
      `${rows === 1 ? '1 row' : `${rows} rows`} of ${table} left out: PostgreSQL accepts no two that it considers equal, nor texts that are too long for an index.`,
    mended: (table, values) =>
      `${values === 1 ? '1 value' : `${values} values`} of ${table} corrected: impossible numbers, or of someone who does not exist.`,
    missing: key => `A file is missing, and was not copied: ${key}`,
    unread: (key, detail) => `A file cannot be read, and was not copied: ${key} (${detail})`,
    cut: key => `A file has more or fewer bytes than it should, and was copied as it is: ${key}`,
    next: path =>
      `From now on, start with --store. ${path} stays as it was: what is said with that file no longer reaches PostgreSQL.`,
    failed: detail => `The copy failed, and nothing of it is left in PostgreSQL: ${detail}`,
    lost: where =>
      `The connection to ${where} was lost. Run the command again: it copies everything, or says that it is already there.`,
  },
  passwordSet: username => `* The password of ${username} has changed, and their sessions have ended.`,
  notSet: 'not set',
  byDefault: 'by default',
  plaintext: 'Note: connections are not encrypted.',
  plaintextNearby:
    'Note: nothing is encrypted on this network, and anyone who listens to it can read messages and passwords.',
  nobodyNear:
    'Note: this machine has no private address, and --lan lets people in from private ones only. See --tls and --allow-plaintext.',
  classCodeIs: code => `Registering takes the class code: ${code}`,
  fingerprintIs: fingerprint => `The certificate is self-signed. Its SHA-256 fingerprint: ${fingerprint}`,
  badKeyPair: {
    unreadable: path => `${path} cannot be read, and TLS needs it.`,
    'no-certificate': path => `${path} is not a certificate in PEM format.`,
    'no-key': path => `${path} is not a private key in PEM format without a passphrase.`,
    mismatch: path => `The key in ${path} does not match its certificate.`,
    unfit: path =>
      `The certificate in ${path} cannot be used for TLS: its chain is damaged, or its key is too weak.`,
  },
  system: {
    EADDRINUSE: 'that port is already in use',
    EACCES: 'permission denied',
    EADDRNOTAVAIL: 'this machine has no such address',
    ENOTFOUND: 'that name is unknown',
    ENOENT: 'it does not exist',
    EISDIR: 'it is a folder',
    other: code => `the system says ${code}`,
  },
  startFailed: {
    listener: (url, why) => `Cannot listen at ${url}: ${why}.`,
    bus: why => `The bus cannot be used: ${why}`,
    motd: (path, why) => `The message of the day ${path} cannot be read: ${why}.`,
    'port-taken': (port, free) => `Port ${port} is taken. Try: ${free}`,
    'port-denied': (port, free) => `There is no permission to use port ${port}. Try: ${free}`,
    'no-such-host': host => `This machine has no address ${host}. Try: --host 127.0.0.1`,
    locked: path => `Another server is using ${path}. Stop it, or choose another folder with --data.`,
    unwritable: path => `${path} cannot be written. Grant permission, or choose another folder with --data.`,
    'not-a-database': path => `${path} is not a database. Move it, or choose another folder with --data.`,
    'not-ours': path => `${path} belongs to another program. Move it, or choose another folder with --data.`,
    'too-new': path => `${path} was written by a newer version of Tertulia. Update Tertulia to open it.`,
    'wrong-version': path =>
      `Another program changed the version number of ${path}: it does not match its tables. Restore a backup, or choose another folder with --data.`,
    incomplete: (path, what) =>
      `Another program removed something from ${path} that can’t be restored: ${what}. Restore a backup, or choose another folder with --data.`,
    full: path => `There is no space left for ${path}. Free some, or choose another folder with --data.`,
    damaged: path => `${path} is damaged. Restore a backup, or choose another folder with --data.`,
    'bad-url': where =>
      `${where} is not an address of PostgreSQL. One looks like postgres://user:password@host:5432/database.`,
    unreachable: where =>
      `PostgreSQL at ${where} does not answer, or is read-only. Check that it is running and can be reached.`,
    'other-tables': where => `There are tables of another program at ${where}. Choose an empty database.`,
    'no-tables': where =>
      `Tertulia can’t create its tables at ${where}. The database must belong to its user: CREATE DATABASE tertulia OWNER tertulia.`,
    'bad-encoding': where =>
      `The database at ${where} does not store UTF-8. Create it with ENCODING 'UTF8' TEMPLATE template0.`,
    'no-space': where => `PostgreSQL at ${where} has no space left.`,
    denied: where =>
      `PostgreSQL at ${where} does not let Tertulia in. Check the user, the password and the database.`,
    'not-empty': where =>
      `There is already a chat at ${where}. Choose an empty database, or start with this one: npm start -- --store …`,
    'in-use': where =>
      `Nodes are running at ${where}, or something is using its tables. Stop them; one that died counts as running for another minute.`,
    unexpected: detail => `The server could not start: ${detail}`,
  },
  badSetting: {
    'unknown-command': name => `There is no command ${name}. See the commands with --help.`,
    'unknown-option': name => `There is no option ${name}. See the options with --help.`,
    'unknown-key': name => `There is no key ${name}. See the options with --help.`,
    'no-value': name => `${name} needs a value.`,
    'bad-value': (name, value, wanted) => `${name} cannot be "${value}"; it must be ${wanted}.`,
    'unreadable-file': (path, detail) => `${path} cannot be read: ${detail}`,
    exposed: host =>
      `Other machines can connect to ${host}. Choose how: encrypted with --tls-cert and --tls-key or with --tls self-signed, unencrypted from private addresses with --lan, or unencrypted from any address with --allow-plaintext; otherwise, use --host 127.0.0.1.`,
    'tls-half': missing => `--tls-cert and --tls-key go together: ${missing} is missing.`,
    'tls-twice': path => `Either --tls self-signed or the certificate in ${path}, not both.`,
    'limits-needed': where =>
      `--no-limits is only for a server that no other machine can reach: ${where} lets others in.`,
    'tls-lacking': url =>
      `${url} is encrypted: it needs a certificate (--tls-cert and --tls-key, or --tls self-signed).`,
    'sts-unsafe': _ =>
      '--irc-sts makes clients come back with TLS only: it needs a certificate that they trust (--tls-cert and --tls-key).',
    'bus-alone': _ => '--bus is for several nodes on one database: it also needs --store postgres://…',
    'proxies-lacking': url =>
      `${url} is behind a proxy: use --trusted-proxies to say which addresses to trust.`,
  },
  wanted: {
    port: 'a number from 0 to 65535',
    webPort: 'a number from 0 to 65535, or off',
    connections: 'a number from 1 to 1000000',
    lang: 'es or en',
    boolean: 'true or false',
    text: 'some text',
    level: 'trace, debug, info, warn, error, fatal or silent',
    registration: 'open, invite or closed',
    tls: 'self-signed',
    networkName: 'one word of up to 30 letters, digits, dots or hyphens',
    hostName: 'a name with a dot, such as irc.example.org, of up to 63 characters',
    operators:
      'names with what "npm run -s tertulia hash" prints: a table in the file; elsewhere name:$argon2id$…, separated by spaces',
    listeners:
      'addresses such as irc://127.0.0.1:6667, ircs://0.0.0.0:6697, irc+ws://…, irc+wss://…, http://…, https://…, line://…, lines://…, separated by commas; with ?proxy behind a proxy',
    stores: 'addresses such as postgres://user:password@host:5432/database, separated by commas',
    buses: 'addresses such as nats://host:4222, separated by commas',
    nicks: 'a number from 9 to 32',
    register: 'before, after or off',
    email: 'none, optional or required',
    days: 'a number of days, from 0 to 3650',
    size: 'a size such as 500M or 2G',
    mediaTypes: 'types such as image/png or image/*, separated by commas',
    copyDays: 'a number of days, from 1 to 3650',
    hostsWithPorts: 'hosts with their ports, separated by commas, such as wiki.local:8080',
    onOff: 'on or off',
    origin: 'http:// or https:// with a name and no path, such as https://chat.example.org',
    networks: 'addresses or networks separated by commas, such as 127.0.0.1, 10.0.0.0/8',
  },
  help: `Tertulia: a chat server.

  npm start -- [options]

  --port N            port (8000; 0 picks a free one)
  --host ADDRESS      address to listen on (127.0.0.1)
  --lan               for the local network: unencrypted, from private addresses only
  --tls self-signed   encrypted, with a certificate that the server makes itself
  --tls-cert FILE     encrypted, with this certificate (PEM, with its chain)
  --tls-key FILE      and its key
  --allow-plaintext   lets other machines connect unencrypted
  --public-url URL    the address that others use (https://chat.example.org)
  --trusted-proxies NETWORKS  proxies that may say where a client is (127.0.0.1, 10.0.0.0/8)
  --store URL,…       PostgreSQL instead of chat.db, for several nodes
  --bus URL,…         NATS, which connects the nodes
  --data FOLDER       where to keep chat.db (the current folder)
  --lang es|en        language of the line door and of this console (es)
  --registration MODE open, invite (with an invitation code) or closed
  --no-limits         no limits against floods; for this machine only
  --connections-per-address N  at the same time (a quarter of what the process may open)
  --listen URL,…      more ports, with one door each (irc://127.0.0.1:6667)
  --web-port N|off    a port for browsers only (8080 with --lan, else off)
  --keep-copies DAYS  how long copies from before upgrades are kept (30)
  --file-size SIZE    the largest a file may be (1G)
  --files-per-person, --files-per-room, --files-in-all SIZE  space for files (10G, 50G, 200G)
  --file-types TYPE,… only files of these types can be sent (image/*, application/pdf)
  --allow-internal HOST:PORT,…  what the server may ask on the internal network
  --previews on|off   previews of links (off if others can connect)
  --irc-guests        IRC also without an account
  --irc-…             other IRC settings: see docs/irc.md
  --log-level LEVEL   trace, debug, info, warn, error, fatal or silent
  --config FILE       configuration file (tertulia.toml)
  --help              this help

The same as environment variables (TERTULIA_PORT=8123, TERTULIA_LIMITS=false…)
and in tertulia.toml (port = 8123, limits = false…). Options override the
environment, which overrides the file.

To copy chat.db to an empty PostgreSQL, with the server stopped:

  npm run -s tertulia -- copy --store URL --data FOLDER

Commands, while the server is running:

  npm run -s tertulia users    accounts and invitations
  npm run -s tertulia rooms    rooms
  npm run -s tertulia check    files that are missing, or left over
  npm run -s tertulia config   each value and where it comes from
  npm run -s tertulia hash     the hash of a password (for irc-operators)`,

  client: {
    help: `Tertulia: the terminal client.

  npm run chat -- [--host ADDRESS] [--port N] [--lang es|en]

It connects to localhost:8000 unless told otherwise. Leave with: salir, exit, Ctrl-C or Ctrl-D.

In a terminal, /send photo.jpg sends that file of this machine, and /download 41 saves those of message 41 in this
folder (/download 41 ~/photos in another).`,
    save: { word: 'download', args: '<#> [folder]' },
    noSuchFile: path => `* There is no file ${path} on this machine`,
    progress: (name, percent) => `* ${name}: ${percent} %`,
    saved: path => `* Saved: ${path}`,
    notTransferred: why => `* It failed: ${why}`,
    unreachable: (address, detail) =>
      `Could not connect to ${address} (${detail}). Is the server running? It starts with: npm start`,
    gone: 'The server closed the connection.',
  },
}
