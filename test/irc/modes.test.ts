import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Appointment, Instant, RoomId, Seq, UserId } from '../../src/core/model/model.ts'
import { render } from '../../src/doors/irc/events/lines.ts'
import type { RenderContext } from '../../src/doors/irc/events/tags.ts'
import { Quotations } from '../../src/doors/irc/replies/quotes.ts'
import { languages } from '../../src/wording/languages.ts'
import { impatient, quickHashes, shortWaits } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { bare, Irc } from '../tools/irc-client.ts'
import { HOST, quickServer, source } from './quick-server.ts'

async function asked(client: Irc, ...lines: string[]): Promise<string> {
  return (await client.ask(...lines)).map(bare).join('\n')
}

test('ranks: who may give which, what each may do, and their prefixes', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  using caro = await Irc.register(server.port, 'caro', { caps: '' })
  using dora = await Irc.register(server.port, 'dora')
  await beto.ask('JOIN #club')
  for (const each of [ana, caro, dora]) await each.ask('JOIN #club')
  // She owns the server: & comes with that, and cannot be given.
  assert.match(await asked(ana, 'NAMES #club'), / 353 ana = #club :[^\n]*&ana!/)
  assert.match(await asked(beto, 'MODE #club -a ana'), / 482 beto #club :/)
  assert.match(await asked(beto, 'MODE #club +a caro'), / 482 beto #club :/)
  beto.send('MODE #club +o ana')
  await ana.expect(`${source('beto')} MODE #club +o ana`)
  assert.match(await asked(ana, 'NAMES #club'), / 353 ana = #club :[^\n]*&@ana!/)
  assert.match(await asked(caro, 'NAMES #club'), / 353 caro = #club :[^\n]*&ana/)
  assert.match(await asked(dora, 'WHO #club'), / 352 dora #club ana \S+ \S+ ana H\*&@ /)
  assert.match(await asked(dora, 'WHOIS ana'), / 319 dora ana :[^\n]*&@#club/)
  // A moderator can give voice and nothing else.
  await asked(beto, 'MODE #club +o caro')
  assert.match(await asked(caro, 'MODE #club +h dora'), / 482 caro #club :/)
  assert.match(await asked(caro, 'MODE #club +o dora'), / 482 caro #club :/)
  caro.send('MODE #club +v dora')
  await dora.expect(`${source('caro')} MODE #club +v dora`)
  assert.match(await asked(ana, 'NAMES #club'), / 353 ana = #club :[^\n]*\+dora!/)
  await asked(caro, 'MODE #club +m')
  assert.doesNotMatch(await asked(dora, 'PRIVMSG #club :con voz'), / 404 /)
  caro.send('MODE #club -o dora', 'MODE #club -v dora')
  await dora.expect(`${source('caro')} MODE #club -v dora`)
  assert.match(await asked(dora, 'PRIVMSG #club :sin voz'), / 404 dora #club :/)
  await asked(caro, 'MODE #club -m')
  // A helper mutes and kicks lower ranks, and does not change lists.
  beto.send('MODE #club +h dora', 'MODE #club -o+v caro caro')
  await dora.expect(`${source('beto')} MODE #club +h dora`)
  await dora.expect(`${source('beto')} MODE #club -o caro`)
  await dora.expect(`${source('beto')} MODE #club +v caro`)
  for (const line of ['MODE #club +b caro*', 'MODE #club +k x', 'TOPIC #club :x', 'KICK #club ana'])
    assert.match(await asked(dora, line), / 482 dora #club :/, line)
  dora.send('MODE #club +b m:caro')
  await caro.expect(`${source('dora')} MODE #club +b m:caro!*@*`)
  assert.match(await asked(caro, 'PRIVMSG #club :¿y yo?'), / 404 caro #club :/)
  dora.send('KICK #club caro :ruido')
  await caro.expect(`${source('dora')} KICK #club caro ruido`)
})

test('lists: +b keeps people out and mutes them inside, +e exempts them, m: only mutes', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using juan = await Irc.register(server.port, 'juan1')
  using beto = await Irc.register(server.port, 'beto')
  await ana.ask('JOIN #club')
  await juan.ask('JOIN #club')
  ana.send('MODE #club +b Juan*!*@*')
  await juan.expect(`${source('ana')} MODE #club +b juan*!*@*`)
  assert.match(await asked(juan, 'PRIVMSG #club :hola'), / 404 juan1 #club :/, 'inside without a voice')
  assert.match(await asked(juan, 'NAMES #club'), /juan1/, 'but inside')
  await juan.ask('PART #club')
  assert.match(await asked(juan, 'JOIN #club'), / 474 juan1 #club :/)
  ana.send('MODE #club +e juan1')
  await ana.expect(`${source('ana')} MODE #club +e juan1!*@*`)
  assert.match(await asked(juan, 'JOIN #club'), / 366 juan1 #club /)
  assert.doesNotMatch(await asked(juan, 'PRIVMSG #club :hola'), / 404 /)
  const [, by, at] =
    / 367 juan1 #club juan\*!\*@\* (\S+) (\d+)\n.* 368 /.exec(await asked(juan, 'MODE #club +b')) ?? []
  assert.equal(by, 'ana')
  assert.ok(Math.abs(Number(at) - Date.now() / 1000) < 600)
  assert.match(await asked(ana, 'MODE #club e'), / 348 ana #club juan1!\*@\* ana \d+\n.* 349 ana #club :/)
  await ana.ask('MODE #club -e juan1', 'MODE #club +e a:ju?n1')
  assert.doesNotMatch(await asked(juan, 'PRIVMSG #club :hola'), / 404 /, 'an account frees as well')
  await ana.ask('MODE #club -e a:ju?n1', 'MODE #club -b+b juan* m:a:?uan?')
  assert.match(await asked(juan, 'PRIVMSG #club :hola'), / 404 juan1 #club :/)
  assert.match(await asked(ana, 'MODE #club b'), /^\S+ 367 ana #club m:\?uan\?!\*@\* ana \d+\n\S+ 368 /)
  ana.send('MODE #club +v juan1')
  await juan.expect(`${source('ana')} MODE #club +v juan1`)
  assert.doesNotMatch(await asked(juan, 'PRIVMSG #club :hola'), / 404 /, 'a speaker is held by no mask')
  // Masks with a host.
  await ana.ask(`MODE #club +b *!*@${HOST}`)
  assert.match(await asked(beto, 'JOIN #club'), / 474 beto #club :/)
  ana.send('MODE #club -b *!*@*')
  await ana.expect(`${source('ana')} MODE #club -b *!*@*`)
  await ana.ask('MODE #club +b beto@*.local')
  assert.match(await asked(beto, 'JOIN #club'), / 474 beto #club :/)
  for (const mask of ['*!*@192.0.2.1', 'uno!dos@*', '!@#', 'x'.repeat(70)])
    assert.match(await asked(ana, `MODE #club +b ${mask}`), / 696 ana #club b \S+ :/, mask)
  assert.match(await asked(ana, 'MODE #club +e m:beto'), / 696 ana #club e m:beto :/)
})

test('people banned in another door are in the list, and -b lets them come back', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  await ana.ask('JOIN #club')
  await beto.ask('JOIN #club')
  const line = await server.logIn('ana')
  line.say('/unirse club')
  line.say('/vetar beto 7d')
  await beto.expect(/ KICK #club beto :hasta \d{4}-\d\d-\d\d \d\d:\d\d$/)
  assert.match(await asked(ana, 'MODE #club b'), / 367 ana #club beto!\*@\* ana \d+\n/)
  assert.match(await asked(beto, 'JOIN #club'), / 474 beto #club :/)
  ana.send('MODE #club -b beto!*@*')
  await ana.expect(`${source('ana')} MODE #club -b beto!*@*`)
  assert.match(await asked(beto, 'JOIN #club'), / 366 beto #club /)
})

test('the keys of one JOIN are tried no faster than passwords', async () => {
  await using server = await openServer({ edits: [...quickHashes, impatient, shortWaits] })
  using ana = await Irc.register(server.port, 'ana')
  using eva = await Irc.register(server.port, 'eva')
  await ana.ask('JOIN #llave')
  await ana.ask('MODE #llave +k abre')
  const names = Array.from({ length: 21 }, (_, i) =>
    Array.from('#llave', (letter, at) => ((i << 1) & (1 << at) ? letter.toUpperCase() : letter)).join(''),
  )
  const keys = names.map((_, i) => (i === 20 ? 'abre' : `k${i}`))
  const answers = (await eva.ask(`JOIN ${names} ${keys}`)).filter(line => / 475 eva #llave :/i.test(line))
  assert.equal(answers.length, 21)
  assert.match(answers.at(-1) ?? '', / :Demasiados intentos fallidos\./)
})

test('joining restricted channels: +k with JOIN, +l, +i and +s with +I, +R and +M for guests', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  using caro = await Irc.register(server.port, 'caro')
  await ana.ask('JOIN #club')
  assert.match(await asked(ana, 'MODE #club'), / 324 ana #club \+nt$/)
  await ana.ask('MODE #club +k sésamo')
  assert.match(await asked(ana, 'MODE #club'), / 324 ana #club \+ntk sésamo$/)
  assert.match(await asked(beto, 'JOIN #club'), / 475 beto #club :/)
  assert.match(await asked(beto, 'JOIN #otro,#club sésamo,x'), / 366 beto #otro (.|\n)* 475 beto #club :/)
  assert.match(await asked(beto, 'JOIN #más,#club x,sésamo'), / 366 beto #más (.|\n)* 366 beto #club /)
  assert.match(await asked(beto, 'MODE #club'), / 324 beto #club \+ntk sésamo$/, 'a member may let others in')
  assert.match(await asked(beto, 'MODE #club -k sésamo'), / 482 beto #club :/)
  ana.send('MODE #club -k+l * 2')
  await beto.expect(`${source('ana')} MODE #club -k *`)
  await beto.expect(`${source('ana')} MODE #club +l 2`)
  assert.match(await asked(caro, 'JOIN #club'), / 471 caro #club :/)
  assert.match(await asked(ana, 'MODE #club'), / 324 ana #club \+ntl 2$/)
  assert.match(await asked(ana, 'MODE #club +l muchos'), / 696 ana #club l muchos :/)
  ana.send('MODE #club -l+i')
  await beto.expect(`${source('ana')} MODE #club -l`)
  await beto.expect(`${source('ana')} MODE #club +is`)
  assert.match(await asked(beto, 'NAMES #club'), / 353 beto @ #club /)
  assert.match(await asked(caro, 'JOIN #club'), / 473 caro #club :/)
  assert.doesNotMatch(await asked(caro, 'LIST'), /#club/)
  await ana.ask('MODE #club +I ca?o!*@*')
  assert.match(await asked(ana, 'MODE #club I'), / 346 ana #club ca\?o!\*@\* ana \d+\n.* 347 ana #club :/)
  assert.match(await asked(caro, 'JOIN #club'), / 366 caro #club /)
  await caro.ask('PART #club')
  assert.match(await asked(beto, 'MODE #club -i'), / 482 beto #club :/)
  ana.send('MODE #club -s')
  await beto.expect(`${source('ana')} MODE #club -is`)
  assert.match(await asked(caro, 'LIST'), / 322 caro #club /)
  const web = await server.web.logIn('ana')
  await web.do('PUT', '/people/caro/role', { role: 'guest' })
  await ana.ask('MODE #club +RM')
  assert.match(await asked(ana, 'MODE #club'), / 324 ana #club \+MRnt$/)
  assert.match(await asked(caro, 'JOIN #club'), / 477 caro #club :/)
  ana.send('MODE #club -R')
  await beto.expect(`${source('ana')} MODE #club -R`)
  assert.match(await asked(caro, 'JOIN #club'), / 366 caro #club /)
  assert.match(await asked(caro, 'PRIVMSG #club :hola'), / 404 caro #club :/)
  ana.send('MODE #club +v caro')
  await caro.expect(`${source('ana')} MODE #club +v caro`)
  assert.doesNotMatch(await asked(caro, 'PRIVMSG #club :hola'), / 404 /)
})

test('-t lets everybody who may write set the topic, +C refuses CTCP other than ACTION; general cannot be restricted', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  await ana.ask('JOIN #club')
  await beto.ask('JOIN #club')
  assert.match(await asked(beto, 'TOPIC #club :mío'), / 482 beto #club :/)
  ana.send('MODE #club -t')
  await beto.expect(`${source('ana')} MODE #club -t`)
  assert.match(await asked(ana, 'MODE #club'), / 324 ana #club \+n$/)
  beto.send('TOPIC #club :mío')
  await ana.expect(`${source('beto')} TOPIC #club mío`)
  await ana.ask('MODE #club +b m:beto')
  assert.match(await asked(beto, 'TOPIC #club :otro'), / 404 beto #club :/, 'whoever writes')
  await ana.ask('MODE #club -b m:beto')
  assert.match(await asked(beto, 'PRIVMSG #club :\x01PING 1\x01'), /FAIL PRIVMSG INVALID_MESSAGE #club /)
  ana.send('MODE #club +C')
  await beto.expect(`${source('ana')} MODE #club +C`)
  assert.match(await asked(beto, 'PRIVMSG #club :\x01PING 1\x01'), / 404 beto #club :/)
  assert.equal(await asked(beto, 'NOTICE #club :\x01PING 1\x01'), '')
  beto.send('PRIVMSG #club :\x01ACTION saluda\x01')
  await ana.expect(/ PRIVMSG #club :\x01ACTION saluda\x01$/)
  for (const line of ['MODE #general +i', 'MODE #general +k x', 'MODE #general +l 3', 'MODE #general +R'])
    assert.match(await asked(ana, line), / 482 ana #general :/, line)
  assert.match(await asked(ana, 'MODE #club -n'), / 482 ana #club :/)
})

test('STATUSMSG: messages to a rank show to its members only, in a conversation of theirs', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  using caro = await Irc.register(server.port, 'caro')
  ana.send('JOIN #club')
  await ana.expect(/ 366 ana #club /)
  for (const each of [beto, caro]) await each.ask('JOIN #club')
  ana.send('MODE #club +o beto')
  await caro.expect(/ MODE #club \S*o/)
  caro.send('PRIVMSG @#club :¿alguien modera?')
  const shown = /^(@\S+ )?:caro!\S+ PRIVMSG #&\d+ :@#club ¿alguien modera\?$/
  await ana.expect(shown)
  await beto.expect(shown)
  beto.send('PRIVMSG ~#club :solo para la dueña')
  await ana.expect(/^(@\S+ )?:beto!\S+ PRIVMSG ana :~#club solo para la dueña$/)
  assert.ok(!(await caro.settled()).some(line => line.includes('solo para')))
  assert.match((await ana.ask('PRIVMSG ~#club :eco')).join(), / 401 ana ~#club :/)
  assert.match((await caro.ask('PRIVMSG +#otra :x')).join(), / 404 caro \+#otra :/)
})

test('limits of one MODE: a list comes once, the last of a letter counts, four changes with a parameter', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  const people = ['uno', 'dos', 'tres', 'cuatro', 'cinco', 'seis']
  await ana.ask('JOIN #club')
  for (const name of people) {
    using irc = await Irc.register(server.port, name, { caps: '' })
    await irc.ask('JOIN #club')
  }
  await ana.ask('MODE #club +b malo')
  const lists = await ana.ask('MODE #club +bbb-b+beeb')
  assert.equal(lists.filter(line => / 367 /.test(line)).length, 1)
  assert.deepEqual(
    lists.flatMap(line => / (368|349) /.exec(line)?.[1] ?? []),
    ['349', '368'],
  )
  assert.deepEqual(await ana.ask('MODE #club +C-C+RC'), [
    `${source('ana')} MODE #club +R`,
    `${source('ana')} MODE #club +C`,
  ])
  const answers = await ana.ask(`MODE #club +vvvvvv ${people.join(' ')}`)
  assert.deepEqual(answers, [
    ...people.slice(0, 4).map(name => `${source('ana')} MODE #club +v ${name}`),
    `:${HOST} 407 ana cinco :Como mucho 4 cambios con parámetro en cada MODE; a partir de este no se ha hecho ninguno.`,
  ])
})

test('an appointment without the role before takes every other rank', () => {
  const who = (id: number, username: string) => ({ id: id as UserId, username })
  const event: Appointment = {
    kind: 'appointment',
    room: 2 as RoomId,
    seq: 3 as Seq,
    author: who(1, 'ana'),
    at: 0 as Instant,
    person: who(2, 'beto'),
    role: 'moderator',
  }
  const context: RenderContext = {
    host: HOST,
    caps: 0,
    wording: languages.es,
    webUrl: () => '',
    target: () => '#club',
    isChannel: true,
    nameOf: () => '',
    quotations: new Quotations(),
    isBot: () => false,
    isGuest: () => false,
    isOnline: () => true,
  }
  assert.equal(render(event, context), `${source('ana')} MODE #club -qhv+o beto beto beto beto\r\n`)
  assert.equal(
    render({ ...event, before: 'speaker' }, context),
    `${source('ana')} MODE #club -v+o beto beto\r\n`,
  )
})
