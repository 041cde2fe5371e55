// Commands are answered in order, and under their labels (IRCv3 labeled-response): one story for each command.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commands } from '../../src/doors/irc/commands/commands.ts'
import { bare, Irc, MODERN, tagOf, tagsOf } from '../tools/irc-client.ts'
import { quickServer, source } from './quick-server.ts'

/** ana owns #club and #otra, which beto and caro are in too; `{id}` is the msgid of her last message there. */
interface Story {
  readonly asked: string
  /** What the reply contains, in order. */
  readonly answered: readonly (string | RegExp)[]
  /** Sent before, without a label. */
  readonly before?: readonly string[]
}

const ANA = source('ana')
const ACK = /^:\S+ ACK$/

const STORIES: Readonly<Record<string, readonly Story[]>> = {
  ADMIN: [{ asked: 'ADMIN', answered: [/ 256 ana /] }],
  AWAY: [
    { asked: 'AWAY :un café', answered: [/ 306 ana /] },
    { asked: 'AWAY', answered: [/ 305 ana /] },
  ],
  BATCH: [
    {
      before: [
        'BATCH +b draft/multiline #club',
        '@batch=b PRIVMSG #club :uno',
        '@batch=b PRIVMSG #club :dos',
      ],
      asked: 'BATCH -b',
      answered: [/ BATCH \+\S+ draft\/multiline #club$/, / PRIVMSG #club :?uno$/, / PRIVMSG #club :?dos$/],
    },
  ],
  CAP: [{ asked: 'CAP LIST', answered: [/ CAP ana LIST /] }],
  CHANSERV: [{ asked: 'CHANSERV HELP', answered: [/^:ChanServ!/] }],
  CHATHISTORY: [{ asked: 'CHATHISTORY LATEST #club * 1', answered: [/ BATCH \+/, / BATCH -/] }],
  CS: [{ asked: 'CS HELP', answered: [/^:ChanServ!/] }],
  HELP: [{ asked: 'HELP', answered: [/ 70\d ana /] }],
  HELPOP: [{ asked: 'HELPOP', answered: [/ 70\d ana /] }],
  INFO: [{ asked: 'INFO', answered: [/ 371 ana /, / 374 ana /] }],
  INVITE: [{ asked: 'INVITE dora #club', answered: [/ 341 ana dora #club$/] }],
  ISON: [{ asked: 'ISON beto', answered: [/ 303 ana /] }],
  JOIN: [
    { asked: 'JOIN #nueva', answered: [`${ANA} JOIN #nueva ana Ana`, / 366 ana #nueva /] },
    {
      asked: 'JOIN #una,#dos',
      answered: [`${ANA} JOIN #una ana Ana`, / 366 ana #una /, `${ANA} JOIN #dos ana Ana`],
    },
    { asked: 'JOIN #club', answered: [] },
  ],
  KICK: [
    { asked: 'KICK #club beto :fuera', answered: [`${ANA} KICK #club beto fuera`] },
    {
      asked: 'KICK #club,#otra caro,beto',
      answered: [`${ANA} KICK #club caro ana`, `${ANA} KICK #otra beto ana`],
    },
    {
      asked: 'KICK #otra beto,caro',
      answered: [/ 441 ana beto #otra /, `${ANA} KICK #otra caro ana`],
    },
  ],
  KILL: [{ asked: 'KILL beto :no', answered: [/ 481 ana /] }],
  LINKS: [{ asked: 'LINKS', answered: [/ 365 ana /] }],
  LIST: [{ asked: 'LIST', answered: [/ 321 ana /, / 323 ana /] }],
  LUSERS: [{ asked: 'LUSERS', answered: [/ 251 ana /] }],
  MARKREAD: [{ asked: 'MARKREAD #club', answered: [/ MARKREAD #club /] }],
  METADATA: [{ asked: 'METADATA * SET color :rojo', answered: [/ 761 ana ana color \* :?rojo$/] }],
  MODE: [
    { asked: 'MODE #club +m', answered: [`${ANA} MODE #club +m`] },
    { asked: 'MODE #club +m', answered: [] },
    {
      asked: 'MODE #club -m+kl clave 30',
      answered: [`${ANA} MODE #club -m`, `${ANA} MODE #club +k clave`, `${ANA} MODE #club +l 30`],
    },
    { asked: 'MODE #club +v beto', answered: [`${ANA} MODE #club +v beto`] },
    { asked: 'MODE #club +b juan*', answered: [`${ANA} MODE #club +b juan*!*@*`] },
    { asked: 'MODE #club +b m:caro', answered: [`${ANA} MODE #club +b m:caro!*@*`] },
    { asked: 'MODE #club b', answered: [/ 367 ana #club juan/, / 368 ana #club /] },
    { asked: 'MODE #club', answered: [/ 324 ana #club /] },
    { asked: 'MODE ana +w', answered: [`${ANA} MODE ana +w`] },
    { asked: 'MODE #club +is', answered: [`${ANA} MODE #club +is`] },
  ],
  MONITOR: [{ asked: 'MONITOR + beto', answered: [/ 730 ana /] }],
  MOTD: [{ asked: 'MOTD', answered: [/ 375 ana /, / 376 ana /] }],
  NAMES: [{ asked: 'NAMES #club', answered: [/ 353 ana /, / 366 ana #club /] }],
  NICK: [
    { asked: 'NICK otra', answered: [/ 902 ana /] },
    { asked: 'NICK ana', answered: [] },
  ],
  NICKSERV: [{ asked: 'NICKSERV HELP', answered: [/^:NickServ!/] }],
  NOTICE: [{ asked: 'NOTICE #club :atención', answered: [`${ANA} NOTICE #club :atención`] }],
  NS: [{ asked: 'NS HELP', answered: [/^:NickServ!/] }],
  OPER: [{ asked: 'OPER root nada', answered: [/ 491 ana |464 ana /] }],
  PART: [
    { before: ['JOIN #fuera'], asked: 'PART #fuera :chao', answered: [`${ANA} PART #fuera chao`] },
    {
      before: ['JOIN #fuera', 'JOIN #lejos'],
      asked: 'PART #fuera,#lejos',
      answered: [`${ANA} PART #fuera`, `${ANA} PART #lejos`],
    },
  ],
  PING: [{ asked: 'PING x', answered: [/ PONG \S+ x$/] }],
  PONG: [{ asked: 'PONG x', answered: [] }],
  PRIVMSG: [
    { asked: 'PRIVMSG #club :hola', answered: [`${ANA} PRIVMSG #club :hola`] },
    { asked: 'PRIVMSG beto :hola', answered: [`${ANA} PRIVMSG beto :hola`] },
    {
      asked: 'PRIVMSG #club,beto :dos',
      answered: [`${ANA} PRIVMSG #club :dos`, `${ANA} PRIVMSG beto :dos`],
    },
  ],
  REDACT: [
    {
      before: ['PRIVMSG #club :mal'],
      asked: 'REDACT #club {id} :por error',
      answered: [/^:ana!\S+ REDACT #club \S+ :por error$/],
    },
  ],
  REGISTER: [{ asked: 'REGISTER * * nada', answered: [/ FAIL REGISTER /] }],
  REHASH: [{ asked: 'REHASH', answered: [/ 481 ana /] }],
  RENAME: [
    { asked: 'RENAME #club #peña :mal escrito', answered: [`${ANA} RENAME #club #peña :mal escrito`] },
    { asked: 'RENAME #otra #más', answered: [`${ANA} RENAME #otra #más :`] },
  ],
  SETNAME: [{ asked: 'SETNAME :Ana María', answered: [`${ANA} SETNAME :Ana María`] }],
  TAGMSG: [
    {
      before: ['PRIVMSG #club :bien'],
      asked: '@+reply={id};+draft/react=👍 TAGMSG #club',
      answered: [`${ANA} TAGMSG #club`],
    },
  ],
  TIME: [{ asked: 'TIME', answered: [/ 391 ana /] }],
  TOPIC: [
    { asked: 'TOPIC #club :de qué', answered: [`${ANA} TOPIC #club :de qué`] },
    { asked: 'TOPIC #club', answered: [/ 332 ana #club :de qué$/] },
    { asked: 'TOPIC #club :', answered: [`${ANA} TOPIC #club :`] },
  ],
  USER: [{ asked: 'USER a 0 * :A', answered: [/ 462 ana /] }],
  USERHOST: [{ asked: 'USERHOST beto', answered: [/ 302 ana /] }],
  VERIFY: [{ asked: 'VERIFY ana nada', answered: [/ FAIL VERIFY /] }],
  VERSION: [{ asked: 'VERSION', answered: [/ 351 ana /] }],
  WALLOPS: [{ asked: 'WALLOPS :no', answered: [/ 481 ana /] }],
  WHO: [{ asked: 'WHO #club', answered: [/ 352 ana /, / 315 ana #club /] }],
  WHOIS: [{ asked: 'WHOIS beto', answered: [/ 311 ana /, / 318 ana beto /] }],
  WHOWAS: [{ asked: 'WHOWAS beto', answered: [/ 314 ana /, / 369 ana beto /] }],
}

/** Commands that end the connection, belong before registration, or are not answered at all. */
const ELSEWHERE = ['AUTHENTICATE', 'ERROR', 'PASS', 'QUIT', 'WEBIRC']

test('every command has a story here', () => {
  assert.deepEqual(
    Object.keys(commands)
      .filter(name => !STORIES[name])
      .toSorted(),
    ELSEWHERE,
  )
})

/** The lines of one reply, and how it is labelled; none of them comes after the PONG. */
function answerIn(lines: readonly string[], label: string): readonly string[] {
  const labelled = lines.filter(line => tagsOf(line).get('label') === label)
  assert.equal(labelled.length, 1, `one logical answer under ${label} in\n${lines.join('\n')}`)
  const [first = ''] = labelled
  const [, reference, type] = / BATCH \+(\S+) ?(\S*)/.exec(bare(first)) ?? []
  if (reference === undefined) return [bare(first)]
  const end = lines.findIndex(line => bare(line).endsWith(` BATCH -${reference}`))
  assert.ok(end >= 0, `the batch ends in\n${lines.join('\n')}`)
  const whole = lines.slice(lines.indexOf(first), end + 1)
  const inside = whole.filter(line => tagsOf(line).has('batch')).map(bare)
  return type === 'labeled-response' ? inside : whole.map(bare)
}

function holds(lines: readonly string[], wanted: Story['answered']): void {
  let at = 0
  for (const each of wanted) {
    const place = lines.findIndex(
      (line, i) => i >= at && (typeof each === 'string' ? line === each : each.test(line)),
    )
    assert.ok(place >= 0, `no ${each} in\n${lines.join('\n')}`)
    at = place + 1
  }
}

/** Each command's story has channels of its own. */
function inPlace(text: string, n: number): string {
  return text.replaceAll(/#(club|otra)/g, `#$1${n}`)
}

function placed(wanted: Story['answered'], n: number): Story['answered'] {
  return wanted.map(each =>
    typeof each === 'string' ? inPlace(each, n) : new RegExp(inPlace(each.source, n)),
  )
}

interface Scene {
  readonly ana: Irc
  /** Of the command. */
  readonly n: number
  readonly name: string
}

/** What ana is sent in reply, up to the PONG for a PING in the same packet. */
async function asking(story: Story, { ana, n, name }: Scene, label?: string): Promise<readonly string[]> {
  const before = (story.before ?? []).map(line => inPlace(line, n))
  const gathering = before.filter(line => line.includes('atch=') || line.startsWith('BATCH'))
  for (const line of before) if (!gathering.includes(line)) await ana.ask(line)
  const said = ana.lines.findLast(
    line => bare(line).includes(`PRIVMSG #club${n} `) && tagsOf(line).has('msgid'),
  )
  const asked = inPlace(story.asked, n).replace('{id}', () => tagOf(said ?? assert.fail(name), 'msgid'))
  const [first = '', ...rest] = [...gathering, asked]
  const labelled = first.startsWith('@') ? first.replace('@', `@label=${label};`) : `@label=${label} ${first}`
  return ana.ask(label === undefined ? first : labelled, ...rest)
}

for (const labels of [true, false])
  test(`what one does is answered before what one asks next, ${labels ? 'under its label' : 'without labels'}`, async t => {
    const server = await quickServer(t)
    const caps = `${labels ? MODERN : MODERN.replace('labeled-response', '')} draft/metadata-2`
    using _eva = await Irc.register(server.port, 'eva')
    using ana = await Irc.register(server.port, 'ana', { caps })
    using beto = await Irc.register(server.port, 'beto')
    using caro = await Irc.register(server.port, 'caro')
    using _dora = await Irc.register(server.port, 'dora')
    for (const [n, [name, stories]] of Object.entries(STORIES).entries()) {
      await ana.ask(`JOIN #club${n}`, `JOIN #otra${n}`)
      for (const other of [beto, caro]) await other.ask(`JOIN #club${n}`, `JOIN #otra${n}`)
      for (const [i, story] of stories.entries()) {
        const label = labels ? `q${n}-${i}` : undefined
        const lines = await asking(story, { ana, n, name: `${name} ${i}` }, label)
        const answer = label === undefined ? lines.map(bare) : answerIn(lines, label)
        const isNothing = story.answered.length === 0 && label !== undefined
        holds(answer, isNothing ? [ACK] : placed(story.answered, n))
      }
    }
  })

test('concurrent changes reach all clients in one order, their own included, and the last TOPIC is the topic', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto', { caps: '' })
  await ana.ask('JOIN #club')
  await beto.ask('JOIN #club')
  await ana.ask('MODE #club -t+v beto')
  const people = [ana, beto]
  for (const each of people) each.skip()
  for (let i = 0; i < 40; i++) {
    for (const [who, each] of people.entries()) each.send(`TOPIC #club :${who} ${i}`)
    if (i % 8 === 0) await Promise.all(people.map(each => each.settled()))
  }
  await Promise.all(people.map(each => each.settled()))
  await ana.ask('TOPIC #club :fin')
  await beto.expect(/ TOPIC #club :?fin$/)
  const [one = [], other] = people.map(({ lines }) =>
    lines.map(bare).filter(line => / TOPIC #club /.test(line)),
  )
  assert.equal(one.length, 81)
  assert.deepEqual(one, other)
  const ids = ana.lines.filter(line => / TOPIC #club /.test(line)).map(line => tagOf(line, 'msgid'))
  assert.equal(new Set(ids).size, 81, 'each has an id of its own')
})

test('RENAME without the capability is answered with PART and JOIN, and the reason; after PART one may JOIN at once', async t => {
  const server = await quickServer(t)
  const caps = MODERN.replace('draft/channel-rename', '')
  using ana = await Irc.register(server.port, 'ana', { caps })
  using beto = await Irc.register(server.port, 'beto', { caps })
  await ana.ask('JOIN #club')
  await beto.ask('JOIN #club')
  const answer = answerIn(await ana.ask('@label=r RENAME #club #peña :mal escrito'), 'r')
  holds(answer, [`${ANA} PART #club :mal escrito`, `${ANA} JOIN #peña ana Ana`, / 366 ana #peña /])
  await beto.expect(`${source('beto')} PART #club :mal escrito`)
  const lines = (await beto.ask('PART #peña', 'JOIN #peña')).map(bare)
  holds(lines, [`${source('beto')} PART #peña`, `${source('beto')} JOIN #peña beto Beto`, / 366 beto #peña /])
})

test('the reason of a deletion shows in every door', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using plain = await Irc.register(server.port, 'beto', { caps: '' })
  const caro = await server.register('caro')
  const web = await server.web.logIn('ana')
  using page = await web.connect()
  const [said = ''] = await ana.ask('PRIVMSG #general :mal')
  const id = tagOf(said, 'msgid')
  ana.send(`REDACT #general ${id} :\x1b[2Jpor error`)
  await ana.expect(/^(@\S+ )?:ana!\S+ REDACT #general \S+ :[^\x1b]*por error$/)
  await plain.expect(/ NOTICE #general :ana .*: [^\x1b]*por error$/)
  await caro.expect(' [2Jpor error\n')
  const reasons = () => page.events.flatMap(event => ('reason' in event && event.reason) || [])
  await page.until(() => reasons().some(reason => reason.endsWith('[2Jpor error')), 'never told why')
})
