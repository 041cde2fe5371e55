// The composition root: the only place where adapters are built.

import { Buffer } from 'node:buffer'
import { randomBytes, randomInt } from 'node:crypto'
import { flushCompileCache } from 'node:module'
import type { AddressInfo, Server, Socket } from 'node:net'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Config, DEFAULT_PORT } from '../config/settings.ts'
import { hasTls, isExposed } from '../config.ts'
import { Chat } from '../core/chat.ts'
import { isOfTheStore, Refusal } from '../core/model/refusals.ts'
import type { Policy } from '../core/parts.ts'
import { Passwords } from '../core/people/passwords.ts'
import { IrcDoor } from '../doors/irc/door.ts'
import { LineDoor } from '../doors/line/door.ts'
import { lineDisplay } from '../doors/line/render.ts'
import { refuseTls } from '../doors/no-tls.ts'
import { Patience } from '../net/patience.ts'
import { listenAt, type OnConnection, openPort } from '../net/port.ts'
import { pressureGauge } from '../net/pressure.ts'
import { Proxies } from '../net/proxies.ts'
import type { UpgradeCopy } from '../store/sqlite/upgrade-copies.ts'
import type { Wording } from '../wording/es.ts'
import { languages } from '../wording/languages.ts'
import { openAdminSocket } from './admin-socket.ts'
import { openBus } from './bus.ts'
import { systemClock } from './clock.ts'
import { skeletonsOf } from './confusables.ts'
import { ConnectionLimit } from './connection-limit.ts'
import type { Encryption } from './encryption.ts'
import { healthOf } from './health.ts'
import type { HealthState } from './health-state.ts'
import type { HostProcess } from './host-process.ts'
import { ircSettings } from './irc-settings.ts'
import { joinInstructions, urlForQrCode, warnings } from './join.ts'
import { LazyDoor } from './lazy-door.ts'
import {
  type DoorHandlers,
  type OpenListener,
  openListeners,
  openWebPort,
  type WebPort,
} from './listeners.ts'
import { openLog } from './log.ts'
import { enforcePlaintextPolicy } from './plaintext-policy.ts'
import { qrCode } from './qr.ts'
import { codeOf, StartFailed } from './start-failed.ts'
import { stopWhenTold } from './stopping.ts'
import { fileOf, type StoreHandle } from './store.ts'
import { healthSentence, oddSentences, tamperingSentence } from './store-sentences.ts'
import { HASHES_AT_ONCE } from './thread-pool.ts'
import { UpgradeCopies } from './upgrade-copies.ts'
import { Upkeep } from './upkeep.ts'
import { VERSION } from './version.ts'
import { WebApp } from './web-app.ts'

const SHORTEST_PASSWORD = 8
/** Clients have this long to take what was said to them; then the process ends. */
const GOODBYE_MS = 2_000
/** When a commit has failed, the senders are still told so. */
const LAST_WORDS_MS = 100

/** Runs until it is told to stop. Throws StartFailed, with all closed that had been opened. */
export async function serve(config: Config, deps: ServeDeps): Promise<void> {
  await using opened = new AsyncDisposableStack()
  const { store, where, history, remade, release } = await deps.store
  opened.defer(async () => {
    await store.close()
    release()
  })
  const wording = languages[config.lang]
  const { healthState, host } = deps
  const console = (line: string) => void host.stdout.write(`${line}\n`)
  const log = openLog(config.logLevel, host)
  healthState.onChange((part, problem) => {
    if (problem === undefined) log.info({ part }, 'well again')
    else log.warn({ part, problem }, 'degraded')
    const sentence = healthSentence(part, problem, { where, wording })
    if (sentence !== undefined) console(sentence)
  })
  if (remade.length > 0) {
    log.warn({ remade }, 'another program has changed the schema')
    console(wording.tampered.remade(remade.join(', ')))
  }
  void store.lost.then(err => {
    log.fatal({ err }, 'the store failed')
    host.stderr.write(`${wording.lost[err.reason]}\n`)
    setTimeout(() => host.exit(1), LAST_WORDS_MS)
  })
  const sockets = new Set<Socket>()
  opened.defer(() => Promise.race([gone(sockets), sleep(GOODBYE_MS)]).then(() => {}))
  const irc = ircSettings(config, wording)
  const hasOwner = await store.people.hasOwner()
  const policy = policyOf(config, hasOwner)
  const onError = (err: unknown) => {
    // That the store is away has been said; this is what follows of it.
    if (err instanceof Refusal && isOfTheStore(err)) log.debug({ err }, 'not stored')
    else log.error({ err }, 'something failed')
  }
  const busAt = await openBus(config, { healthState, clock: systemClock, history, onError })
  opened.defer(() => busAt.close())
  await store.search.renew()
  const zone = Temporal.Now.timeZoneId()
  const chat = new Chat({
    store,
    bus: busAt.bus,
    clock: systemClock,
    passwords: new Passwords(HASHES_AT_ONCE),
    skeletonsOf,
    code: randomCode,
    secret: () => randomBytes(32).toString('base64url'),
    zone,
    policy,
    console: {
      presence: ({ username }, online) => console(online ? wording.came(username) : wording.left(username)),
      onError,
      tampered(tampering) {
        log.warn(tampering, 'another program has changed the log')
        console(tamperingSentence(tampering, wording))
      },
    },
  })
  opened.defer(() => chat.close())
  const upkeep = new Upkeep({
    store: store.upkeep,
    clock: systemClock,
    found(odd) {
      log.warn({ odd }, 'another program has left nonsense')
      for (const sentence of oddSentences(odd, wording)) console(sentence)
    },
    is(well) {
      const data = healthState.problems.get('data')
      if (data === undefined || data === 'odd') healthState.reporter('data')(well ? undefined : 'odd')
    },
    onError,
  })
  opened.defer(() => upkeep.close())
  const { shortestPassword } = policy
  const app = new WebApp(resolve(import.meta.dirname, '../..'), log)
  const ircDoor = new IrcDoor({
    chat,
    language: config.lang,
    zone,
    shortestPassword,
    settings: irc,
    version: VERSION,
    onError,
  })
  const connectionLimit = new ConnectionLimit(config, {
    sentence: wording.tooManyConnections,
    exceeded: told =>
      log.warn({ ...told, most: connectionLimit.quota.most }, 'too many connections of one address'),
  })
  const { quota } = connectionLimit
  const health = healthOf({
    chat,
    healthState,
    quota,
    connections: () => sockets.size,
    others: () => busAt.others(),
  })
  const web = new LazyDoor(async () => {
    const { WebDoor } = await import('../doors/web/door.ts')
    flushCompileCache()
    return WebDoor.open({
      chat,
      language: config.lang,
      shortestPassword,
      hostNames: [config.host, hostname(), `${hostname()}.local`],
      publicUrl: config.publicUrl,
      proxies: new Proxies(config.trustedProxies),
      displays: [lineDisplay(config.lang), ircDoor.display],
      irc: lines => ircDoor.answer(lines, Buffer.alloc(0)),
      files: app,
      quota,
      health,
      version: VERSION,
      onError,
    })
  }, onError)
  const line = new LineDoor({
    chat,
    language: config.lang,
    zone,
    shortestPassword,
    onError,
    otherDoor(caller, socket, heard) {
      if (caller === 'web') return web.handOver(socket, door => door.refuse(socket))
      socket.write('\r\n') // it was asked who it is: that is a line of its own
      ircDoor.answer(socket, heard)
    },
  })
  opened.defer(async () => {
    ircDoor.close()
    await Promise.all([line.close(), web.close()])
  })
  const connected = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  }
  const doors: DoorHandlers = {
    line: (socket, first) => line.answer(socket, first, true),
    irc: (socket, first) => ircDoor.answer(socket, first),
    web: socket => web.handOver(socket, door => door.answer(socket, Buffer.alloc(0))),
    ircOnWeb: socket => web.handOver(socket, door => door.answerIrc(socket)),
    noWeb: socket => web.handOver(socket, door => door.refuse(socket)),
  }
  const answer: OnConnection = (caller, socket, first) => {
    connected(socket)
    if (caller === 'line') line.answer(socket, first)
    else if (caller === 'irc') ircDoor.answer(socket, first)
    else if (caller === 'web') web.handOver(socket, door => door.answer(socket, first))
    else refuseTls(socket)
  }
  const patience = new Patience(pressureGauge(), systemClock)
  const encryption = hasTls(config)
    ? (await import('./encryption.ts')).openEncryption(config, {
        folder: config.data,
        log,
        wording,
        patience,
        answer,
      })
    : undefined
  const tls = encryption?.tls
  const admitted = enforcePlaintextPolicy(config, { tls, wording, answer })
  const server = await listening(config, wording, () =>
    openPort(
      config,
      { patience, admit: (socket, then) => connectionLimit.admit(socket, { expected: 'any' }, then) },
      admitted,
    ),
  )
  opened.defer(() => void server.close())
  const others = await openListeners(config, { tls, wording, doors, connected, connectionLimit })
  opened.defer(() => {
    for (const other of others) other.server.close()
  })
  const webPort = await openWebPort(config, { tls, wording, doors, connected, connectionLimit })
  opened.defer(() => void webPort.server?.close())
  const copies = new UpgradeCopies(fileOf(config), { days: config.keepCopies, clock: systemClock, onError })
  opened.defer(() => copies.close())
  const admin = openAdminSocket(resolve(config.data), { chat, shortestPassword, onError })
  opened.defer(() => admin.close())
  const qr = host.stdout.isTTY
  const kept = copies.expire()
  const running = opened.move()
  // Whoever reads where it listens may end it at once.
  stopWhenTold(host, async () => {
    healthState.isDraining = true
    await running.disposeAsync()
    log.info('stopped')
  })
  await greet(server, {
    config,
    wording,
    console,
    qr,
    where,
    policy,
    hasOwner,
    encryption,
    others,
    webPort,
    kept,
  }).catch(async error => {
    await running.disposeAsync()
    throw error
  })
  void app.refresh()
}

/** What was begun before the rest was loaded. */
export interface ServeDeps {
  readonly store: Promise<StoreHandle>
  readonly healthState: HealthState
  readonly host: HostProcess
}

function policyOf(config: Config, hasOwner: boolean): Policy {
  const languageNames = Object.keys(languages)
  const { limits, registration, lan, ircGuests: guests } = config
  const always = { limits, guests, languages: languageNames }
  if (!isExposed(config)) return { ...always, shortestPassword: 1, registration: registration ?? 'open' }
  const policy = { ...always, registration: registration ?? 'invite' } as const
  const ownerCode = hasOwner ? {} : { ownerCode: randomCode() }
  const classCode = lan && registration === undefined ? { classCode: randomCode() } : {}
  return { ...policy, ...ownerCode, ...classCode, shortestPassword: SHORTEST_PASSWORD }
}

/** Letters and digits that nobody takes for another: 8 of 31 are 40 bits, and guessing is throttled. */
function randomCode(): string {
  const signs = 'abcdefghjkmnpqrstuvwxyz23456789'
  return Array.from({ length: 8 }, () => signs[randomInt(signs.length)]).join('')
}

/** Throws StartFailed for what the system says where it can't be listened. */
async function listening(config: Config, wording: Wording, open: () => Promise<Server>): Promise<Server> {
  const { host, port } = config
  try {
    return await open()
  } catch (error) {
    const code = codeOf(error)
    const { startFailed } = wording
    if (code === 'EADDRINUSE')
      throw new StartFailed(startFailed['port-taken'](port, await otherPort(config, port + 1)))
    if (code === 'EACCES')
      throw new StartFailed(startFailed['port-denied'](port, await otherPort(config, DEFAULT_PORT)))
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new StartFailed(startFailed['no-such-host'](host))
    throw error
  }
}

/** The command that starts it on the next free port. */
async function otherPort({ host }: Config, from: number): Promise<string> {
  for (let port = from; port < from + 20 && port <= 65_535; port++) {
    const free = await listenAt({ host, port }, socket => socket.destroy()).catch(() => undefined)
    if (!free) continue
    free.close()
    return `npm start -- --port ${port}`
  }
  return 'npm start -- --port 0'
}

interface Greeting {
  readonly config: Config
  readonly wording: Wording
  readonly console: (line: string) => void
  /** The console shows pictures made of characters. */
  readonly qr: boolean
  readonly where: string
  readonly policy: Policy
  readonly hasOwner: boolean
  readonly encryption: Encryption | undefined
  readonly others: readonly OpenListener[]
  readonly webPort: WebPort
  /** Of before upgrades. */
  readonly kept: readonly UpgradeCopy[]
}

async function greet(server: Server, greeting: Greeting): Promise<void> {
  const { config, wording, console, qr, where, policy, hasOwner, encryption, others, webPort, kept } =
    greeting
  const { address, family, port } = server.address() as AddressInfo
  console(wording.listening(`${family === 'IPv6' ? `[${address}]` : address}:${port}`))
  for (const { url } of others) console(wording.alsoAt(url))
  const ports = { port, webPort: webPort.port ?? port }
  for (const way of joinInstructions(config, ports)) console(wording.join(way))
  if (webPort.problem !== undefined) console(webPort.problem)
  console(wording.dataAt(where))
  for (const { path, until } of kept) console(wording.copyKept(path, until))
  if (encryption?.fingerprint !== undefined) console(wording.fingerprintIs(encryption.fingerprint))
  for (const line of warnings(config, wording)) console(line)
  const onTheWall = urlForQrCode(config, ports)
  if (onTheWall !== undefined && qr) console(await qrCode(onTheWall))
  if (policy.classCode !== undefined) console(wording.classCodeIs(policy.classCode))
  if (policy.ownerCode !== undefined) console(wording.ownerCodeIs(policy.ownerCode))
  else if (!hasOwner) console(wording.firstIsOwner)
}

function gone(sockets: ReadonlySet<Socket>): Promise<unknown> {
  return Promise.all([...sockets].map(socket => new Promise(resolve => socket.once('close', resolve))))
}
