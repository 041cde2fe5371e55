// How one's list of rooms is ordered: favourites, sections of one's own, and the rest. The server keeps it for all
// devices; a copy in the browser shows it before the first answer.

import type { Sidebar } from '../../../wire/keeping-schemas.ts'
import type { Api } from './api.ts'
import { Observable } from './observable.ts'
import type { Room } from './room.ts'
import { getJson, setItem } from './storage.ts'

type Section = Sidebar['sections'][number]

/** A part of the list. */
export type RoomGroup =
  | { readonly is: 'favourites' | 'rooms' | 'direct'; readonly rooms: readonly Room[] }
  | { readonly is: 'section'; readonly section: Section; readonly rooms: readonly Room[] }

export interface Placing {
  readonly favourite?: boolean
  readonly section?: number | null
}

const NONE: Sidebar = { sections: [], rooms: [] }

function isSidebar(value: unknown): value is Sidebar {
  if (typeof value !== 'object' || value === null) return false
  const { sections, rooms } = value as Partial<Sidebar>
  return Array.isArray(sections) && Array.isArray(rooms)
}

export class RoomOrder extends Observable {
  sidebar = NONE
  readonly #api: Api
  /** Of the copy in the browser. */
  #name = ''

  constructor(api: Api) {
    super()
    this.#api = api
  }

  /** Shows what there was the last time, and reads what there is now. */
  open(person: number): void {
    this.#name = `sidebar.${person}`
    if (this.sidebar === NONE) this.#put(getJson(this.#name, isSidebar) ?? NONE)
    void this.load()
  }

  async load(): Promise<void> {
    const found = await this.#api.get<Sidebar>('/me/sidebar').catch(() => undefined)
    if (found) this.#put(found)
  }

  #put(sidebar: Sidebar): void {
    this.sidebar = sidebar
    if (this.#name !== '') setItem(this.#name, sidebar === NONE ? undefined : JSON.stringify(sidebar))
    this.notifyNow()
  }

  placeOf(room: number): { readonly favourite: boolean; readonly section: number | undefined } {
    const { favourite = false, section } = this.sidebar.rooms.find(each => each.room === room) ?? {}
    return { favourite, section }
  }

  /** @param shared rooms, and @param direct conversations, each in the order in which they stand */
  groups(shared: readonly Room[], direct: readonly Room[]): readonly RoomGroup[] {
    const places = new Map(this.sidebar.rooms.map(each => [each.room, each]))
    const favourites: Room[] = []
    const inSection = new Map<number, Room[]>(this.sidebar.sections.map(({ id }) => [id, []]))
    const isLeft = (room: Room) => {
      const place = places.get(room.id)
      const group = place?.favourite ? favourites : inSection.get(place?.section ?? 0)
      group?.push(room)
      return group === undefined
    }
    const rooms = shared.filter(isLeft)
    const conversations = direct.filter(isLeft)
    return [
      ...(favourites.length > 0 ? [{ is: 'favourites', rooms: favourites } as const] : []),
      ...this.sidebar.sections.map(
        section => ({ is: 'section', section, rooms: inSection.get(section.id) ?? [] }) as const,
      ),
      { is: 'rooms', rooms },
      { is: 'direct', rooms: conversations },
    ]
  }

  /** Shown at once; read again if the server refuses it. */
  async place(room: number, placing: Placing): Promise<void> {
    const before = this.placeOf(room)
    const section = placing.section === undefined ? before.section : (placing.section ?? undefined)
    const placed = {
      room,
      favourite: placing.favourite ?? before.favourite,
      ...(section !== undefined && { section }),
    }
    const others = this.sidebar.rooms.filter(each => each.room !== room)
    await this.#change(
      { ...this.sidebar, rooms: [...others, placed] },
      this.#api.do('PATCH', `/rooms/${room}/placement`, placing),
    )
  }

  /** @param room stands in it from the start */
  async add(name: string, room?: number): Promise<void> {
    const section = await this.#api.do<Section>('POST', '/me/sections', { name })
    await this.load()
    if (room !== undefined) await this.place(room, { section: section.id, favourite: false })
  }

  async change(id: number, change: { readonly name?: string; readonly folded?: boolean }): Promise<void> {
    const sections = this.sidebar.sections.map(each => (each.id === id ? { ...each, ...change } : each))
    await this.#change({ ...this.sidebar, sections }, this.#api.do('PATCH', `/me/sections/${id}`, change))
  }

  /** Up by one, or down. */
  async move(id: number, by: -1 | 1): Promise<void> {
    const { sections } = this.sidebar
    const at = sections.findIndex(each => each.id === id)
    const moved = sections[at]
    if (!moved || at + by < 0 || at + by >= sections.length) return
    await this.moveBefore(id, sections[by < 0 ? at - 1 : at + 2]?.id ?? null)
  }

  async moveBefore(id: number, before: number | null): Promise<void> {
    const moved = this.sidebar.sections.find(each => each.id === id)
    if (!moved || id === before) return
    const others = this.sidebar.sections.filter(each => each !== moved)
    const at = before === null ? others.length : others.findIndex(each => each.id === before)
    const sections = others.toSpliced(at, 0, moved)
    await this.#change({ ...this.sidebar, sections }, this.#api.do('PATCH', `/me/sections/${id}`, { before }))
  }

  async remove(id: number): Promise<void> {
    await this.#api.do('DELETE', `/me/sections/${id}`)
    await this.load()
  }

  async #change(sidebar: Sidebar, request: Promise<unknown>): Promise<void> {
    this.#put(sidebar)
    try {
      await request
    } catch (error) {
      await this.load()
      throw error
    }
  }
}
