// The gallery of a room: its pictures, its other files, its links.

import { useEffect, useState } from 'react'
import CirclePlay from '~icons/circle-play'
import type { Attachment } from '../../../wire/attachment-schemas.ts'
import { linksIn } from '../../../wire/marks.ts'
import type { Message } from '../../../wire/schemas.ts'
import { showInRoom, useApp, useObservable, useWords } from '../app.tsx'
import { addressOf } from '../files/addresses.ts'
import { FileHead } from '../files/file-card.tsx'
import { isPicture, kindOfFile } from '../files/file-kind.ts'
import { placeholderImage } from '../files/placeholder.ts'
import type { GalleryKind } from '../model/gallery.ts'
import type { Room } from '../model/room.ts'
import { shortDay } from '../model/times.ts'
import { useLocale } from '../ui/locale.ts'
import { refusalText } from '../words.ts'
import { Frame } from './frame.tsx'
import './files.css'

const KINDS: readonly GalleryKind[] = ['visual', 'other', 'link']
/** Looking for a name goes through this many pages by itself. */
const MOST_LOOKED_THROUGH = 500

export function Files({ room }: { room: Room }) {
  const words = useWords()
  const [kind, setKind] = useState<GalleryKind>('visual')
  const [typed, setTyped] = useState('')
  // Links are found by the search, which knows rooms by their names.
  const kinds = room.isDirect ? KINDS.filter(each => each !== 'link') : KINDS
  return (
    <Frame title={words.gallery.title}>
      <div className="gallery-head">
        <div className="switch" role="group" aria-label={words.gallery.title}>
          {kinds.map(each => (
            <button key={each} type="button" aria-pressed={each === kind} onClick={() => setKind(each)}>
              {words.gallery.kinds[each]}
            </button>
          ))}
        </div>
        <input
          type="search"
          value={typed}
          placeholder={words.gallery.find}
          aria-label={words.gallery.find}
          onChange={event => setTyped(event.currentTarget.value)}
        />
      </div>
      <List key={kind} room={room} kind={kind} typed={folded(typed.trim())} />
    </Frame>
  )
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

interface ListProps {
  readonly room: Room
  readonly kind: GalleryKind
  /** Folded; empty for everything. */
  readonly typed: string
}

interface Item {
  readonly message: Message
  readonly name: string
  readonly file?: Attachment
  readonly link?: string
}

function List({ room, kind, typed }: ListProps) {
  const words = useWords()
  const gallery = useObservable(room.gallery(kind))
  const { messages, hasMore, isLoading, error } = gallery
  const all = messages.flatMap(message => itemsOf(message, kind))
  const found = typed === '' ? all : all.filter(({ name }) => folded(name).includes(typed))
  const isLooking = typed !== '' && found.length === 0 && messages.length < MOST_LOOKED_THROUGH
  const wants = error === undefined && hasMore && !isLoading && (messages.length === 0 || isLooking)
  useEffect(() => {
    if (wants) void gallery.more()
  }, [gallery, wants])
  return (
    <div className="scrolled gallery">
      {found.length > 0 && (
        <ul className={kind === 'visual' ? 'pictures' : 'rows'}>
          {found.map(item => (
            <li key={`${item.message.seq}/${item.file?.id ?? item.link}`}>
              <Entry item={item} room={room} />
            </li>
          ))}
        </ul>
      )}
      {found.length === 0 && !isLoading && error === undefined && (
        <p className="quiet empty" role="status">
          {typed === '' ? words.gallery.none[kind] : words.gallery.nothing}
        </p>
      )}
      {isLoading && <p className="quiet empty">{words.loading}</p>}
      {error !== undefined && (
        <p className="error" role="alert">
          {error === 'offline' ? words.noConnection : refusalText(words, error)}
        </p>
      )}
      {hasMore && !isLoading && (messages.length > 0 || error !== undefined) && (
        <button type="button" onClick={() => void gallery.more()}>
          {error === undefined ? words.gallery.more : words.again}
        </button>
      )}
    </div>
  )
}

function itemsOf(message: Message, kind: GalleryKind): readonly Item[] {
  if (kind === 'link') return linksIn(message).map(link => ({ message, name: link, link }))
  const files = message.attachments ?? []
  return files
    .filter(file => (kind === 'visual') === isVisual(file))
    .map(file => ({ message, name: `${file.name} ${file.alt ?? ''}`, file }))
}

function isVisual(file: Attachment): boolean {
  return isPicture(file) || kindOfFile(file) === 'video'
}

function Entry({ item: { message, file, link }, room }: { item: Item; room: Room }) {
  const app = useApp()
  const words = useWords()
  const locale = useLocale()
  if (file && isPicture(file))
    return <Thumb file={file} onOpen={() => app.route.open(`picture/${message.seq}/${file.id}`)} />
  if (file?.width !== undefined)
    return <Thumb file={file} onOpen={() => showInRoom(app, room, message.seq)} />
  return (
    <>
      {file ? (
        <FileHead file={file} />
      ) : (
        <a href={link} target="_blank" rel="noreferrer noopener" className="gallery-link">
          <bdi>{link}</bdi>
        </a>
      )}
      <button type="button" className="link" onClick={() => showInRoom(app, room, message.seq)}>
        {words.viewer.by(message.author.username, shortDay(locale, message.at))}
      </button>
    </>
  )
}

/** A picture, or the poster of a video. */
function Thumb({ file, onOpen }: { file: Attachment; onOpen: () => void }) {
  const words = useWords()
  const { id, name, alt, placeholder } = file
  const isVideo = !isPicture(file)
  const blurred = placeholder === undefined ? undefined : placeholderImage(placeholder)
  return (
    <button
      type="button"
      className="plain picture"
      onClick={onOpen}
      title={name}
      style={blurred === undefined ? undefined : { backgroundImage: `url(${blurred})` }}
    >
      <img
        src={addressOf(id, 'thumb')}
        alt={alt ?? (isVideo ? words.files.video(name) : words.files.picture(name))}
        loading="lazy"
        decoding="async"
      />
      {isVideo && (
        <span className="video-mark">
          <CirclePlay size={28} />
        </span>
      )}
    </button>
  )
}
