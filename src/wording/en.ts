// Every sentence that people read outside of the web app, in English.

import type { Wording } from './es.ts'
import { refusals } from './refusals-en.ts'

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
    revoked: '* This session was ended from another.',
    disabled: '* This account is disabled.',
    moved: '* The session goes on through another door.',
  },
  badOption: 'Not an option. Type 1 or 2.',
  askCode: 'Enter your registration code: ',
  past: '* Earlier messages:',
  moreUnread: seq => `* There are more unread before these: /history 200 ${seq}`,
  longLine: 'The line is too long: the limit is 16 KiB. It was not stored.',
  endsWithEnter: '* A line ends with Enter: until then nothing of what you have typed is read.',
  codePage: name =>
    `Your terminal does not write UTF-8: what you type is read as ${name}, and what you read is UTF-8. A password with accents does not work like that.`,
  tooSlow: 'Five minutes passed without logging in. Goodbye.',
  closing: 'The server is shutting down. Come back in a moment.',
  trouble: 'Something failed in the server. Connect again.',
  leaveWords: ['salir', 'exit'],
  private: '(private)',
  group: '(group)',
  reply: (author, to) => `${author} → ${to}`,
  edited: (author, seq, text) => `* ${author} corrected #${seq}: ${text}`,
  erased: (author, seq) => `* ${author} deleted #${seq}`,
  reacted: (author, emoji, seq) => `* ${author} reacted ${emoji} to #${seq}`,
  unreacted: (author, emoji, seq) => `* ${author} removed ${emoji} from #${seq}`,
  pinned: (author, seq) => `* ${author} pinned #${seq}`,
  unpinned: (author, seq) => `* ${author} unpinned #${seq}`,
  arrived: (username, room) => `* ${username} came into ${room}.`,
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
  unmuted: (author, username) => `* ${author} lets ${username} speak again.`,
  until: time => `until ${time}`,
  forEver: 'indefinitely',
  retitled: (author, room, topic) => `* ${author} set the topic of ${room}: ${topic}`,
  untitled: (author, room) => `* ${author} removed the topic of ${room}.`,
  renamed: (author, room) => `* ${author} renamed the room: it is ${room} now.`,
  archivedRoom: (author, room) => `* ${author} archived ${room}.`,
  unarchivedRoom: (author, room) => `* ${author} reopened ${room}.`,
  silenced: (author, room, until) => `* ${author} silenced ${room} ${until}.`,
  unsilenced: (author, room) => `* ${author} lifted the silence of ${room}.`,
  slowed: (author, room, seconds) => `* ${author} put ${room} in slow mode: one message every ${seconds} s.`,
  unslowed: (author, room) => `* ${author} ended the slow mode of ${room}.`,
  rekinded: {
    open: (author, room) => `* ${author} opened ${room}: whoever likes comes in.`,
    closed: (author, room) => `* ${author} closed ${room}: only who is brought comes in.`,
    announcement: (author, room) => `* ${author} kept ${room} for announcements.`,
  },
  keyed: (author, room, key) => `* ${author} put a key to ${room}: ${key}`,
  unkeyed: (author, room) => `* ${author} removed the key of ${room}.`,
  limited: (author, room, people) => `* ${author} limited ${room} to ${people} people.`,
  unlimited: (author, room) => `* ${author} removed the limit of ${room}.`,
  flagged: {
    'open-topic': (author, room) => `* ${author} left the topic of ${room} to whoever likes to set it.`,
    'no-ctcp': (author, room) => `* ${author} closed ${room} to IRC's CTCP.`,
    'no-guests': (author, room) => `* ${author} closed ${room} to guests.`,
    'quiet-guests': (author, room) => `* ${author} lets guests only read in ${room}.`,
  },
  unflagged: {
    'open-topic': (author, room) => `* ${author} left the topic of ${room} to moderators.`,
    'no-ctcp': (author, room) => `* ${author} opened ${room} to IRC's CTCP.`,
    'no-guests': (author, room) => `* ${author} opened ${room} to guests.`,
    'quiet-guests': (author, room) => `* ${author} lets guests write in ${room} again.`,
  },
  masked: {
    ban: (author, mask, room) => `* ${author} banned whoever is called ${mask} from ${room}.`,
    mute: (author, mask, room) => `* ${author} muted whoever is called ${mask} in ${room}.`,
    exception: (author, mask, room) => `* ${author} excepted whoever is called ${mask} in ${room}.`,
    invitation: (author, mask, room) => `* ${author} invited whoever is called ${mask} to ${room}.`,
  },
  unmasked: {
    ban: (author, mask, room) => `* ${author} lifted the ban on ${mask} from ${room}.`,
    mute: (author, mask, room) => `* ${author} lets whoever is called ${mask} speak again in ${room}.`,
    exception: (author, mask, room) => `* ${author} removed the exception of ${mask} in ${room}.`,
    invitation: (author, mask, room) => `* ${author} withdrew the invitation of ${mask} to ${room}.`,
  },

  unread: rooms => `* Unread: ${rooms}`,
  unreadIn: (room, count, mentions) =>
    mentions === '0' ? `${room} ${count}` : `${room} ${count} (mentioning you: ${mentions})`,
  nowIn: room => `* You are in ${room}.`,
  topicIs: topic => `* Topic: ${topic}`,
  noTopic: '* The room has no topic.',
  out: room => `* You are no longer in ${room}. Choose another room: /join general`,
  broughtYou: (author, room) => `* ${author} brought you into ${room}.`,
  asksYou: (author, room) => `* ${author} asks you into ${room}: /join ${room} or /decline ${room}`,
  asked: (person, room) => `* You asked ${person} into ${room}.`,
  declined: room => `* You declined to come into ${room}.`,
  alreadySo: '* It was so already.',
  usage: usage => `Usage: ${usage}`,
  unknownCommand: word =>
    `There is no command /${word}. See /help. To say a line that begins with /, type //`,
  didYouMean: (word, near) => `There is no command /${word}. Did you mean /${near}?`,
  nothingFound: '* Nothing.',
  more: count => `* ${count} more: /more`,
  noMore: '* There is no more.',
  addressIs: address => `* Its address, whatever the room will be called: ${address}`,
  moreResults: '* There are more results: /more',
  incomplete: '* There may be more: not all was looked through. Try more words, or again in a moment.',
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
  spoken: '* I speak English to you now.',
  askPasswordNow: 'Current password: ',
  askNewPassword: 'New password: ',
  passwordKept: '* The password stays as it is.',
  passwordChanged: '* The password has changed, and your other sessions have ended.',
  sessionSince: (door, time, address) => `${door}, since ${time}, ${address}`,
  doorNames: { line: 'line', irc: 'IRC', web: 'web' },
  thisOne: '(this one)',
  sessionEnded: '* The session has ended.',
  moveCode: code =>
    `* Type ${code} where (1) or (2) is asked for, within two minutes: the session goes on there.`,
  youAreAway: '* You are away. To come back: /away no',
  youAreBack: '* You are back.',
  blocked: username =>
    `* What ${username} writes to you in private reaches you no more, nor do their mentions.`,
  unblocked: username => `* ${username} may write to you again.`,
  roleIs: (username, role) => `* ${username}: ${role}.`,
  accountDisabled: username => `* The account ${username} is disabled, and its sessions have ended.`,
  accountEnabled: username => `* The account ${username} is enabled.`,
  invitationIs: code => `* Invitation code: ${code}`,
  invitation: (left, until, by) =>
    `${left === 1 ? '1 use left' : `${left} uses left`}, until ${until}, by ${by}`,
  invitationWithdrawn: '* That invitation is void now.',
  theOperator: 'whoever runs the server',
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
  rulesOf: (room, rules) => `* ${room}: ${rules}.`,
  ruleNames: {
    key: key => `key ${key}`,
    limit: people => `limit ${people}`,
    silence: until => `silenced ${until}`,
    slow: seconds => `one message every ${seconds} s`,
  },
  kindNames: { open: 'open', closed: 'closed', announcement: 'announcements' },
  commands: {
    help: { word: 'help', args: '[command]', help: 'this help' },
    rooms: { word: 'rooms', args: '', help: 'your rooms and the others there are' },
    join: { word: 'join', args: '<room> [key]', help: 'goes into a room; what you type goes there' },
    leave: { word: 'leave', args: '[room]', help: 'leaves the room you are in, or another' },
    create: { word: 'create', args: '<room> [open|closed|announcements]', help: 'makes a room' },
    direct: { word: 'private', args: '<person>[,person…] [text]', help: 'talks in private' },
    who: { word: 'who', args: '[room]', help: 'who is in the room' },
    topic: { word: 'topic', args: '[text]', help: 'shows or sets the topic; a - removes it' },
    bring: { word: 'bring', args: '<person>', help: 'brings somebody into the room' },
    ask: { word: 'ask', args: '<person>', help: 'asks somebody into the room, who comes or does not' },
    decline: { word: 'decline', args: '<room>', help: 'says no to who asks you into a room' },
    kick: { word: 'kick', args: '<person> [reason]', help: 'removes somebody from the room' },
    ban: {
      word: 'ban',
      args: '<person|pattern> [30m|2h|7d] [reason]',
      help: 'removes somebody, who cannot come back until then; -person forgives; juan* is whoever is called so',
    },
    mute: {
      word: 'mute',
      args: '<person|pattern> [30m|2h|7d|0]',
      help: 'somebody may not write here, or whoever is called juan*; 0 undoes it',
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
    slow: { word: 'slow', args: '<seconds>', help: 'one message of a person in so many seconds; 0 ends it' },
    kind: {
      word: 'kind',
      args: '<open|closed|announcements>',
      help: 'who comes into the room and who writes in it',
    },
    key: { word: 'key', args: '<key>', help: 'without it nobody joins by themselves; a - removes it' },
    limit: { word: 'limit', args: '<people>', help: 'how many people the room holds; 0 removes it' },
    rules: {
      word: 'rules',
      args: '[[-]open-topic|no-ctcp|no-guests|quiet-guests]',
      help: "the room's rules; with one sets it, or with a - takes it off",
    },
    masks: {
      word: 'patterns',
      args: '[ban|mute|exception|invitation [-]pattern]',
      help: "whom the room's lists ban, mute, except or invite; juan* is whoever is called so",
    },
    notify: {
      word: 'notify',
      args: '<everything|mentions|nothing|invisible>',
      help: 'what this room tells you of while you are in another',
    },
    rename: { word: 'rename', args: '<name>', help: 'gives the room another name' },
    archive: { word: 'archive', args: '[no]', help: 'closes the room to new messages, or reopens it' },
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
    more: { word: 'more', args: '', help: 'goes on with a long answer' },
    reply: { word: 'reply', args: '<#> <text>', help: 'answers a message' },
    act: { word: 'me', args: '<text>', help: 'what you do: /me dances' },
    thread: { word: 'thread', args: '<#>', help: 'a message and its answers' },
    edit: { word: 'edit', args: '<#> <text>', help: 'corrects a message of yours' },
    erase: { word: 'delete', args: '<#>', help: 'deletes a message' },
    react: {
      word: 'react',
      args: '<emoji> [#]',
      help: 'reacts to a message (the last one); -emoji removes it',
    },
    pin: { word: 'pin', args: '<#>', help: 'pins a message; -# unpins it' },
    pins: { word: 'pins', args: '', help: 'the pinned messages' },
    paste: { word: 'paste', args: '', help: 'a message of several lines, up to one with a single dot' },
    profile: { word: 'profile', args: '[person]', help: 'who somebody is, or you' },
    name: { word: 'name', args: '<full name>', help: 'changes your full name' },
    status: {
      word: 'status',
      args: '[text]',
      help: 'shows or sets what you say of yourself; a - removes it',
    },
    away: { word: 'away', args: '[no]', help: 'says that you are not there, or are back' },
    language: { word: 'language', args: '<es|en>', help: 'the language that the server speaks to you' },
    zone: { word: 'zone', args: '[zone]', help: 'your time zone, such as America/Bogota; a - removes it' },
    password: { word: 'password', args: '', help: 'changes your password' },
    sessions: { word: 'sessions', args: '[-#]', help: 'where you are logged in; -# ends one' },
    move: { word: 'move', args: '', help: 'a code that continues this session elsewhere' },
    block: {
      word: 'block',
      args: '[person]',
      help: 'whom you don’t want to read in private; -person undoes it',
    },
    people: { word: 'people', args: '[from]', help: 'the accounts that there are (admins)' },
    role: {
      word: 'role',
      args: '<person> <owner|admin|member|guest|bot>',
      help: 'gives a role on the server (admins)',
    },
    disable: { word: 'disable', args: '<person>', help: 'closes an account and its sessions (admins)' },
    enable: { word: 'enable', args: '<person>', help: 'opens an account again (admins)' },
    invite: { word: 'invite', args: '[uses] [30m|2h|7d] [#room…]', help: 'a code to register with (admins)' },
    invitations: {
      word: 'invitations',
      args: '[-code]',
      help: 'those that hold; -code withdraws one (admins)',
    },
  },
  passwordLength: least => `The password must have from ${least} to 256 characters.`,
  refusals,

  irc: {
    later: 'That can be done when the connection is complete.',
    needsCode: account => `It takes an invitation code: VERIFY ${account} code`,
    passWanted: 'It takes the password of the server (PASS), or an account (SASL).',
    killed: (by, why) => `Disconnected by ${by} (${why})`,
    noRehash: 'Certificates are renewed by themselves; all else is read when the server starts.',
    longValue: 'The value is too long: the most is 400 bytes.',
    noPassword: 'There is no password: a line of the input.',
    operatorIs: 'You are an operator now.',
    motd: network => `Welcome to ${network}. All that is said here is on disk before anybody sees it.`,
    identify: [
      'An account is needed. Log in by SASL, by PASS user:password, or so: /msg NickServ IDENTIFY user password',
      'To make one of this name: /msg NickServ REGISTER password [code]',
    ],
    services: {
      NickServ: [
        'IDENTIFY [user] password: logs in.',
        'REGISTER password [code]: makes an account of your current name.',
        'HELP: this help.',
      ],
      ChanServ: [
        'A channel is theirs who made it by JOIN; it need not be registered.',
        'REGISTER #channel: says so.',
        'UNREAD: how much you have not read, and where. UNREAD #channel, or UNREAD nick: that, the oldest first.',
        'READ #channel, or READ nick: takes it for read.',
        'HELP: this help.',
      ],
    },
    alreadyIn: username => `You are logged in as ${username} already.`,
    channelIsKept: 'That channel is kept already: it is theirs who made it.',
    admin: 'WHOIS shows who the admins of the server are.',
    info: [
      'Tertulia: a chat server by one command.',
      'Each room is a numbered log; nobody misses or doubles a message.',
    ],
    help: 'Commands',
    needs: count => (count === 1 ? 'It needs 1 parameter.' : `It needs ${count} parameters.`),
    noCtcp: 'CTCP does not pass here, but for ACTION.',
    notUtf8: 'The line is not UTF-8, and was not read.',
    noTarget: 'You are not there.',
    disconnected: 'Has disconnected',
    badBatch: 'The text of many lines is not valid.',
    noSubcommand: 'There is no such command.',
    fewParameters: 'There are too few parameters.',
    manyParameters: 'There are too many parameters.',
    nothingThere: 'There is nothing there, or nothing that you can see.',
    badReference: 'A message is named by timestamp=… or msgid=….',
    badTimestamp: 'The time is not valid. It is written so: timestamp=2026-01-31T12:00:00.000Z',
    badHistoryLimit: 'The limit is not valid: it is a whole number, from 0 on.',
    badKey: 'The key is not valid.',
    keyNotSet: 'That key has no value.',
    manySubscriptions: 'There are too many subscriptions.',
    onlyOneself: 'That is about oneself alone: the target is *.',
    syncLater: 'That is much to be told unasked: METADATA SYNC shows it.',
    nickFirst: 'NICK has to come before.',
    refusals: {
      'bad-mask': 'Masks are of names: nick, nick!*@*, a:nick or m:nick!*@*; nobody sees addresses.',
      'no-such-message': 'There is no such message, or not any more.',
    },
    numerics: {
      ERR_USERNOTINCHANNEL: "They aren't in that channel.",
      ERR_NICKLOCKED: 'A nick is the username, and stays as it is.',
    },
    erased: (author, words) =>
      words === '' ? `${author} deleted a message.` : `${author} deleted “${words}”`,
    pinned: (author, words) => (words === '' ? `${author} pinned a message.` : `${author} pinned “${words}”`),
    unpinned: (author, words) =>
      words === '' ? `${author} unpinned a message.` : `${author} unpinned “${words}”`,
    badSasl: 'What the client has sent is no message of that SASL mechanism.',
    noBinding:
      'The client wants channel binding, which is not offered here: SCRAM-SHA-256 without it, or PLAIN.',
    forAnother: 'Nobody logs in for somebody else: the identity asked for is not that of the account.',
    wrongProof:
      'Wrong credentials, or that account has not logged in with its password since there is SCRAM: try PLAIN.',
    passwordFirst: 'This account needs its password once (PLAIN, PASS or NickServ); SCRAM from then on.',
    unreadLeft: (target, count) =>
      count === 1
        ? `${target}: 1 more message is unread. It shows with: /msg ChanServ UNREAD ${target}`
        : `${target}: ${count} more messages are unread. They show with: /msg ChanServ UNREAD ${target}`,
    nothingUnread: 'Nothing is unread.',
    closedOrAlike:
      'There is a closed room of that name, or one that looks like it: only who is brought comes in.',
    tooManyNames: (most: number) => `Too many names in one line: the limit is ${most}.`,
    tooManyModes: (most: number) =>
      `At most ${most} changes with a parameter in one MODE; from this one on none was made.`,
    badLimit: 'The limit is a number of people.',
  },

  web: {
    problems: {
      'not-logged-in': 'You have to log in.',
      'bad-request': 'The request makes no sense.',
      'not-found': 'There is nothing here.',
      'wrong-method': 'That can not be done with this address.',
      'too-large': 'The request is too large.',
      'wrong-type': 'The content type has to be application/json, text/plain or text/markdown.',
      'foreign-origin': 'Another web page may not do that in your name.',
      'wrong-host': 'This server is not called that.',
      'too-fast': 'Too many requests, one behind the other. Wait a little.',
      'too-many-connections': 'Too many connections from your address. Close some, or wait a little.',
      'too-many-headers': 'Too many headers.',
      'too-slow': 'The request took too long.',
      failed: 'Something failed in the server.',
    },
    noApp: {
      building: 'The web app is being built. This page will open by itself in a moment.',
      failed: 'The web app could not be built. The log of the server says why.',
      missing:
        'The web app is not built. Whoever runs the server can do that with: npm ci and npm run build.',
    },
    otherWays: 'The chat is open: join with nc, telnet or npm run chat.',
  },

  onlyEncrypted: 'This server takes encrypted connections only: come with https or TLS.',
  tooManyConnections: 'Too many connections from your address. Close some, or wait a little.',
  onlyNearby: 'This server takes connections from its local network only.',

  alsoAt: url => `Also at ${url}`,
  noWebPort: (port, why) =>
    `No port for browsers alone (${port}: ${why}): they come in at everybody’s. See --web-port.`,
  join: command => `To join: ${command}`,
  dataAt: path => `The data is in ${path}`,
  storeIs: {
    full: path => `The disk of ${path} is full: nothing is stored until there is room. Free some space.`,
    moved: path =>
      `${path} or one of its files (-wal, -shm, -lock) was moved, replaced or deleted while the server runs: nothing is stored. Put it back before you stop the server: without ${path} what was there is lost.`,
    held: path =>
      `Another program holds ${path} and does not let go: nothing is stored until its transaction ends. Look which program has it open.`,
    damaged: path =>
      `Part of ${path} is damaged and can’t be read; the rest goes on. Stop the server and restore a backup.`,
    refusing: path =>
      `A rule (trigger) that another program put into ${path} does not let something be stored: it is refused, and whoever sent it is told.`,
    away: (where, why) => `${where} can’t be reached: ${why}`,
    wellAgain: path => `${path} is well again.`,
  },
  tampered: {
    missing: (room, seqs) =>
      `Another program deleted or changed rows of room ${room} in the database (${seqs}): they are shown as deleted messages.`,
    added: (room, upto) =>
      `Another program added rows to room ${room} in the database, up to ${upto}: they are shown from now on.`,
    misplaced: (room, end) =>
      `Another program changed the end of room ${room} in the database: it goes on at ${end}, where its rows end.`,
    lost: (room, seq) =>
      `Another program added rows to room ${room} in the database far behind the last one (${seq}): they are not shown, and the room goes on.`,
    remade: names =>
      `Another program took away or changed parts of the database (${names}): they are as they should be again.`,
    odd: (column, rows) =>
      `Another program left something in ${column} of the database that makes no sense (rows: ${rows}). It counts as the least that it could mean; correct it.`,
  },
  lost: {
    commit: 'The disk failed while storing. Check the disk and start again: what was confirmed is stored.',
    thread: 'The server failed inside. Start it again: what was confirmed is stored.',
    history:
      'The database goes on from another point (a failover, or a restored backup). Start again: what was confirmed last may be missing.',
  },
  copyKept: (path, until) =>
    `${path} is the copy from before the upgrade, with what there was then; it is deleted on ${until}.`,
  firstIsOwner: 'The first account to register will own the server.',
  ownerCodeIs: code => `The first account will own the server. Registering it takes this code: ${code}`,
  noServer: folder => `No server is running on the data in ${folder}. Start it with: npm start`,
  noSocket: folder =>
    `The server in ${folder} can’t be spoken to: it is not your account’s, or the path of its folder is too long.`,
  copying: {
    whereTo:
      'Where to? npm run -s tertulia -- copy --store postgres://user:password@host:5432/database --data folder',
    nothing: path => `There is no ${path}. Say where chat.db is with --data.`,
    progress: (done, all) => `Messages copied: ${done} of ${all}`,
    done: (where, { accounts, rooms, messages }) =>
      `The chat is at ${where}. Accounts: ${accounts}; rooms: ${rooms}; messages: ${messages}.`,
    leftOut: (table, rows) =>
      `${rows === 1 ? '1 row' : `${rows} rows`} of ${table} left out: of people or rooms that do not exist.`,
    refused: (table, rows) =>
      `${rows === 1 ? '1 row' : `${rows} rows`} of ${table} left out: PostgreSQL takes no two that are the same to it, nor texts that are too long where it looks for them.`,
    mended: (table, values) =>
      `${values === 1 ? '1 value' : `${values} values`} of ${table} mended: numbers that can’t be, or of somebody who does not exist.`,
    next: path =>
      `From now on start with --store. ${path} stays as it was: what is said with that file will not come to PostgreSQL any more.`,
    failed: detail => `It could not be copied, and nothing is left in PostgreSQL: ${detail}`,
    lost: where =>
      `The connection to ${where} was lost. Do it again: it copies everything, or says that it is there already.`,
  },
  passwordSet: username => `* The password of ${username} has changed, and their sessions have ended.`,
  notSet: 'not set',
  byDefault: 'by default',
  plaintext: 'Note: connections are not encrypted.',
  plaintextNearby:
    'Note: nothing is encrypted on this network, and whoever listens to it can read what is said, and passwords.',
  nobodyNear:
    'Note: this machine has no private address, and --lan lets nobody in but from one. See --tls and --allow-plaintext.',
  classCodeIs: code => `Registering takes the code of the class: ${code}`,
  fingerprintIs: fingerprint =>
    `The certificate is signed by the server itself. Its SHA-256 fingerprint: ${fingerprint}`,
  badKeyPair: {
    unreadable: path => `${path} cannot be read, and TLS needs it.`,
    'no-certificate': path => `${path} is not a certificate in PEM format.`,
    'no-key': path => `${path} is not a private key in PEM format without a passphrase.`,
    mismatch: path => `The key in ${path} is not that of its certificate.`,
    unfit: path =>
      `The certificate in ${path} is no good for TLS: its chain is damaged, or its key too weak.`,
  },
  system: {
    EADDRINUSE: 'that port is in use already',
    EACCES: 'there is no permission',
    EADDRNOTAVAIL: 'this machine has no such address',
    ENOTFOUND: 'nobody knows that name',
    ENOENT: 'it does not exist',
    EISDIR: 'it is a folder',
    other: code => `the system says ${code}`,
  },
  startFailed: {
    listener: (url, why) => `${url} cannot be listened at: ${why}.`,
    bus: why => `The bus cannot be used: ${why}`,
    motd: (path, why) => `The message of the day ${path} cannot be read: ${why}.`,
    'port-taken': (port, free) => `Port ${port} is taken. Try: ${free}`,
    'port-denied': (port, free) => `There is no permission to use port ${port}. Try: ${free}`,
    'no-such-host': host => `This machine has no address ${host}. Try: --host 127.0.0.1`,
    locked: path => `Another server is using ${path}. Stop it, or choose another folder with --data.`,
    unwritable: path => `${path} cannot be written. Give permission, or choose another folder with --data.`,
    'not-a-database': path => `${path} is not a database. Move it, or choose another folder with --data.`,
    'not-ours': path => `${path} belongs to another program. Move it, or choose another folder with --data.`,
    'too-new': path => `${path} was written by a newer version of Tertulia. Update Tertulia to open it.`,
    'wrong-version': path =>
      `Another program changed the version number of ${path}: it is not that of its tables. Restore a copy, or choose another folder with --data.`,
    incomplete: (path, what) =>
      `Another program took something away from ${path} that can’t be made anew: ${what}. Restore a copy, or choose another folder with --data.`,
    full: path => `There is no space left for ${path}. Free some, or choose another folder with --data.`,
    damaged: path => `${path} is damaged. Restore a copy, or choose another folder with --data.`,
    'bad-url': where =>
      `${where} is no address of PostgreSQL. It looks like postgres://user:password@host:5432/database.`,
    unreachable: where =>
      `PostgreSQL at ${where} does not answer, or lets nobody write. Check that it runs and can be reached.`,
    'other-tables': where =>
      `There are tables of another program at ${where}. Choose another database, an empty one.`,
    'no-tables': where =>
      `At ${where} Tertulia can’t make its tables. The database must be the user’s: CREATE DATABASE tertulia OWNER tertulia.`,
    'bad-encoding': where =>
      `The database at ${where} does not keep UTF-8. Make it with ENCODING 'UTF8' TEMPLATE template0.`,
    'no-space': where => `PostgreSQL at ${where} has no space left.`,
    denied: where =>
      `PostgreSQL at ${where} does not let Tertulia in. Check the user, the password and the database.`,
    'not-empty': where =>
      `There is a chat at ${where} already. Choose an empty database, or start with this one: npm start -- --store …`,
    'in-use': where =>
      `Nodes are running at ${where}, or something uses its tables. Stop them; of one that died it is known a minute later.`,
    unexpected: detail => `The server could not start: ${detail}`,
  },
  badSetting: {
    'unknown-command': name => `There is no command ${name}. See those that there are with --help.`,
    'unknown-option': name => `There is no option ${name}. See the options with --help.`,
    'unknown-key': name => `There is no key ${name}. See the options with --help.`,
    'no-value': name => `${name} lacks a value.`,
    'bad-value': (name, value, wanted) => `${name} cannot be "${value}": ${wanted}.`,
    'unreadable-file': (path, detail) => `${path} cannot be read: ${detail}`,
    exposed: host =>
      `Other machines can connect to ${host}. Choose how: encrypted with --tls-cert and --tls-key or with --tls self-signed, unencrypted from private addresses with --lan, or unencrypted from any with --allow-plaintext; if not, use --host 127.0.0.1.`,
    'tls-half': missing => `--tls-cert and --tls-key go together: ${missing} is missing.`,
    'tls-twice': path => `Either --tls self-signed or the certificate in ${path}, not both.`,
    'limits-needed': where =>
      `--no-limits is only for a server that is reached from this machine alone: by ${where} others come, too.`,
    'tls-lacking': url =>
      `${url} is encrypted: it needs a certificate (--tls-cert and --tls-key, or --tls self-signed).`,
    'sts-unsafe': _ =>
      '--irc-sts lets clients come back encrypted only: it needs a certificate that they trust (--tls-cert and --tls-key).',
    'bus-alone': _ => '--bus is for several nodes on one database: it needs --store postgres://… too.',
    'proxies-lacking': url =>
      `There is a proxy before ${url}: say with --trusted-proxies which addresses to believe.`,
  },
  wanted: {
    port: 'a number from 0 to 65535',
    webPort: 'a number from 0 to 65535, or off',
    connections: 'a number from 1 to 1000000',
    lang: 'es or en',
    boolean: 'true or false',
    text: 'a text',
    level: 'trace, debug, info, warn, error, fatal or silent',
    registration: 'open, invite or closed',
    tls: 'self-signed',
    networkName: 'one word of up to 30 letters, digits, dots or hyphens',
    hostName: 'a name with a dot, such as irc.example.org, of up to 63 characters',
    operators:
      'names with what "npm run -s tertulia hash" gives: a table in the file; elsewhere name:$argon2id$…, with spaces between them',
    listeners:
      'addresses such as irc://127.0.0.1:6667, ircs://0.0.0.0:6697, irc+ws://…, irc+wss://…, http://…, https://…, line://…, lines://…, with commas between them; with ?proxy behind a proxy',
    stores: 'addresses such as postgres://user:password@host:5432/database, with commas between them',
    buses: 'addresses such as nats://host:4222, with commas between them',
    nicks: 'a number from 9 to 32',
    register: 'before, after or off',
    email: 'none, optional or required',
    days: 'a number of days, from 0 to 3650',
    copyDays: 'a number of days, from 1 to 3650',
    origin: 'http:// or https:// with a name and no path, such as https://chat.example.org',
    networks: 'addresses or networks with commas between them, such as 127.0.0.1, 10.0.0.0/8',
  },
  help: `Tertulia: a chat server.

  npm start -- [options]

  --port N            port (8000; 0 picks a free one)
  --host ADDRESS      address to listen on (127.0.0.1)
  --lan               for the local network: unencrypted, from private addresses only
  --tls self-signed   encrypted, with a certificate that the server makes itself
  --tls-cert FILE     encrypted, with this certificate (PEM, with its chain)
  --tls-key FILE      and this key
  --allow-plaintext   allows listening beyond this machine, unencrypted
  --public-url URL    where others find it (https://chat.example.org)
  --trusted-proxies NETWORKS  proxies that are believed who is calling (127.0.0.1, 10.0.0.0/8)
  --store URL,…       PostgreSQL in place of chat.db, for several nodes
  --bus URL,…         NATS, by which the nodes tell each other
  --data FOLDER       where to keep chat.db (the current folder)
  --lang es|en        language of the line door and of this console (es)
  --registration MODE open, invite (with an invitation code) or closed
  --no-limits         no limits against floods; on this machine only
  --connections-per-address N  at the same time (a quarter of what the process may open)
  --listen URL,…      more ports, of one door each (irc://127.0.0.1:6667)
  --web-port N|off    a port for browsers alone (8080 with --lan, else off)
  --keep-copies DAYS  how long the copies from before upgrades are kept (30)
  --irc-guests        by IRC also without an account
  --irc-…             the rest about IRC: see docs/irc.md
  --log-level LEVEL   trace, debug, info, warn, error, fatal or silent
  --config FILE       configuration file (tertulia.toml)
  --help              this help

The same as environment variables (TERTULIA_PORT=8123, TERTULIA_LIMITS=false…)
and in tertulia.toml (port = 8123, limits = false…). Options come first, then the
environment, then the file.

From chat.db to an empty PostgreSQL, while the server is stopped:

  npm run -s tertulia -- copy --store URL --data FOLDER

While the server is running, whoever runs it also has:

  npm run -s tertulia users    accounts and invitations
  npm run -s tertulia rooms    rooms
  npm run -s tertulia config   each value and where it comes from
  npm run -s tertulia hash     what is kept of a password (irc-operators)`,

  client: {
    help: `Tertulia: the terminal client.

  npm run chat -- [--host ADDRESS] [--port N] [--lang es|en]

It connects to localhost:8000 unless told otherwise. Leave with: salir, exit, Ctrl-C or Ctrl-D.`,
    unreachable: (address, detail) =>
      `Could not connect to ${address} (${detail}). Is the server running? It starts with: npm start`,
    gone: 'The server closed the connection.',
  },
}
