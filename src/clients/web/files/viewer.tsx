// Pictures as large as the window, one after the other.

import { Dialog as BaseDialog } from '@base-ui/react/dialog'
import { type KeyboardEvent, useEffect, useState } from 'react'
import ChevronLeft from '~icons/chevron-left'
import ChevronRight from '~icons/chevron-right'
import CirclePause from '~icons/circle-pause'
import CirclePlay from '~icons/circle-play'
import Download from '~icons/download'
import Maximize from '~icons/maximize'
import X from '~icons/x'
import ZoomIn from '~icons/zoom-in'
import ZoomOut from '~icons/zoom-out'
import { useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { dayAndTime } from '../model/times.ts'
import { useFocusRestore } from '../ui/focus.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { useLocale } from '../ui/locale.ts'
import { addressOf, downloadOf } from './addresses.ts'
import { placeholderImage } from './placeholder.ts'
import { useAnimation } from './use-animation.ts'
import { type ShownPicture, usePictures } from './use-pictures.ts'
import { useZoom } from './use-zoom.ts'
import './viewer.css'

/** From here on, the picture itself is shown instead of the one that fits a screen. */
const CLOSE = 1.4

interface ViewerProps {
  readonly room: Room
  /** The message and the file at which one begins. */
  readonly seq: number
  readonly file: string
}

export default function Viewer({ room, seq, file }: ViewerProps) {
  const { route } = useApp()
  const pictures = usePictures(room, seq)
  const at = pictures?.findIndex(({ message, picture }) => message.seq === seq && picture.id === file) ?? -1
  const shown = pictures?.[at]
  const isGone = pictures !== undefined && shown === undefined
  useEffect(() => {
    if (isGone) route.close()
  }, [isGone, route])
  if (!pictures || !shown) return null
  const go = (by: -1 | 1) => {
    const next = pictures[at + by]
    if (next) route.open(`picture/${next.message.seq}/${next.picture.id}`)
  }
  return <OpenViewer shown={shown} at={at} pictures={pictures} onGo={go} />
}

interface OpenProps {
  readonly shown: ShownPicture
  readonly at: number
  readonly pictures: readonly ShownPicture[]
  readonly onGo: (by: -1 | 1) => void
}

function OpenViewer({ shown: { message, picture }, at, pictures, onGo }: OpenProps) {
  const { route } = useApp()
  const words = useWords()
  const locale = useLocale()
  const { onFocus, finalFocus } = useFocusRestore()
  const zoom = useZoom({ picture: picture.id, swiped: onGo })
  const count = words.viewer.count(at + 1, pictures.length)
  const about = words.viewer.by(message.author.username, dayAndTime(locale, message.at))
  const onKey = (event: KeyboardEvent) => {
    const act = KEYS[event.key]
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    act({ ...zoom, go: onGo })
  }
  return (
    <BaseDialog.Root open onOpenChange={open => open || route.close()}>
      <BaseDialog.Portal>
        <BaseDialog.Popup className="viewer" onFocus={onFocus} finalFocus={finalFocus} onKeyDown={onKey}>
          <header>
            <div className="about">
              <BaseDialog.Title>
                <bdi>{picture.name}</bdi>
              </BaseDialog.Title>
              <small>
                {pictures.length > 1 && `${count} · `}
                {about}
              </small>
            </div>
            <IconButton icon={ZoomOut} size={20} label={words.viewer.farther} onClick={zoom.farther} />
            <IconButton icon={ZoomIn} size={20} label={words.viewer.closer} onClick={zoom.closer} />
            <IconButton icon={Maximize} size={20} label={words.viewer.fit} onClick={zoom.fit} />
            <a
              className="icon"
              href={downloadOf(picture.id)}
              download={picture.name}
              aria-label={words.files.download(picture.name)}
              title={words.files.download(picture.name)}
            >
              <Download size={20} />
            </a>
            <BaseDialog.Close className="icon" aria-label={words.close} title={words.close}>
              <X size={22} />
            </BaseDialog.Close>
          </header>
          <div className="stage" ref={zoom.stage}>
            <Shown key={picture.id} picture={picture} zoom={zoom.zoom} />
            {at > 0 && (
              <button
                type="button"
                className="icon turn back"
                onClick={() => onGo(-1)}
                aria-label={words.viewer.previous}
              >
                <ChevronLeft size={28} />
              </button>
            )}
            {at < pictures.length - 1 && (
              <button
                type="button"
                className="icon turn on"
                onClick={() => onGo(1)}
                aria-label={words.viewer.next}
              >
                <ChevronRight size={28} />
              </button>
            )}
          </div>
          {picture.alt !== undefined && <p className="caption">{picture.alt}</p>}
          <p className="visually-hidden" aria-live="polite">
            {pictures.length > 1 && `${count}: ${picture.alt ?? picture.name}`}
          </p>
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  )
}

interface KeyTarget extends Pick<ReturnType<typeof useZoom>, 'closer' | 'farther' | 'fit'> {
  readonly go: (by: -1 | 1) => void
}

const KEYS: Readonly<Record<string, (target: KeyTarget) => void>> = {
  ArrowLeft: ({ go }) => go(-1),
  ArrowRight: ({ go }) => go(1),
  '+': ({ closer }) => closer(),
  '-': ({ farther }) => farther(),
  '0': ({ fit }) => fit(),
}

function Shown({
  picture,
  zoom: { scale, x, y },
}: {
  picture: ShownPicture['picture']
  zoom: ReturnType<typeof useZoom>['zoom']
}) {
  const words = useWords()
  const [failed, setFailed] = useState(false)
  const [isLoaded, setLoaded] = useState(false)
  const { isAnimated, isMoving, toggle } = useAnimation(picture)
  const [isWhole, setWhole] = useState(false)
  const { id, name, alt, width, height, placeholder } = picture
  useEffect(() => {
    if (scale > CLOSE) setWhole(true)
  }, [scale])
  if (failed) return <p role="alert">{words.viewer.failed}</p>
  const blurred = placeholder === undefined ? undefined : placeholderImage(placeholder)
  const size = isMoving ? undefined : isAnimated ? 'thumb' : isWhole ? undefined : 'screen'
  const label = isMoving ? words.files.still : words.files.animate
  return (
    <>
      <img
        src={addressOf(id, size)}
        alt={alt ?? words.files.picture(name)}
        draggable={false}
        style={{
          maxWidth: `max(${width}px, 6rem)`,
          maxHeight: `max(${height}px, 6rem)`,
          transform: `translate(${x}px, ${y}px) scale(${scale})`,
          ...(blurred !== undefined && !isLoaded && { backgroundImage: `url(${blurred})` }),
        }}
        onLoad={() => setLoaded(true)}
        onError={() => setFailed(true)}
      />
      {isAnimated && (
        <IconButton
          icon={isMoving ? CirclePause : CirclePlay}
          size={28}
          label={label}
          className="animate"
          onClick={toggle}
        />
      )}
    </>
  )
}
