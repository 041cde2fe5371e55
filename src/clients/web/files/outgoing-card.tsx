// A file on its way: what it is, how far it is, what went wrong, and the buttons for that.

import { type ReactNode, useEffect, useRef } from 'react'
import RotateCw from '~icons/rotate-cw'
import TriangleAlert from '~icons/triangle-alert'
import X from '~icons/x'
import { sizeText } from '../../../wording/sizes.ts'
import { useApp, useWords } from '../app.tsx'
import type { OutgoingFile } from '../model/outgoing-file.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { useLocale } from '../ui/locale.ts'
import { refusalText, type Words } from '../words.ts'
import { FileIcon } from './file-icon.tsx'
import { kindOf } from './file-kind.ts'
import { useThumbnail } from './use-thumbnail.ts'
import './outgoing-card.css'

interface CardProps {
  readonly file: OutgoingFile
  readonly onRemove: () => void
  readonly onRetry: () => void
  /** Before the buttons. */
  readonly children?: ReactNode
}

export function OutgoingCard({ file, onRemove, onRetry, children }: CardProps) {
  const words = useWords()
  const { language } = useLocale()
  const { name, size, sent, isReady, failed } = file
  const why = failed === undefined ? undefined : failureText(words, failed)
  return (
    <div className={`outgoing${why === undefined ? '' : ' failed'}`}>
      <Thumbnail file={file} />
      <span className="about">
        <bdi title={name}>{name}</bdi>
        {why === undefined ? (
          <small className="quiet">
            {stateText(words, file)}
            {isReady && ` · ${sizeText(language, size)}`}
          </small>
        ) : (
          <small className="error">
            <TriangleAlert size={13} /> {why}
          </small>
        )}
      </span>
      {children}
      {failed !== undefined && failed !== 'gone' && (
        <IconButton icon={RotateCw} size={16} label={words.files.retry(name)} onClick={onRetry} />
      )}
      <IconButton icon={X} size={16} label={words.files.remove(name)} onClick={onRemove} />
      {!isReady && why === undefined && (
        <progress max={Math.max(1, size)} value={sent} aria-label={words.files.progress(name)} />
      )}
    </div>
  )
}

export function failureText(words: Words, code: string): string {
  return code === 'gone' ? words.files.gone : refusalText(words, code)
}

function stateText(words: Words, { isReady, upload, sent, size }: OutgoingFile): string {
  if (isReady) return words.files.ready
  if (upload === undefined) return words.files.waiting
  if (sent >= size) return words.files.preparing
  return words.files.uploading(Math.floor((100 * sent) / Math.max(1, size)))
}

function Thumbnail({ file }: { file: OutgoingFile }) {
  const { chat } = useApp()
  const { id, name, type } = file
  const kind = kindOf(type)
  const bitmap = useThumbnail(kind === 'picture' ? chat.files.blob(id) : undefined)
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (bitmap) canvas.current?.getContext('2d')?.drawImage(bitmap, 0, 0)
  }, [bitmap])
  if (bitmap) return <canvas ref={canvas} className="thumbnail" width={bitmap.width} height={bitmap.height} />
  return (
    <span className="thumbnail">
      <FileIcon kind={kind} name={name} size={22} />
    </span>
  )
}
