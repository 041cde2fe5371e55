// The settings of the server: a change is stored, then every node is told, and tells whoever is connected.

import type { ClusterMessages } from '../cluster/cluster-messages.ts'
import { checkServerSettings, type ServerSettings } from '../model/server-settings.ts'
import type { Clock } from '../ports/clock.ts'
import type { Authority } from '../ports/people.ts'
import type { Store } from '../ports/store.ts'

export interface SettingsDeps {
  readonly store: Store
  readonly clock: Clock
  readonly cluster: ClusterMessages
  readonly onError: (error: unknown) => void
}

export class Settings {
  readonly #deps: SettingsDeps
  readonly #watchers: ((settings: ServerSettings) => void)[] = []

  constructor(deps: SettingsDeps) {
    this.#deps = deps
    deps.cluster.on('settings', () => this.#tell())
    deps.cluster.onMissed(() => void this.#tell().catch(deps.onError))
  }

  /** For everybody: clients act by them. */
  read(): Promise<ServerSettings> {
    return this.#deps.store.settings.read()
  }

  /**
   * Sets those that are named.
   * @returns false when they were so already. Refuses 'forbidden', 'bad-setting'.
   */
  async change(by: Authority, wanted: Readonly<Record<string, string>>): Promise<boolean> {
    const { store, clock, cluster } = this.#deps
    const isNew = await store.settings.change(by, checkServerSettings(wanted), clock.now())
    if (isNew) await cluster.broadcast({ kind: 'settings' })
    return isNew
  }

  /** Calls back with all settings when one changes, on any node, and when a change may have been missed. */
  watch(tell: (settings: ServerSettings) => void): void {
    this.#watchers.push(tell)
  }

  async #tell(): Promise<void> {
    const settings = await this.read()
    for (const tell of this.#watchers) tell(settings)
  }
}
