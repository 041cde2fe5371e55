import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from '../tools/hosted.ts'
import { bare, Irc } from '../tools/irc-client.ts'
import { HOST } from './quick-server.ts'

type Ask = (...lines: string[]) => Promise<string>
/** Asserts that a token holds, given its value. */
type Held = (value: string, ask: Ask) => Promise<void>

const answers = (line: (value: string) => string, expected: RegExp): Held => {
  return async (value, ask) => assert.match(await ask(line(value)), expected)
}
const long = (value: string, more = 0) => 'x'.repeat(Number(value) + more)

/** Every token, with the assertion that it holds. */
const tokens: Readonly<Record<string, Held>> = {
  ACCOUNTEXTBAN: async (value, ask) => {
    assert.equal(value, 'a')
    await ask(`MODE #club +b ${value}:beto`)
    assert.match(await ask('MODE #club b'), / 367 ana #club beto!\*@\* /)
    await ask(`MODE #club -b ${value}:beto`)
  },
  AWAYLEN: async (value, ask) => {
    await ask(`AWAY :${long(value, 1)}`)
    assert.match(await ask('WHOIS ana'), new RegExp(` 301 ana ana ${long(value)}$`, 'm'))
    await ask('AWAY')
  },
  BOT: async (value, ask) => {
    assert.equal(value, 'B')
    assert.match(await ask(`MODE ana +${value}`), /^(@\S+ )?:ana!\S+ MODE ana \+B$/m)
    assert.match(await ask('WHO ana'), / ana H\*?~?B :0 /)
    await ask(`MODE ana -${value}`)
  },
  CASEMAPPING: async (value, ask) => {
    assert.equal(value, 'ascii')
    assert.match(await ask('NAMES #GENERAL'), / 353 ana = #general /)
  },
  CHANLIMIT: async value => assert.equal(value, '#:1000'), // clauses-channels.test.ts: one more
  CHANMODES: async (value, ask) => {
    const [lists = '', always, on, flags = ''] = value.split(',')
    for (const sign of lists) assert.match(await ask(`MODE #club +${sign}`), / 3\d\d ana #club /)
    await ask(`MODE #club +${flags}${always}${on} clave 30`)
    const [, shown = '', ...params] =
      / 324 ana #club \+(\S+) (\S+) (\S+)$/.exec(await ask('MODE #club')) ?? []
    assert.deepEqual([...shown].toSorted(), [...flags, ...String(always), ...String(on)].toSorted())
    assert.deepEqual(params, ['clave', '30'])
    await ask(`MODE #club -CMRimsl${always} clave`)
    assert.match(await ask('MODE #club'), / 324 ana #club \+nt$/)
  },
  CHANNELLEN: async (value, ask) => {
    assert.match(await ask(`JOIN #${long(value, -1)}`), / 366 /)
    assert.match(await ask(`JOIN #${long(value)}`), / 476 /)
  },
  CHANTYPES: async (value, ask) => {
    assert.equal(value, '#') // no prefix of a rank
    for (const name of ['&x', '+x', '~x']) assert.match(await ask(`JOIN ${name}`), / 403 /)
    assert.match(await ask('JOIN #&7'), / 476 /) // group conversations are numbered, and JOIN does not create them
  },
  CHATHISTORY: async (value, ask) => {
    const said = Array.from({ length: Number(value) + 5 }, (_, i) => `PRIVMSG #club :${i}`)
    await ask(...said)
    const shown = await ask(`CHATHISTORY LATEST #club * ${Number(value) + 5}`)
    assert.equal(shown.match(/ PRIVMSG #club /g)?.length, Number(value))
  },
  ELIST: async (value, ask) => {
    assert.equal(value, 'MNU')
    assert.match(await ask('LIST #clu?'), /^[^\n]* 321 [^\n]*\n[^\n]* 322 ana #club [^\n]*\n[^\n]* 323 /)
    assert.doesNotMatch(await ask('LIST !#c*'), / 322 ana #club /)
    assert.doesNotMatch(await ask('LIST >5'), / 322 /)
    assert.match(
      await ask('LIST #club,#general'),
      / 322 ana #general (.|\n)* 322 ana #club | 322 ana #club (.|\n)* 322 ana #general /,
    )
  },
  EXCEPTS: async (value, ask) => {
    await ask(`MODE #club +${value} uno`)
    assert.match(await ask(`MODE #club ${value}`), / 348 ana #club uno!\*@\* ana \d+\n.* 349 /)
  },
  EXTBAN: async (value, ask) => {
    assert.equal(value, ',am')
    await ask('MODE #club +b m:beto!*@*', 'MODE #club +b a:juan?')
    assert.match(
      await ask('MODE #club b'),
      / 367 ana #club juan\?!\*@\* ana \d+\n.* 367 ana #club m:beto!\*@\* /,
    )
    await ask('MODE #club -bb m:beto a:juan?')
    assert.doesNotMatch(await ask('MODE #club b'), / 367 /)
  },
  HOSTLEN: async value => assert.ok(HOST.length <= Number(value)),
  INVEX: async (value, ask) => {
    await ask(`MODE #club +${value} uno`)
    assert.match(await ask(`MODE #club ${value}`), / 346 ana #club uno!\*@\* ana \d+\n.* 347 /)
  },
  KEYLEN: async (value, ask) => {
    assert.doesNotMatch(await ask(`MODE #club +k ${long(value)}`), / 696 /)
    assert.match(await ask(`MODE #club +k ${long(value, 1)}`), / 696 ana #club k x+ :/)
    await ask('MODE #club -k *')
  },
  KICKLEN: answers(value => `KICK #club beto :${long(value, 1)}`, / 417 /),
  MAXLIST: async (value, ask) => {
    assert.equal(value, 'b:100,e:100,I:100')
    const masks = Array.from({ length: 100 }, (_, i) => `MODE #club +b nadie${i}*`)
    assert.doesNotMatch(await ask(...masks), / 478 /)
    assert.match(await ask('MODE #club +b demasiado*'), / 478 ana #club demasiado\*!\*@\* :/)
  },
  MODES: async (value, ask) => {
    assert.equal(value, '4')
    assert.doesNotMatch(await ask('MODE #club +o-o+o-o beto beto beto beto'), / 4\d\d /)
  },
  MONITOR: async value => assert.equal(value, '200'), // people.test.ts: the 201st
  MSGREFTYPES: async (value, ask) => {
    assert.equal(value, 'msgid,timestamp')
    assert.match(await ask('CHATHISTORY AFTER #club msgid=2-1 1'), / BATCH /)
    assert.match(await ask('CHATHISTORY AFTER #club timestamp=2026-01-01T00:00:00.000Z 1'), / BATCH /)
    assert.match(await ask('CHATHISTORY AFTER #club nada=1 1'), / INVALID_MSGREFTYPE /)
  },
  NAMELEN: async (value, ask) => {
    assert.match(await ask(`SETNAME :${long(value)}`), / SETNAME x/)
    assert.match(await ask(`SETNAME :${long(value, 1)}`), / INVALID_REALNAME /)
  },
  NETWORK: async value => assert.equal(value, 'Tertulia'),
  NICKLEN: async (value, ask) => {
    assert.match(await ask(`NICK ${long(value)}`), / 902 /) // a person's nick is the username
    assert.match(await ask(`NICK ${long(value, 1)}`), / 432 /)
  },
  PREFIX: async (value, ask) => {
    const [, modes = '', signs = ''] = /^\((.*)\)(.*)$/.exec(value) ?? []
    assert.deepEqual([modes, signs], ['qaohv', '~&@%+'])
    for (const mode of 'vhoq') {
      await ask(`MODE #club +${mode} beto`)
      const sign = signs[modes.indexOf(mode)]
      assert.ok((await ask('NAMES #club')).includes(` ${sign}beto!`) || mode === 'q', mode)
    }
    assert.match(await ask('NAMES #club'), / 353 ana = #club :~ana\S* ~beto\S*$/m)
    await ask('MODE #club +o beto')
  },
  SAFELIST: answers(() => 'LIST', / 323 /),
  STATUSMSG: async (value, ask) => {
    assert.equal(value, '~&@%+')
    for (const sign of value) assert.doesNotMatch(await ask(`PRIVMSG ${sign}#club :x`), / 404 /) // modes.test.ts
    assert.match(await ask('PRIVMSG !#club :x'), / 401 /)
  },
  TARGMAX: async (value, ask) => {
    assert.equal(value, 'JOIN:50,KICK:4,LIST:20,NAMES:1,NOTICE:4,PART:50,PRIVMSG:4,TAGMSG:1,WHOIS:1')
    assert.doesNotMatch(await ask('PRIVMSG #club,#general,beto,#CLUB :x'), / 407 /)
    assert.match(await ask('PRIVMSG a,b,c,d,e :x'), / 407 /) // JOIN: bad-input.test.ts
  },
  TOPICLEN: async (value, ask) => {
    assert.doesNotMatch(await ask(`TOPIC #club :${long(value)}`), / 417 /)
    assert.match(await ask(`TOPIC #club :${long(value, 1)}`), / 417 /)
  },
  USERLEN: async (value, ask) =>
    assert.ok((/ 311 ana \S+ (\S+) /.exec(await ask('WHOIS ana'))?.[1] ?? '').length <= Number(value)),
  UTF8ONLY: async value => assert.equal(value, ''), // bad-input.test.ts
  WHOX: answers(() => 'WHO #club %n', / 354 ana ana$/m),
  'draft/FILEHOST': isFileHost, // files.test.ts
  'soju.im/FILEHOST': isFileHost,
}

async function isFileHost(value: string): Promise<void> {
  const { status } = await fetch(value.replace('localhost', '127.0.0.1'), { method: 'OPTIONS' })
  assert.equal(status, 204)
}

test('every token of 005 holds', async () => {
  await using server = await openServer({ args: ['--no-limits'] })
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  const lines = ana.lines.filter(line => / 005 ana /.test(line))
  const said = lines.flatMap(line =>
    line.slice(line.indexOf(' ana ') + 5, line.indexOf(' :are supported')).split(' '),
  )
  assert.deepEqual(
    said.map(token => token.split('=', 1)[0]),
    Object.keys(tokens),
  )
  const ask: Ask = async (...asked) => (await ana.ask(...asked)).map(bare).join('\n')
  await ask('JOIN #club')
  await beto.ask('JOIN #club')
  for (const token of said) {
    const [name = '', ...value] = token.split('=')
    await tokens[name]?.(value.join('='), ask)
  }
})
