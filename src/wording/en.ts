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
  removed: username => `* ${username} is no longer in the room.`,
  longLine: 'The line is too long: the limit is 16 KiB. It was not stored.',
  tooSlow: 'Five minutes passed without logging in. Goodbye.',
  closing: 'The server is shutting down. Come back in a moment.',
  trouble: 'Something failed in the server. Connect again.',
  leaveWords: ['salir', 'exit'],
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
    'not-a-member': 'You are not in that room. The message was not stored.',
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
