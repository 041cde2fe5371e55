// Several nodes are one chat: the same people, rooms, history and presence, whichever of them one comes to.

import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { Cluster, lacksCluster } from '../tools/cluster.ts'
import { Irc } from '../tools/irc-client.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { patiently } from '../tools/patiently.ts'
import { ServerProcess, startServer, temporaryFolder } from '../tools/server.ts'
import { tertulia } from '../tools/tertulia.ts'

const skip = lacksCluster

test('ana by lines on one node, beto by IRC on another, caro in the web client on a third: one conversation', {
  skip,
}, async () => {
  await using cluster = await Cluster.start(3)
  const ana = await cluster.node(0).register('ana')
  using beto = await Irc.register(cluster.node(1).port, 'beto')
  await ana.expect('Usuario beto se ha conectado.')
  const web = await cluster.node(2).web.register('caro')
  using caro = await web.connect()
  await ana.expect('Usuario caro se ha conectado.')
  await beto.expect(/:caro!\S+ JOIN #general /)
  ana.say('hola desde el primero')
  await beto.expect(/:ana!\S+ PRIVMSG #general :hola desde el primero$/)
  await caro.expect('hola desde el primero')
  beto.send('PRIVMSG #general :y desde el segundo')
  await ana.expect('beto: y desde el segundo')
  await caro.expect('y desde el segundo')
  await caro.client.post(1, 'y desde el tercero')
  await ana.expect('caro: y desde el tercero')
  await beto.expect(/:caro!\S+ PRIVMSG #general :y desde el tercero$/)
  const names = (await beto.ask('NAMES #general')).join('\n')
  assert.match(names, /ana!/, 'who is on another node is there, too')
  assert.match(names, /caro!/)
  const { messages } = await (await cluster.node(0).web.logIn('beto')).do('GET', '/rooms/general/messages')
  assert.equal(messages.length, 3)
  ana.say('/crear club')
  await ana.expect('* Estás en #club.')
  ana.say('/traer beto')
  await beto.expect(/:beto!\S+ JOIN #club /)
  beto.send('PRIVMSG #club :aquí estoy')
  await ana.expect('beto: aquí estoy')
  ana.say('salir')
  await beto.expect(/:ana!\S+ QUIT /)
})

test('what IRC clients are told of people comes from other nodes, too', { skip }, async () => {
  await using cluster = await Cluster.start(2, '--irc-guests')
  const [here, there] = [cluster.node(0).port, cluster.node(1).port]
  const caps = 'account-notify away-notify setname extended-monitor draft/metadata-2'
  using ana = await Irc.register(here, 'ana', { caps })
  using beto = await Irc.register(there, 'beto', { caps })
  await ana.expect(/:beto!\S+ JOIN #general/)

  await ana.ask('METADATA * SUB url')
  beto.send('AWAY :en clase')
  await ana.expect(/:beto!\S+ AWAY :?en clase$/)
  assert.match((await ana.ask('PRIVMSG beto :¿estás?')).join('\n'), / 301 ana beto :en clase/)
  beto.send('AWAY :en el comedor')
  await ana.expect(/:beto!\S+ AWAY :?en el comedor$/)
  beto.send('AWAY')
  await ana.expect(/:beto!\S+ AWAY$/)
  beto.send('SETNAME :Beto Bueno')
  await ana.expect(/:beto!\S+ SETNAME :?Beto Bueno$/)
  beto.send('METADATA * SET url :https://example.org')
  await ana.expect(/ METADATA beto url \* :?https:\/\/example\.org$/)
  ana.send('MODE ana +w')
  beto.send('MODE beto +w')
  await beto.settled()
  ana.send('WALLOPS :atención')
  await beto.expect(/:ana!\S+ WALLOPS :?atención$/)

  using eva = await Irc.connect(there)
  eva.send('NICK eva', 'USER eva 0 * :Eva')
  await eva.expect(/ 366 eva #general /)
  await ana.expect(/:eva!\S+ JOIN #general/)
  await ana.ask('PRIVMSG eva :hola')
  await eva.expect(/ PRIVMSG eva :?hola$/)
  eva.send(`REGISTER nueva * ${PASSWORD}`)
  await ana.expect(':eva!eva@tertulia.local NICK nueva')
  await ana.expect(':nueva!nueva@tertulia.local ACCOUNT nueva')
  await ana.ask('PRIVMSG nueva :sigues')
  await eva.expect(/ PRIVMSG nueva :?sigues$/)
  eva.send('QUIT :hasta luego')
  await ana.expect(/:nueva!\S+ QUIT :Quit: hasta luego$/)

  {
    using first = await Irc.connect(there)
    first.send('NICK otra', 'USER otra 0 * :Otra')
    await ana.expect(/:otra!\S+ JOIN #general/)
    await ana.ask('PRIVMSG otra :a la primera')
    await first.expect(/ PRIVMSG otra :a la primera$/)
  }
  await ana.expect(/:otra!\S+ QUIT /)
  using second = await Irc.connect(there)
  second.send('NICK otra', 'USER otra 0 * :Otra')
  await ana.expect(/:otra!\S+ JOIN #general/)
  await ana.ask('PRIVMSG otra :a la segunda')
  await second.expect(/ PRIVMSG otra :a la segunda$/)

  ana.send('KILL beto :basta')
  await beto.expect(/:ana!\S+ KILL beto /)
  await beto.closed
  await ana.expect(/:beto!\S+ QUIT /)
})

test('what is revoked, disabled, changed or blocked on one node is so on all of them at once', {
  skip,
}, async () => {
  await using cluster = await Cluster.start(2)
  const ana = await cluster.node(0).register('ana')
  const beto = await cluster.node(1).register('beto')
  using caro = await Irc.register(cluster.node(1).port, 'caro')
  await ana.expect('Usuario caro se ha conectado.')
  const owner = await cluster.node(0).web.logIn('ana')
  await owner.do('PUT', '/people/beto/disabled', { disabled: true })
  await beto.closed
  await ana.expect('Usuario beto se ha desconectado.')
  const web = await cluster.node(0).web.logIn('caro')
  const { sessions } = await web.do('GET', '/me/sessions')
  const there = sessions.find(({ door }: { door: string }) => door === 'irc')
  await web.do('DELETE', `/me/sessions/${there.id}`)
  await caro.expect(/^ERROR :/)
  await caro.closed
})

test('a node that is killed takes its people with it; the others go on, and say so within ten seconds', {
  skip,
}, async () => {
  await using cluster = await Cluster.start(2)
  const ana = await cluster.node(0).register('ana')
  await cluster.node(1).register('beto')
  await ana.expect('Usuario beto se ha conectado.')
  await cluster.node(1).kill()
  await ana.expect('Usuario beto se ha desconectado.')
  const again = await cluster.startNode(1)
  const beto = await again.logIn('beto')
  beto.say('de vuelta')
  await ana.expect('beto: de vuelta')
})

test('without NATS all goes on, a little later, and the server says so; /readyz is about the store', {
  skip,
}, async () => {
  await using cluster = await Cluster.start(2)
  const ana = await cluster.node(0).register('ana')
  const beto = await cluster.node(1).register('beto')
  await cluster.nats.kill()
  const ready = async () => (await fetch(`${cluster.node(0).web.origin}/readyz`)).json()
  await patiently(
    async () => ((await ready()) as { degraded: string[] }).degraded.includes('bus'),
    () => 'it never noticed',
  )
  assert.equal(((await ready()) as { ready: boolean }).ready, true)
  ana.say('¿me oyes?')
  await beto.expect('ana: ¿me oyes?')
  await cluster.nats.start()
  await patiently(
    async () => ((await ready()) as { degraded: string[] }).degraded.length === 0,
    () => 'it never got well',
  )
  beto.say('perfectamente')
  await ana.expect('beto: perfectamente')
})

test('PostgreSQL is away, and back: each node says so by itself, though nobody asks it anything else', {
  skip,
}, async () => {
  await using cluster = await Cluster.start(2)
  await cluster.node(0).web.register('ana')
  const ready = (i: number) => fetch(`${cluster.node(i).web.origin}/readyz`)
  for (const [i, status] of [200, 503, 200].entries()) {
    if (i === 1) await cluster.postgres.down('SIGINT')
    if (i === 2) await cluster.postgres.up()
    await patiently(
      async () => (await Promise.all([ready(0), ready(1)])).every(answer => answer.status === status),
      () => `not both of them say ${status}`,
    )
  }
})

test('a second node in the same folder is refused; a folder that is not there is made', {
  skip,
}, async () => {
  await using cluster = await Cluster.start(1)
  const { data } = cluster.node(0)
  await using second = await ServerProcess.spawn({ data, args: ['--store', cluster.url] })
  assert.equal(await second.exited, 1)
  assert.match(second.errors, /^Otro servidor ya usa .*Detenlo o elige otra carpeta con --data\.\n$/)
  const apart = join(data, 'otra', 'carpeta')
  await using third = await startServer({ data: apart, args: ['--store', cluster.url] })
  assert.equal((await tertulia(apart, ['users', 'list'])).code, 0)
  assert.equal((await tertulia(data, ['users', 'list'])).code, 0)
  assert.equal(third.errors, '')
})

test('the same key on two nodes at once is one message, and both are told which', { skip }, async () => {
  await using cluster = await Cluster.start(2)
  const ana = await cluster.node(0).web.register('ana')
  const also = await cluster.node(1).web.logIn('ana')
  for (let i = 0; i < 20; i++) {
    const key = { 'Idempotency-Key': `k${i}` }
    const answers = await Promise.all(
      [ana, also, ana, also].map(web => web.ask('POST', '/rooms/general/messages', { text: `${i}` }, key)),
    )
    const seqs = answers.map(({ body }) => body.seq)
    assert.deepEqual(seqs, [i + 1, i + 1, i + 1, i + 1])
  }
})

test('a node that can’t start says why in one sentence, and the others go on', { skip }, async t => {
  await using cluster = await Cluster.start(1)
  const ana = await cluster.node(0).register('ana')
  const beto = await cluster.node(0).register('beto')
  const folder = await temporaryFolder()
  t.after(() => rm(folder, { recursive: true, force: true }))
  const steps: readonly [readonly string[], RegExp][] = [
    [['--bus-credentials', join(folder, 'nada')], /nada/],
    [['--irc-motd', 'nada.txt'], /mensaje del día nada\.txt/],
    [['--tls-cert', 'nada.pem', '--tls-key', 'nada.pem'], /No se puede leer nada\.pem/],
    [['--port', `${cluster.node(0).port}`], /está ocupado/],
    [['--listen', `irc://127.0.0.1:${cluster.node(0).port}`], /No se puede escuchar en irc:/],
  ]
  for (const [args, sentence] of steps) {
    const where = ['--store', cluster.url, '--bus', cluster.nats.url]
    await using refused = await ServerProcess.spawn({ data: folder, args: [...where, ...args] })
    assert.equal(await refused.exited, 1)
    assert.match(refused.errors, /^[^\n]+\n$/)
    assert.match(refused.errors, sentence)
  }
  beto.say('hola')
  await ana.expect('beto: hola\n')
})
