import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { appendFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { BEFORE, converse, folder, scene, shownIn } from '../tools/irc-scene.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { patiently } from '../tools/patiently.ts'
import { lacking } from '../tools/programs.ts'
import { cleanEnvironment } from '../tools/server.ts'
import { Terminal } from '../tools/tmux.ts'

test('irssi connects with SASL, sees what was said, talks, and leaves', {
  skip: lacking('irssi', 'tmux'),
}, async t => {
  const there = await scene(t)
  const home = folder(t)
  writeFileSync(
    join(home, 'config'),
    `servers = ({ address = "127.0.0.1"; chatnet = "t"; port = "${there.server.port}"; autoconnect = "yes"; });
chatnets = { t = { type = "IRC"; nick = "ana"; sasl_mechanism = "PLAIN"; sasl_username = "ana"; sasl_password = "${PASSWORD}"; }; };
settings = {
  core = { real_name = "Ana"; user_name = "ana"; nick = "ana"; };
  "irc/core" = { cmd_queue_speed = "20msec"; cmds_max_at_once = "50"; };
};
`,
  )
  await using irssi = await Terminal.run(`irssi --home=${home}`, { columns: 100, rows: 40 })
  await irssi.expect(/SASL authentication succe/)
  await irssi.expect(/\[Act: [^\]]*2/)
  await irssi.line('/window 2')
  await irssi.expect(BEFORE)
  await converse(there, {
    say: text => irssi.line(text),
    sees: (who, text) => irssi.expect(new RegExp(`< ?[~@]?${who}> ${RegExp.escape(text)}`)),
    tells: text => irssi.line(`/msg beto ${text}`),
    isTold: async text => {
      await irssi.line('/window goto beto')
      await irssi.expect(new RegExp(`<beto> ${RegExp.escape(text)}`))
    },
  })
  await irssi.line('/join #club')
  await irssi.expect(/Irssi: Join to #club was synced/)
  await irssi.line('/topic #club de qué va')
  await irssi.expect(/ana (\[.*\] )?changed the topic of #club to: de qué va/)
  await irssi.line('/window 1')
  await irssi.line('/whois caro')
  await irssi.expect(/End of WHOIS/)
  await irssi.line('/quit')
  await there.beto.expect('Usuario ana se ha desconectado.\n')
})

test('weechat connects with SASL, sees what was said, talks, and leaves', {
  skip: lacking('weechat-headless'),
}, async t => {
  const there = await scene(t)
  const home = folder(t)
  const commands = [
    '/set logger.file.flush_delay 0',
    `/server add t 127.0.0.1/${there.server.port}`,
    '/set irc.server.t.ssl off',
    '/set irc.server.t.nicks ana',
    '/set irc.server.t.sasl_username ana',
    `/set irc.server.t.sasl_password ${PASSWORD}`,
    '/set irc.server.t.capabilities "*"',
    '/connect t',
  ]
  const child = spawn('weechat-headless', ['-d', home, ...commands.flatMap(each => ['-r', each])], {
    stdio: 'ignore',
    env: { ...cleanEnvironment(), LANG: 'C.UTF-8' },
  })
  const ended = new Promise(resolve => child.on('exit', resolve))
  t.after(() => void child.kill())
  const fifo = join(home, `weechat_fifo_${child.pid}`)
  const general = join(home, 'logs', 'irc.t.#general.weechatlog')
  await shownIn(general, new RegExp(`beto\t${RegExp.escape(BEFORE)}`))
  const type = (line: string) => appendFileSync(fifo, `irc.t.#general *${line}\n`)
  await converse(there, {
    say: type,
    sees: (who, text) => shownIn(general, new RegExp(`[~@]?${who}\t${RegExp.escape(text)}`)),
    tells: text => type(`/msg beto ${text}`),
    isTold: text =>
      shownIn(join(home, 'logs', 'irc.t.beto.weechatlog'), new RegExp(`beto\t${RegExp.escape(text)}`)),
  })
  type('/quit')
  await ended
  await there.beto.expect('Usuario ana se ha desconectado.\n')
})

test('ii connects by PASS, sees what was said, talks, and leaves', { skip: lacking('ii') }, async t => {
  const there = await scene(t)
  const home = folder(t)
  const { port } = there.server
  const child = spawn('ii', ['-i', home, '-s', '127.0.0.1', '-p', `${port}`, '-n', 'ana', '-k', 'CLAVE'], {
    stdio: 'ignore',
    env: { ...cleanEnvironment(), CLAVE: `ana:${PASSWORD}` },
  })
  t.after(() => void child.kill())
  const network = join(home, '127.0.0.1')
  const shows = (where: string, who: string, text: string) =>
    shownIn(join(network, where, 'out'), new RegExp(`<${who}> ${RegExp.escape(text)}`))
  const type = (where: string, line: string) => appendFileSync(join(network, where, 'in'), `${line}\n`)
  await shownIn(
    join(network, '#general', 'out'),
    new RegExp(`<beto> \\[\\d\\d:\\d\\d\\] ${RegExp.escape(BEFORE)}`),
  )
  await converse(there, {
    say: text => type('#general', text),
    sees: (who, text) => shows('#general', who, text),
    tells: text => type('', `/j beto ${text}`),
    isTold: text => shows('beto', 'beto', text),
  })
  type('', '/q')
  await there.beto.expect('Usuario ana se ha desconectado.\n')
})

// --- irc-framework ---------------------------------------------------------------------------------------

type Heard = Readonly<Record<string, unknown>>

/** The part of it that is used here; it has no types of its own. */
interface Framework {
  on(event: string, listener: (event: Heard) => void): void
  connect(options: Heard): void
  say(target: string, text: string): void
  join(channel: string): void
  setTopic(channel: string, topic: string): void
  whois(nick: string, told: (event: Heard) => void): void
  raw(...words: string[]): void
  quit(reason: string): void
}

const { Client } = createRequire(import.meta.url)('irc-framework') as { Client: new () => Framework }

class Player {
  readonly framework = new Client()
  readonly heard: { event: string; told: Heard }[] = []

  constructor(port: number, nick: string) {
    for (const event of 'registered join part quit privmsg tagmsg topic kick nick away sasl'.split(' '))
      this.framework.on(event === 'sasl' ? 'loggedin' : event, told => this.heard.push({ event, told }))
    this.framework.on('batch end chathistory', told => this.heard.push({ event: 'history', told }))
    this.framework.connect({
      host: '127.0.0.1',
      port,
      nick,
      auto_reconnect: false,
      enable_echomessage: true,
      enable_setname: true,
      account: { account: nick, password: PASSWORD },
      sasl_disconnect_on_fail: true,
    })
  }

  async expect(event: string, fields: Heard): Promise<Heard> {
    const fits = (each: { event: string; told: Heard }) =>
      each.event === event && Object.entries(fields).every(([key, value]) => each.told[key] === value)
    await patiently(
      () => this.heard.some(fits),
      () =>
        `never heard ${event} ${JSON.stringify(fields)}, but ${this.heard.map(({ event, told }) => `${event} ${told.nick} ${told.target} ${told.message}`).join('\n')}`,
    )
    return this.heard.find(fits)?.told ?? assert.fail()
  }
}

test('irc-framework plays a long story with netcat and the web', async t => {
  const there = await scene(t)
  const { server, beto, web, caro } = there
  const ana = new Player(server.port, 'ana')
  t.after(() => ana.framework.quit('fin'))
  await ana.expect('registered', { nick: 'ana' })
  await ana.expect('join', { nick: 'ana', channel: '#general' })
  await ana.expect('privmsg', { nick: 'beto', target: '#general', message: BEFORE })
  await converse(there, {
    say: text => ana.framework.say('#general', text),
    sees: async (who, text) => void (await ana.expect('privmsg', { nick: who, message: text })),
    tells: text => ana.framework.say('beto', text),
    isTold: async text => void (await ana.expect('privmsg', { nick: 'beto', target: 'ana', message: text })),
  })
  const echo = await ana.expect('privmsg', { nick: 'ana', target: '#general' })
  assert.match(String((echo.tags as Heard).msgid), /^1-\d+$/)
  ana.framework.join('#club')
  await ana.expect('join', { nick: 'ana', channel: '#club' })
  ana.framework.setTopic('#club', 'de qué va')
  await ana.expect('topic', { channel: '#club', topic: 'de qué va' })
  beto.say('/unirse club')
  await ana.expect('join', { nick: 'beto', channel: '#club' })
  ana.framework.say('#club', 'bienvenido')
  await beto.expect('ana: bienvenido\n')
  await web.do('POST', '/direct', { people: ['ana'] })
  const { promise, resolve } = Promise.withResolvers<Heard>()
  ana.framework.whois('caro', resolve)
  const whois = await promise
  assert.deepEqual([whois.nick, whois.real_name, whois.account], ['caro', 'Caro', 'caro'])
  beto.say('/dejar')
  await ana.expect('part', { nick: 'beto', channel: '#club' })
  beto.say('salir')
  await ana.expect('quit', { nick: 'beto' })
  caro.client.close()
})
