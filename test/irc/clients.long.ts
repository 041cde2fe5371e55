// Big clients, clients that start slowly, and programs that speak IRC for somebody: a bouncer, a bot.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '../tools/free-port.ts'
import { BEFORE, converse, folder, scene } from '../tools/irc-scene.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { circeFolders, lacking } from '../tools/programs.ts'
import { Terminal } from '../tools/tmux.ts'
import { playsByPass, SIZE } from './terminals.ts'

playsByPass('EPIC5', 'epic5')

// --- ZNC -------------------------------------------------------------------------------------------------

const zncOf = (own: number, port: number) => `Version = 1.8.2
ConnectDelay = 1
ServerThrottle = 1
<Listener own>
  Port = ${own}
  Host = 127.0.0.1
  IPv4 = true
  IPv6 = false
  SSL = false
  AllowIRC = true
  AllowWeb = false
</Listener>
<User ana>
  Pass = plain#puente
  Admin = true
  Nick = ana
  AltNick = ana_
  Ident = ana
  RealName = Ana
  Buffer = 100
  AutoClearChanBuffer = true
  AutoClearQueryBuffer = true
  <Network tertulia>
    LoadModule = sasl
    Server = 127.0.0.1 ${port}
  </Network>
</User>
`

/** Runs a program as *nobody*, to whom the folder is given: ZNC makes root wait for half a minute. */
function asNobody(owned: string): string {
  if (process.getuid?.() !== 0) return ''
  execFileSync('chown', ['-R', 'nobody', owned])
  return 'setpriv --reuid=nobody --regid=nogroup --clear-groups'
}

const irssiAt = (
  port: number,
) => `servers = ({ address = "127.0.0.1"; chatnet = "z"; port = "${port}"; password = "ana/tertulia:puente"; autoconnect = "yes"; });
chatnets = { z = { type = "IRC"; nick = "ana"; }; };
settings = {
  core = { real_name = "Ana"; user_name = "ana"; nick = "ana"; };
  "irc/core" = { cmd_queue_speed = "20msec"; cmds_max_at_once = "50"; };
};
`

test('ZNC logs in with SASL, keeps what is said while nobody looks, and shows it', {
  skip: lacking('znc', 'irssi', 'tmux'),
}, async t => {
  const there = await scene(t)
  const home = folder(t)
  const own = await freePort()
  mkdirSync(join(home, 'znc/configs'), { recursive: true })
  writeFileSync(join(home, 'znc/configs/znc.conf'), zncOf(own, there.server.port))
  mkdirSync(join(home, 'irssi'))
  writeFileSync(join(home, 'irssi/config'), irssiAt(own))
  await using znc = await Terminal.run(`${asNobody(home)} znc --foreground --datadir ${home}/znc`, SIZE)
  await znc.expect(/ZNC \S+ - https:/)
  const irssi = () => Terminal.run(`irssi --home=${home}/irssi`, SIZE)
  {
    await using ana = await irssi()
    await ana.expect('Hace falta una cuenta')
    for (const line of [`set ana ${PASSWORD}`, 'mechanism PLAIN', 'requireauth yes'])
      await ana.line(`/msg *sasl ${line}`)
    await ana.line('/msg *status jump')
    await ana.expect(/\[Act: [^\]]*4/) // behind the windows of *status and *sasl
    await ana.line('/window goto #general')
    await ana.expect(BEFORE)
    await converse(there, {
      say: text => ana.line(text),
      sees: (who, text) => ana.expect(new RegExp(`< ?[~@]?${who}> ${RegExp.escape(text)}`)),
      tells: text => ana.line(`/msg beto ${text}`),
      async isTold(text) {
        await ana.line('/window goto beto')
        await ana.expect(`<beto> ${text}`)
      },
    })
    await ana.line('/quit')
    await ana.expect('exit 0')
  }
  there.beto.say('mientras nadie miraba: ñ 🦜')
  there.beto.say('/privado ana y en privado: ü 🙂')
  await there.caro.expect('mientras nadie miraba: ñ 🦜')
  await using ana = await irssi()
  await ana.expect(/\[Act: [^\]]*3/)
  await ana.line('/window goto #general')
  await ana.expect(/<[~@ ]?beto> .*mientras nadie miraba: ñ 🦜/)
  await ana.line('/window goto beto')
  await ana.expect(/<[~@ ]?beto> .*y en privado: ü 🙂/)
  await znc.press('C-c')
  await there.beto.expect('Usuario ana se ha desconectado.\n')
})

// --- Limnoria --------------------------------------------------------------------------------------------

const limnoriaOf = (home: string, port: number) => {
  const folders = ['conf', 'data', 'data.tmp', 'data.web', 'backup', 'plugins', 'log', 'themes']
  return `supybot.nick: ana
supybot.ident: ana
supybot.user: Ana
supybot.networks: tertulia
supybot.networks.tertulia.servers: 127.0.0.1:${port}
supybot.networks.tertulia.ssl: False
supybot.networks.tertulia.channels: #general
supybot.networks.tertulia.sasl.username: ana
supybot.networks.tertulia.sasl.password: ${PASSWORD}
supybot.networks.tertulia.sasl.required: True
supybot.reply.whenAddressedBy.chars: @
supybot.plugins: Misc Utilities
supybot.plugins.Misc: True
supybot.plugins.Utilities: True
supybot.log.stdout: True
${folders.map(each => `supybot.directories.${each}: ${join(home, each)}\n`).join('')}`
}

test('Limnoria, a bot, logs in with SASL and answers in the room and in private, but no old orders', {
  skip: lacking('supybot', 'tmux'),
}, async t => {
  const there = await scene(t)
  const { beto, web, caro } = there
  beto.say('@echo orden vieja')
  const home = folder(t)
  writeFileSync(join(home, 'bot.conf'), limnoriaOf(home, there.server.port))
  await using bot = await Terminal.run(`supybot --allow-root ${home}/bot.conf`, {
    ...SIZE,
    columns: 160,
  })
  await bot.expect(/Join to #general/)
  beto.say('@echo así dice el bot: ñandú 🦜')
  await beto.expect('ana: así dice el bot: ñandú 🦜\n')
  await caro.expect('así dice el bot: ñandú 🦜')
  await web.do('POST', '/rooms/1/messages', { text: '@echo y a la web: ü 🌵' })
  await caro.expect('y a la web: ü 🌵')
  beto.say('/privado ana echo en privado: ¿sí? 🙂')
  await beto.expect('(privado) ana: en privado: ¿sí? 🙂\n')
  assert.ok(!beto.heard.includes('ana: orden vieja'), 'what was said before it came is history, no order')
  await bot.press('C-c')
  await beto.expect('Usuario ana se ha desconectado.\n')
})

// --- Circe -----------------------------------------------------------------------------------------------

const circeAt = (port: number, load: readonly string[]) => `
(dolist (each '(${load.map(each => `"${each}"`).join(' ')})) (add-to-list 'load-path each))
(require 'circe)
(setq circe-network-options
      '(("tertulia" :host "127.0.0.1" :port ${port} :use-tls nil :nick "ana"
         :sasl-username "ana" :sasl-password "${PASSWORD}" :channels ("#general"))))
(circe "tertulia")
`

test('Circe connects with SASL, sees what was said, talks, and leaves', {
  skip: lacking('emacs', 'tmux'),
}, async t => {
  const there = await scene(t)
  const home = folder(t)
  writeFileSync(join(home, 'init.el'), circeAt(there.server.port, circeFolders()))
  await using emacs = await Terminal.run(`emacs -nw -Q -l ${home}/init.el`, { ...SIZE, env: { HOME: home } })
  const goTo = async (buffer: string) => {
    await emacs.press('C-x', 'b')
    await emacs.expect('Switch to buffer')
    await emacs.line(buffer)
    await emacs.expect(new RegExp(`F1 +${RegExp.escape(buffer)}@tertulia `))
  }
  await emacs.expect(/\[#g\]/) // the mode line shows rooms with activity
  await goTo('#general')
  await emacs.expect(BEFORE)
  await converse(there, {
    say: text => emacs.line(text),
    sees: (who, text) => emacs.expect(`<${who}> ${text}`),
    tells: text => emacs.line(`/msg beto ${text}`),
    async isTold(text) {
      await goTo('beto')
      await emacs.expect(`<beto> ${text}`)
    },
  })
  await emacs.line('/quit')
  await there.beto.expect('Usuario ana se ha desconectado.\n')
})
