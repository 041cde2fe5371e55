// The composition root: the only place where adapters are built. Each step opens what the next one needs; stopping
// closes all of it in reverse.

import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import type { Config } from '../config/settings.ts'
import { Chat } from '../core/chat.ts'
import type { FileParts } from '../core/files/files.ts'
import type { Policy } from '../core/parts.ts'
import { Passwords } from '../core/people/passwords.ts'
import type { Bus } from '../core/ports/bus.ts'
import type { LinkReader } from '../core/ports/previews.ts'
import type { Store } from '../core/ports/store.ts'
import { openAdminSocket } from './admin-socket.ts'
import { openBus } from './bus.ts'
import { systemClock } from './clock.ts'
import { skeletonsOf } from './confusables.ts'
import { ConnectionLimit } from './connection-limit.ts'
import { CopyExpiry } from './copy-expiry.ts'
import { fileParts, openPictures } from './file-parts.ts'
import { greet } from './greeting.ts'
import { healthOf } from './health.ts'
import type { HealthState } from './health-state.ts'
import type { HostProcess } from './host-process.ts'
import { ircSettings } from './irc-settings.ts'
import { joinAddresses, webUrl } from './join.ts'
import { openLinkReader } from './link-reader.ts'
import { openDoors } from './open-doors.ts'
import { openPorts } from './open-ports.ts'
import { OpenSockets } from './open-sockets.ts'
import { policyOf, randomCode } from './policy.ts'
import { type ServerContext, serverContext } from './server-context.ts'
import { stopOnSignal } from './stopping.ts'
import { fileOf, type StoreHandle } from './store.ts'
import { monitorStore, reportTampering, startUpkeep } from './store-monitor.ts'
import { HASHES_AT_ONCE } from './thread-pool.ts'
import { WebApp } from './web-app.ts'

const ROOT = resolve(import.meta.dirname, '../..')
/** How long a stopping server waits for its clients to take what was said to them. */
const GOODBYE_MS = 2_000

/** Begun by start.ts before it loads this file. */
export interface ServeDeps {
  readonly store: Promise<StoreHandle>
  readonly healthState: HealthState
  readonly host: HostProcess
}

/** Starts a server, which runs until its host stops it. Throws StartFailed, with everything closed again. */
export async function serve(config: Config, deps: ServeDeps): Promise<void> {
  await using opened = new AsyncDisposableStack()
  const { healthState, host } = deps
  const storage = await deps.store
  const { store, files, where, history } = storage
  opened.defer(async () => {
    await files.close()
    await store.close()
    storage.release()
  })
  const context = serverContext(config, host)
  const { wording, log, onError } = context
  monitorStore(storage, healthState, context)

  const sockets = new OpenSockets()
  opened.defer(() => sockets.closed(GOODBYE_MS))
  const irc = ircSettings(config, wording)
  const hasOwner = await store.people.hasOwner()
  const policy = policyOf(config, hasOwner)
  const { shortestPassword } = policy
  const bus = await openBus(config, { healthState, clock: systemClock, history, onError })
  opened.defer(() => bus.close())
  await store.search.renew()
  const zone = Temporal.Now.timeZoneId()
  const links = openLinkReader(config)
  const pictures = openPictures(context)
  const chat = openChat(context, {
    store,
    files: fileParts(context, { storage: files, pictures }),
    bus: bus.bus,
    policy,
    zone,
    links,
  })
  opened.defer(() => chat.close())
  opened.defer(() => links?.close())
  const upkeep = startUpkeep(storage, healthState, context)
  opened.defer(() => upkeep.close())

  const webApp = new WebApp(ROOT, log)
  const connectionLimit = new ConnectionLimit(config, {
    sentence: wording.tooManyConnections,
    exceeded: details =>
      log.warn({ ...details, most: connectionLimit.quota.most }, 'too many connections of one address'),
    full: details => log.warn(details, 'no descriptors are left for more connections'),
  })
  const { quota } = connectionLimit
  const connections = () => sockets.size
  const health = healthOf({ chat, healthState, quota, connections, others: () => bus.others() })
  const connected = sockets.add
  let url = '' // with the ports that the system gives
  const join = () => joinAddresses(config, ports.numbers)
  const spoken = { chat, zone, shortestPassword, webUrl: () => url, join }
  const doors = openDoors(context, { ...spoken, irc, webApp, quota, health, connected })
  opened.defer(() => doors.close())
  opened.defer(() => pictures.close()) // before the doors, which wait for answers
  const ports = await openPorts(context, { doors, connectionLimit, connected })
  opened.defer(() => ports.close())
  url = webUrl(config, ports.numbers)

  const copyExpiry = new CopyExpiry(fileOf(config), { days: config.keepCopies, clock: systemClock, onError })
  opened.defer(() => copyExpiry.close())
  const admin = openAdminSocket(resolve(config.data), { chat, shortestPassword, onError })
  opened.defer(() => admin.close())
  const copies = copyExpiry.expire()

  const running = opened.move()
  // Before the greeting: anyone who reads there that the server listens may stop it at once.
  stopOnSignal(host, async () => {
    healthState.isDraining = true
    await running.disposeAsync()
    log.info('stopped')
  })
  await greet(context, { ports, where, policy, hasOwner, copies }).catch(async error => {
    await running.disposeAsync()
    throw error
  })
  void webApp.refresh()
}

interface ChatDeps {
  readonly store: Store
  readonly files: FileParts
  readonly bus: Bus
  readonly policy: Policy
  readonly zone: string
  readonly links: LinkReader | undefined
}

function openChat(context: ServerContext, deps: ChatDeps): Chat {
  const { wording, console, onError } = context
  return new Chat({
    ...deps,
    clock: systemClock,
    passwords: new Passwords(HASHES_AT_ONCE),
    skeletonsOf,
    code: randomCode,
    secret: () => randomBytes(32).toString('base64url'),
    console: {
      presence: ({ username }, online) => console(online ? wording.came(username) : wording.left(username)),
      onError,
      tampered: tampering => reportTampering(tampering, context),
    },
  })
}
