// The files of a message, each as what it is. Nothing here changes its height once it is drawn: pictures and videos have
// the space that their width and height say, and all others a fixed one.

import type { Attachment } from '../../../wire/attachment-schemas.ts'
import { useWords } from '../app.tsx'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { lazyWithRetry } from '../ui/lazy.ts'
import { isPicture, kindOfFile } from './file-kind.ts'
import { PictureGrid } from './picture-grid.tsx'
import './attachments.css'

const FileCard = lazyWithRetry(() => import('./file-card.tsx'))
const VideoPlayer = lazyWithRetry(() => import('./video-player.tsx'))
const AudioPlayer = lazyWithRetry(() => import('./audio-player.tsx'))
const TextPreview = lazyWithRetry(() => import('./text-preview.tsx'))

interface AttachmentsProps {
  readonly files: readonly Attachment[]
  /** Opens the viewer at a picture of the message. */
  readonly onView: (id: string) => void
}

export function Attachments({ files, onView }: AttachmentsProps) {
  const words = useWords()
  const pictures = files.filter(isPicture)
  const others = files.filter(file => !isPicture(file))
  return (
    <div className="attachments" role="group" aria-label={words.files.list(files.length)}>
      {pictures.length > 0 && <PictureGrid pictures={pictures} onView={onView} />}
      {others.map(file => (
        <ErrorBoundary key={file.id}>
          <OtherFile file={file} />
        </ErrorBoundary>
      ))}
    </div>
  )
}

function OtherFile({ file }: { file: Attachment }) {
  switch (kindOfFile(file)) {
    case 'video':
      return <VideoPlayer file={file} fallback={<div className="file-space" />} />
    case 'audio':
      return <AudioPlayer file={file} fallback={<div className="file-space" />} />
    case 'text':
      return <TextPreview file={file} fallback={<div className="file-space" />} />
    default:
      return <FileCard file={file} fallback={<div className="file-space" />} />
  }
}
