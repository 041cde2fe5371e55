// Refusals have the chat's own sentences, in the person's language, as a numeric or FAIL that their client understands.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusals as en } from '../../src/wording/refusals-en.ts'
import { Irc } from '../tools/irc-client.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { HOST, quickServer } from './quick-server.ts'

/** A command, who sends it, and the numeric with its text. */
type Row = readonly [who: Irc, question: string, answer: string]

async function holds(rows: readonly Row[]): Promise<void> {
  for (const [who, question, answer] of rows) {
    const answers = await who.ask(question)
    assert.ok(answers.includes(`:${HOST} ${answer}`), `${question}: ${answer}, but ${answers.join('\n')}`)
  }
}

test('each refusal of a channel says why, in Spanish or English', async t => {
  const server = await quickServer(t)
  await server.web.register('jefa')
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  using beto = await Irc.register(server.port, 'beto', { caps: '' })
  const english = await server.web.logIn('beto')
  await english.do('PATCH', '/me', { language: 'en' })
  await ana.ask('JOIN #club,#llave,#cupo,#cerrada')
  await beto.ask('JOIN #club')
  await ana.ask('MODE #llave +k sésamo', 'MODE #cupo +l 1', 'MODE #cerrada +i', 'TOPIC #club :tema')
  await holds([
    [
      ana,
      'PART #general',
      '482 ana #general :Esa sala es de todos: nadie sale de ella, ni se saca a nadie, ni se le cambia el nombre.',
    ],
    [ana, 'PART #club', '482 ana #club :Se quedaría sin dueño: nombra antes a otro.'],
    [ana, 'PART #nada', '403 ana #nada :No hay ninguna sala con ese nombre.'],
    [beto, 'PART #general', `482 beto #general :${en.everyones}`],
    [beto, 'PART #llave', `442 beto #llave :${en['not-a-member']}`],
    [beto, 'JOIN #llave', `475 beto #llave :${en['wrong-key']}`],
    [beto, 'JOIN #llave no', `475 beto #llave :${en['wrong-key']}`],
    [beto, 'JOIN #cupo', `471 beto #cupo :${en['room-full']}`],
    [
      beto,
      'JOIN #cerrada',
      '473 beto #cerrada :There is a closed room with that name, or one that looks like it: only people who are brought in can join.',
    ],
    [beto, 'TOPIC #club :otro', `482 beto #club :${en.forbidden}`],
    [beto, 'MODE #club +m', `482 beto #club :${en.forbidden}`],
    [beto, 'MODE #club -n', `482 beto #club :${en.forbidden}`],
    [beto, 'KICK #club ana', `482 beto #club :${en.forbidden}`],
    [beto, 'KICK #club nadie', "441 beto nadie #club :They aren't in that channel."],
    [beto, 'INVITE ana #club', `443 beto ana #club :${en['already-there']}`],
    [beto, 'INVITE nadie #club', `401 beto nadie :${en['no-such-person']}`],
    [beto, 'RENAME #club #otra', `482 beto #club :${en.forbidden}`],
    [beto, 'NICK otra', '902 beto :Your nick is your username, and cannot be changed.'],
    [beto, 'KILL ana x', `481 beto :${en.forbidden}`],
    [
      ana,
      'MODE #club +k a,b',
      '696 ana #club k a,b :La llave de una sala tiene como mucho 32 caracteres, sin espacios ni comas.',
    ],
    [
      ana,
      'MODE #club +b nick!user@otra.casa',
      '696 ana #club b nick!user@otra.casa :Los patrones son de nombres: nick, nick!*@*, a:nick o m:nick!*@*; las direcciones nadie las ve.',
    ],
    [
      ana,
      `TOPIC #club :${'x'.repeat(301)}`,
      '417 ana #club :Es demasiado largo: el máximo son 300 caracteres.',
    ],
    [ana, 'PRIVMSG #nada :hola', '404 ana #nada :No estás en esa sala.'],
    [ana, 'PRIVMSG nadie :hola', '401 ana nadie :No hay nadie con ese nombre.'],
    [ana, 'WHOIS nadie', '401 ana nadie :No hay nadie con ese nombre.'],
  ])
  await ana.ask('MODE #club +b beto', 'KICK #club beto')
  await beto.expect(/ KICK #club beto /)
  await holds([[beto, 'JOIN #club', `474 beto #club :${en.banned}`]])
})

test('refusals of history, read markers and metadata are in the person’s language', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  const english = await server.web.register('beto')
  await english.do('PATCH', '/me', { language: 'en' })
  using beto = await Irc.logIn(server.port, 'beto')
  const time = 'timestamp=2026-01-01T00:00:00.000Z'
  const limit = ['El límite no es válido: es un número entero, de 0 en adelante.', /^The limit is not valid/]
  const noTime = [/^La hora no es válida/, /^The time is not valid/]
  const few = ['Faltan parámetros.', 'Parameters are missing.']
  const many = ['Sobran parámetros.', 'Too many parameters.']
  const key = ['La clave no es válida.', 'The key is not valid.']
  for (const [question, whys] of [
    ['CHATHISTORY LATEST #general * -1', limit],
    ['CHATHISTORY LATEST #general * x', limit],
    ['CHATHISTORY LATEST #general timestamp=ayer 10', noTime],
    [
      'CHATHISTORY LATEST #general msgid=9-9 10',
      ['Ese mensaje no está, o ya no.', /^There is no such message/],
    ],
    ['CHATHISTORY LATEST #general ayer 10', [/^Un mensaje se dice con/, /^A message is referred to by/]],
    ['CHATHISTORY LATEST #general otro=1 10', [/^Un mensaje se dice con/, /^A message is referred to by/]],
    ['CHATHISTORY LATEST #general *', few],
    ['CHATHISTORY LATEST #general * 1 2', many],
    ['CHATHISTORY NADA #general * 1', ['No existe esa orden.', 'There is no such command.']],
    ['CHATHISTORY LATEST #nada * 1', [/^Ahí no hay nada/, /^There is nothing there/]],
    [`CHATHISTORY TARGETS ${time} ${time} -1`, limit],
    [`CHATHISTORY TARGETS ${time} ayer 1`, noTime],
    [`CHATHISTORY TARGETS ${time} ${time}`, few],
    [`CHATHISTORY TARGETS ${time} ${time} 1 2`, many],
    ['MARKREAD', few],
    ['MARKREAD #general timestamp=ayer', noTime],
    ['METADATA * NADA', ['No existe esa orden.', 'There is no such command.']],
    ['METADATA nadie LIST', [/^Ahí no hay nada/, /^There is nothing there/]],
    ['METADATA * GET MAL', key],
    ['METADATA * SET MAL :x', key],
    ['METADATA * SUB MAL', key],
    ['METADATA * SET url', ['Esa clave no tiene valor.', 'That key has no value.']],
  ] as const)
    for (const [i, client] of [ana, beto].entries()) {
      const answer = await client.ask(question)
      const [, said = `${answer}`] =
        / FAIL \S+ [^:]*:(.*)$/.exec(answer.find(line => / FAIL /.test(line)) ?? '') ?? []
      const why = whys[i] ?? ''
      if (typeof why === 'string') assert.equal(said, why, question)
      else assert.match(said, why, question)
    }
})

test('refusals without an account, or with wrong credentials, are in the server’s language', async t => {
  const server = await quickServer(t, { args: ['--lang', 'en', '--irc-guests'] })
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  await ana.ask('JOIN #club', 'MODE #club +R')
  using eva = await Irc.connect(server.port)
  eva.send('NICK NickServ', 'USER eva 0 * :Eva')
  await eva.expect(`:${HOST} 432 * NickServ :That username is reserved. Try another one.`)
  eva.send('NICK ana')
  await eva.expect(`:${HOST} 433 * ana :That username already exists. Try another username.`)
  eva.send('NICK eva')
  await eva.expect(/ 376 /)
  await holds([
    [
      eva,
      'JOIN #nueva',
      '477 eva #nueva :That takes an account: guests cannot create rooms or bring people in.',
    ],
    [eva, 'JOIN #club', `477 eva #club :${en['no-guests']}`],
    [
      eva,
      'INVITE ana #general',
      '477 eva #general :That takes an account: guests cannot create rooms or bring people in.',
    ],
    [
      eva,
      'PRIVMSG ana :psst',
      '477 eva ana :That takes an account: guests cannot create rooms or bring people in.',
    ],
  ])
  using wrong = await Irc.connect(server.port)
  wrong.send('PASS ana:no', 'NICK ana', 'USER x 0 * :X')
  await wrong.expect(`:${HOST} 464 ana :Wrong credentials, please try again.`)
})

test('clients without standard-replies get no FAIL, whatever goes wrong', async t => {
  const server = await quickServer(t)
  await server.web.register('ana')
  using early = await Irc.connect(server.port)
  early.send('NICK eva', `REGISTER ana * ${PASSWORD}`)
  await early.expect(
    `:${HOST} 400 eva REGISTER :Nombre de usuario ya existe. Intenta con otro nombre de usuario.`,
  )
  early.send('VERIFY x y')
  await early.expect(`:${HOST} 400 eva VERIFY :Ese código no es válido, o ya no.`)
  early.send('USER eva 0 * :Eva')
  await early.expect(/ 376 /)
  early.send('NICK ana', `PRIVMSG NickServ :REGISTER ${PASSWORD}`)
  await early.expect(/^:NickServ!\S+ NOTICE ana :Nombre de usuario ya existe\./)
  using beto = await Irc.register(server.port, 'beto', { caps: 'setname message-tags' })
  beto.socket.write(Buffer.from('PRIVMSG #general :\xe1\r\n', 'latin1'))
  await beto.expect(`:${HOST} 400 beto * :La línea no es UTF-8, y no se leyó.`)
  await holds([
    [beto, 'PRIVMSG #general :\x01VERSION\x01', '404 beto #general :CTCP no pasa por aquí, salvo ACTION.'],
    [beto, 'REDACT #general 1-9', '400 beto REDACT :Ese mensaje no está, o ya no.'],
    [beto, '@+draft/react=x TAGMSG #general', '400 beto TAGMSG :Ese mensaje no está, o ya no.'],
    [beto, 'CHATHISTORY LATEST #nada * 10', '400 beto CHATHISTORY :Ahí no hay nada, o nada que puedas ver.'],
    [beto, 'MARKREAD #nada', '400 beto MARKREAD :Ahí no estás.'],
    [beto, 'METADATA nadie LIST', '400 beto METADATA :Ahí no hay nada, o nada que puedas ver.'],
    [beto, 'RENAME #general #otra', '482 beto #general :No tienes permiso para eso.'],
    [beto, 'BATCH +1 draft/multiline #general', '400 beto BATCH :El mensaje de varias líneas no es válido.'],
    [beto, '@batch=7 PRIVMSG #general :x', '400 beto BATCH :El mensaje de varias líneas no es válido.'],
    [
      beto,
      'SETNAME :\t',
      'FAIL SETNAME INVALID_REALNAME :El nombre completo debe tener entre 1 y 64 caracteres visibles.',
    ],
  ])
  const others = beto.lines.filter(line => / (FAIL|WARN|NOTE) /.test(line) && !line.includes('FAIL SETNAME'))
  assert.deepEqual(others, [], 'but that of what it has asked for')
  assert.ok(!early.lines.some(line => / (FAIL|WARN|NOTE) /.test(line)))
})
