// A file as its name, size and icon.

import type { ReactNode } from 'react'
import Download from '~icons/download'
import type { Attachment } from '../../../wire/attachment-schemas.ts'
import { sizeText } from '../../../wording/sizes.ts'
import { useWords } from '../app.tsx'
import { useLocale } from '../ui/locale.ts'
import { addressOf, downloadOf } from './addresses.ts'
import { FileIcon } from './file-icon.tsx'
import { extensionOf, kindOfFile } from './file-kind.ts'
import './file-card.css'

interface CardProps {
  readonly file: Attachment
  /** Below the name. */
  readonly children?: ReactNode
}

export default function FileCard({ file, children }: CardProps) {
  return (
    <div className="file-card">
      <FileHead file={file} />
      {children}
    </div>
  )
}

/** What a browser shows in a tab of its own. Anything else is downloaded. */
const OPENED: ReadonlySet<string> = new Set(['text', 'video', 'audio', 'picture'])

export function FileHead({ file }: { file: Attachment }) {
  const words = useWords()
  const { language } = useLocale()
  const { id, name, size, alt } = file
  const kind = kindOfFile(file)
  const label =
    kind === 'other' ? extensionOf(name).toUpperCase() || words.files.kinds.other : words.files.kinds[kind]
  return (
    <div className="file-head">
      <span className={`file-icon is-${kind}`}>
        <FileIcon kind={kind} name={name} />
      </span>
      <span className="about">
        {OPENED.has(kind) ? (
          <a href={addressOf(id)} target="_blank" rel="noreferrer">
            <bdi>{name}</bdi>
          </a>
        ) : (
          <a href={downloadOf(id)} download={name}>
            <bdi>{name}</bdi>
          </a>
        )}
        <small className="quiet">
          {label} · {sizeText(language, size)}
          {alt !== undefined && ` · ${alt}`}
        </small>
      </span>
      <a
        className="download"
        href={downloadOf(id)}
        download={name}
        aria-label={words.files.download(name)}
        title={words.files.download(name)}
      >
        <Download size={18} />
      </a>
    </div>
  )
}
