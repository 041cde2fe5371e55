// One's picture, or that of a room: chosen, pasted or dropped, cropped, removed.

import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import ImagePlus from '~icons/image-plus'
import Trash from '~icons/trash'
import { attempt, useApp, useWords } from '../app.tsx'
import { filesIn } from '../files/attach.ts'
import type { Bearer } from '../model/avatars.ts'
import { usePicture } from '../ui/avatar.tsx'
import { Cropper } from './cropper.tsx'
import type { Square } from './cropping.ts'
import { cut, readPicture } from './read-picture.ts'
import './picture-field.css'

interface PictureFieldProps {
  readonly title: string
  readonly bearer: Bearer
  /** The picture as it is shown now. */
  readonly children: ReactNode
}

export function PictureField({ title, bearer, children }: PictureFieldProps) {
  const app = useApp()
  const words = useWords()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const chooser = useRef<HTMLButtonElement>(null)
  const has = usePicture(bearer) !== undefined
  const [chosen, setChosen] = useState<{ readonly picture: ImageBitmap; readonly key: number }>()
  const [isBusy, setBusy] = useState(false)
  const picture = chosen?.picture
  useEffect(() => () => picture?.close(), [picture])

  const take = async (file: Blob | undefined) => {
    if (!file || isBusy) return
    try {
      setChosen({ picture: await readPicture(file), key: performance.now() })
    } catch {
      app.toasts.add(words.avatar.unreadable, 'error')
    }
  }
  usePastedPicture(file => void take(file))

  const path = 'room' in bearer ? `/rooms/${bearer.room}/avatar` : '/me/avatar'
  const change = async (done: string, action: () => Promise<string | undefined>) => {
    setBusy(true)
    const isDone = await attempt(app, async () => {
      const avatar = await action()
      app.chat.avatars.hear({ ...bearer, ...(avatar !== undefined && { avatar }) })
      app.toasts.add(done)
    })
    setBusy(false)
    return isDone
  }
  const use = async (square: Square) => {
    if (!picture) return
    const isDone = await change(words.avatar.saved, async () => {
      const { client, api } = app.chat
      const upload = await client.upload(await cut(picture, square), { name: 'avatar.webp' })
      return (await api.do<{ avatar: string }>('PUT', path, { upload: upload.id })).avatar
    })
    if (isDone) close()
  }
  const remove = async () => {
    await change(words.avatar.removed, () => app.chat.api.do('DELETE', path))
    chooser.current?.focus()
  }
  const close = () => {
    setChosen(undefined)
    requestAnimationFrame(() => chooser.current?.focus())
  }

  return (
    <section
      className="picture-field"
      aria-labelledby={id}
      // A file that is dropped here is not sent to the room behind.
      data-draft=""
      onDrop={event => {
        const [file] = filesIn(event.dataTransfer)
        if (!file) return
        event.preventDefault()
        void take(file)
      }}
    >
      <h3 id={id}>{title}</h3>
      {chosen ? (
        <Cropper
          key={chosen.key}
          picture={chosen.picture}
          isBusy={isBusy}
          onUse={square => void use(square)}
          onCancel={close}
        />
      ) : (
        <div className="now">
          {children}
          <div className="buttons">
            <button
              ref={chooser}
              type="button"
              aria-describedby={`${id}hint`}
              onClick={() => input.current?.click()}
            >
              <ImagePlus size={18} />
              {has ? words.avatar.another : words.avatar.choose}
            </button>
            {has && (
              <button type="button" disabled={isBusy} onClick={() => void remove()}>
                <Trash size={18} />
                {words.avatar.remove}
              </button>
            )}
          </div>
          <small id={`${id}hint`} className="quiet">
            {words.avatar.hint}
          </small>
        </div>
      )}
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        onChange={({ currentTarget }) => {
          void take(currentTarget.files?.[0])
          currentTarget.value = '' // the same one may be chosen again
        }}
      />
    </section>
  )
}

/** A picture that is pasted anywhere on the page while the field is shown. */
function usePastedPicture(take: (file: File) => void): void {
  const latest = useRef(take)
  latest.current = take
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const files = event.clipboardData ? filesIn(event.clipboardData) : []
      const picture = files.find(({ type }) => type.startsWith('image/'))
      if (!picture) return
      event.preventDefault()
      latest.current(picture)
    }
    addEventListener('paste', paste, { capture: true })
    return () => removeEventListener('paste', paste, { capture: true })
  }, [])
}
