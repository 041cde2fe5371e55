// Where one can go by the switcher: one's rooms and conversations, people, and rooms that one may join.

import type { ListedRoom, Member } from './api.ts'
import { fitOf, plainName } from './matching.ts'
import type { Room } from './room.ts'

export type Destination =
  | { readonly kind: 'room'; readonly key: string; readonly name: string; readonly room: Room }
  | { readonly kind: 'person'; readonly key: string; readonly name: string; readonly member: Member }
  | { readonly kind: 'join'; readonly key: string; readonly name: string; readonly room: ListedRoom }

export interface Places {
  readonly rooms: readonly Room[]
  readonly people: readonly Member[]
  /** Rooms that one is not in. */
  readonly others: readonly ListedRoom[]
  readonly me: number
  /** The room that one is in. */
  readonly current: Room | undefined
}

/** Of each kind. */
const MOST = 8

/** Those that fit, of each kind the best first. With nothing typed: what is unread, then the rooms that one was in last. */
export function destinationsOf(typed: string, places: Places): readonly Destination[] {
  const wanted = plainName(typed.trim().replace(/^[#@]/, ''))
  const sign = typed.trim()[0]
  const rooms = sign === '@' ? [] : best(roomsOf(places), wanted, byNeed(places.current))
  if (wanted === '') return rooms
  const people = sign === '#' ? [] : best(peopleOf(places), wanted, byName)
  const others = sign === '@' ? [] : best(othersOf(places), wanted, byName)
  return [...rooms, ...people, ...others]
}

function best<Kind extends Destination>(
  all: readonly (Kind & Named)[],
  wanted: string,
  order: (a: Kind, b: Kind) => number,
): readonly Kind[] {
  return all
    .map(each => ({ each, fit: fitOf(each.plain, wanted) }))
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit || order(a.each, b.each))
    .slice(0, MOST)
    .map(({ each }) => each)
}

interface Named {
  /** What is searched. */
  readonly plain: string
}
type RoomPlace = Extract<Destination, { kind: 'room' }>

function roomsOf({ rooms }: Places): readonly (RoomPlace & Named)[] {
  return rooms
    .filter(({ hidden }) => !hidden)
    .map(room => {
      const { name, id } = room.listing
      return { kind: 'room', key: `r${id}`, name, room, plain: plainName(name) }
    })
}

/** People with whom one has no conversation yet. */
function peopleOf({
  people,
  rooms,
  me,
}: Places): readonly (Extract<Destination, { kind: 'person' }> & Named)[] {
  const met = new Set(rooms.filter(room => room.isDirect && !room.hidden).map(({ listing }) => listing.name))
  return people
    .filter(({ person, disabled }) => person.id !== me && !disabled && !met.has(person.username))
    .map(member => {
      const { id, username, name } = member.person
      return {
        kind: 'person',
        key: `p${id}`,
        name: username,
        member,
        plain: plainName(`${username} ${name}`),
      }
    })
}

function othersOf({ others }: Places): readonly (Extract<Destination, { kind: 'join' }> & Named)[] {
  return others
    .filter(({ archived }) => !archived)
    .map(room => ({ kind: 'join', key: `j${room.id}`, name: room.name, room, plain: plainName(room.name) }))
}

/** Who calls first, then what is unread, then where one was last; the room that one is in, and archived ones, last. */
function byNeed(current: Room | undefined) {
  const need = ({ room }: RoomPlace) => {
    const { unread, mentions } = room.listing
    if (room === current || room.listing.archived) return -1
    if (unread === 0 || room.isQuiet) return 0
    return room.isDirect || mentions > 0 ? 2 : 1
  }
  const last = ({ room }: RoomPlace) => Math.max(room.visitedAt, room.lastEventAt)
  return (a: RoomPlace, b: RoomPlace) => need(b) - need(a) || last(b) - last(a) || byName(a, b)
}

function byName(a: Destination, b: Destination): number {
  return a.name.localeCompare(b.name)
}
