// Every sentence a person reads, in English.

import type { Wording } from './es.ts'

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
  badOption: 'Not an option. Type 1 or 2.',
  askCode: 'Enter your invitation code: ',
  past: '* Earlier messages:',
  longLine: 'The line is too long: the limit is 16 KiB. It was not stored.',
  tooSlow: 'Five minutes passed without logging in. Goodbye.',
  closing: 'The server is shutting down. Come back in a moment.',
  trouble: 'Something failed in the server. Connect again.',
  leaveWords: ['salir', 'exit'],
  private: '(private)',
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

  unread: rooms => `* Unread: ${rooms}`,
  unreadIn: (room, count, mentions) =>
    mentions === '0' ? `${room} ${count}` : `${room} ${count} (mentioning you: ${mentions})`,
  nowIn: room => `* You are in ${room}.`,
  topicIs: topic => `* Topic: ${topic}`,
  noTopic: '* The room has no topic.',
  out: room => `* You are no longer in ${room}. Choose another room: /join general`,
  broughtYou: (author, room) => `* ${author} brought you into ${room}.`,
  alreadySo: '* It was so already.',
  usage: usage => `Usage: ${usage}`,
  unknownCommand: word =>
    `There is no command /${word}. See /help. To say a line that begins with /, type //`,
  didYouMean: (word, near) => `There is no command /${word}. Did you mean /${near}?`,
  nothingFound: '* Nothing.',
  more: count => `* ${count} more: /more`,
  noMore: '* There is no more.',
  moreResults: '* There are more results: /more',
  incomplete: '* The index is behind: some of the newest may be missing.',
  pasting: '* Paste the text. A line with a single dot sends it.',
  yourRooms: '* Your rooms:',
  otherRooms: '* Other rooms:',
  listed: (room, people) => `${room} (${people})`,
  people: count => (count === 1 ? '1 person' : `${count} people`),
  roomMarks: { archived: 'archived', closed: 'closed', announcement: 'announcements' },
  online: 'online',
  mutedMark: 'muted',
  roleNames: { owner: 'owner', moderator: 'moderator', member: 'member' },
  kindNames: { open: 'open', closed: 'closed', announcement: 'announcements' },
  commands: {
    help: { word: 'help', args: '[command]', help: 'this help' },
    rooms: { word: 'rooms', args: '', help: 'your rooms and the others there are' },
    join: { word: 'join', args: '<room>', help: 'goes into a room; what you type goes there' },
    leave: { word: 'leave', args: '[room]', help: 'leaves the room you are in, or another' },
    create: { word: 'create', args: '<room> [open|closed|announcements]', help: 'makes a room' },
    direct: { word: 'private', args: '<person>[,person…] [text]', help: 'talks in private' },
    who: { word: 'who', args: '[room]', help: 'who is in the room' },
    topic: { word: 'topic', args: '[text]', help: 'shows or sets the topic; a - removes it' },
    bring: { word: 'invite', args: '<person>', help: 'brings somebody into the room' },
    kick: { word: 'kick', args: '<person> [reason]', help: 'removes somebody from the room' },
    ban: {
      word: 'ban',
      args: '<person> [30m|2h|7d] [reason]',
      help: 'removes somebody, who cannot come back until then; /invite forgives',
    },
    mute: { word: 'mute', args: '<person> [30m|2h|7d|0]', help: 'somebody may not write here; 0 undoes it' },
    appoint: { word: 'appoint', args: '<person> <owner|moderator|member>', help: 'gives a role in the room' },
    rename: { word: 'rename', args: '<name>', help: 'gives the room another name' },
    archive: { word: 'archive', args: '[no]', help: 'closes the room to new messages, or reopens it' },
    history: {
      word: 'history',
      args: '[how many] [before #]',
      help: 'the last messages, with their numbers',
    },
    search: {
      word: 'search',
      args: '<words>',
      help: 'finds: "a phrase" -without from:ana in:room before:2026-11-01 after:… has:link',
    },
    more: { word: 'more', args: '', help: 'goes on with a long answer' },
    reply: { word: 'reply', args: '<#> <text>', help: 'answers a message' },
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
  },
  passwordLength: least => `The password must have from ${least} to 256 characters.`,
  refusals: {
    'bad-name': 'The full name must have from 1 to 64 visible characters.',
    'bad-username': 'The username must have from 1 to 32 letters, digits or the signs . _ and - only.',
    'reserved-username': 'That username is reserved. Try another one.',
    'wrong-code': 'That code is not valid. Ask whoever runs the server for the code.',
    'too-many-attempts': 'Too many failed attempts. Wait a minute and try again.',
    busy: 'The server is very busy. Try again in a moment.',
    'empty-text': 'The message is empty.',
    'long-text': 'The message is too long: the limit is 4000 characters. It was not stored.',
    'not-a-member': 'You are not in that room.',
    'no-such-room': 'There is no room of that name.',
    'no-such-person': 'There is nobody of that name.',
    'no-such-message': 'There is no message with that number in this room.',
    'bad-room-name': 'The name of a room must be 1 to 32 letters, digits or the signs _ and - only.',
    'room-taken': 'There is a room of that name already.',
    'already-there': 'Already in that room.',
    banned: 'There is a ban in that room: they cannot go in.',
    muted: 'You cannot write here: you were muted.',
    'read-only': 'Only moderators write in this room.',
    archived: 'The room is archived: nobody writes in it.',
    forbidden: 'You may not do that.',
    'not-yours': 'That message is not yours.',
    everyones: 'That room is everyone’s: nobody leaves it, is removed from it, or renames it.',
    'last-owner': 'The room would be left without an owner: appoint another one first.',
    'bad-emoji': 'That is not an emoji.',
    'long-topic': 'It is too long: 300 characters at most.',
    'too-many': 'Too many people: a private room holds 12.',
    'bad-query': 'A word to search for is missing, or there are too many.',
    'bad-date': 'A date looks like 2026-11-01.',
    'key-reused': 'That key was used for another message. The message was not stored.',
    'store-full': 'The disk of the server is full. It was not stored.',
    'store-failed': 'The disk of the server failed. Nobody knows whether it was stored.',
    closing: 'The server is shutting down. It was not stored.',
  },

  noWebDoor: 'Tertulia has no web door yet. Join with: nc, telnet or npm run chat.',
  noIrcDoor: 'Tertulia has no IRC door yet. Join with: nc, telnet or npm run chat.',
  noHttpHere: 'This connection already speaks the line protocol of Tertulia.',

  join: command => `To join: ${command}`,
  dataAt: path => `The data is in ${path}`,
  firstIsOwner: 'The first account to register will own the server.',
  codeIs: code => `To register, this code is needed: ${code}`,
  plaintext: 'Note: connections are not encrypted.',
  startFailed: {
    'port-taken': (port, free) => `Port ${port} is taken. Try: ${free}`,
    'port-denied': (port, free) => `There is no permission to use port ${port}. Try: ${free}`,
    'no-such-host': host => `This machine has no address ${host}. Try: --host 127.0.0.1`,
    locked: path => `Another server is using ${path}. Stop it, or choose another folder with --data.`,
    unwritable: path => `${path} cannot be written. Give permission, or choose another folder with --data.`,
    'not-a-database': path => `${path} is not a database. Move it, or choose another folder with --data.`,
    'not-ours': path => `${path} belongs to another program. Move it, or choose another folder with --data.`,
    'too-new': path => `${path} was written by a newer version of Tertulia. Update Tertulia to open it.`,
    full: path => `There is no space left for ${path}. Free some, or choose another folder with --data.`,
    damaged: path => `${path} is damaged. Restore a copy, or choose another folder with --data.`,
    lost: 'The disk failed while storing. Check the disk and start again: what was confirmed is stored.',
    unexpected: detail => `The server could not start: ${detail}`,
  },
  badSetting: {
    'unknown-option': name => `There is no option ${name}. See the options with --help.`,
    'unknown-key': name => `There is no key ${name}. See the options with --help.`,
    'no-value': name => `${name} lacks a value.`,
    'bad-value': (name, value, wanted) => `${name} cannot be "${value}": ${wanted}.`,
    'unreadable-file': (path, detail) => `${path} cannot be read: ${detail}`,
    'plaintext-refused': host =>
      `On ${host} what is said would travel unencrypted. If you want that, add --allow-plaintext; if not, use --host 127.0.0.1.`,
    'limits-needed': host =>
      `--no-limits is only for a server that listens on this machine alone, not on ${host}.`,
  },
  wanted: {
    port: 'a number from 0 to 65535',
    lang: 'es or en',
    boolean: 'true or false',
    text: 'a text',
    level: 'trace, debug, info, warn, error, fatal or silent',
  },
  help: `Tertulia: a chat server.

  npm start -- [options]

  --port N            port (8000; 0 picks a free one)
  --host ADDRESS      address to listen on (127.0.0.1)
  --allow-plaintext   allows listening beyond this machine, unencrypted
  --data FOLDER       where to keep chat.db (the current folder)
  --lang es|en        language of the line door and of this console (es)
  --no-limits         no limits against floods; on this machine only
  --log-level LEVEL   trace, debug, info, warn, error, fatal or silent
  --config FILE       configuration file (tertulia.toml)
  --help              this help

The same as environment variables (TERTULIA_PORT=8123, TERTULIA_LIMITS=false…)
and in tertulia.toml (port = 8123, limits = false…). Options come first, then the
environment, then the file.`,

  client: {
    help: `Tertulia: the terminal client.

  npm run chat -- [--host ADDRESS] [--port N] [--lang es|en]

It connects to localhost:8000 unless told otherwise. Leave with: salir, exit, Ctrl-C or Ctrl-D.`,
    unreachable: (address, detail) =>
      `Could not connect to ${address} (${detail}). Is the server running? It starts with: npm start`,
    gone: 'The server closed the connection.',
  },
}
