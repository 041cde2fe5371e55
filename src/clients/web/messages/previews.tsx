// What the links of a message lead to, as their pages say it. Everything in it comes from strangers: the host is always
// named, and nothing is loaded from there.

import X from '~icons/x'
import type { LinkPreview } from '../../../wire/schemas.ts'
import { useWords } from '../app.tsx'
import './previews.css'

interface PreviewsProps {
  readonly links: readonly LinkPreview[]
  /** Missing for those who may not. */
  readonly onTakeOff?: ((url: string) => void) | undefined
}

export function Previews({ links, onTakeOff }: PreviewsProps) {
  const words = useWords()
  return (
    <ul className="previews" aria-label={words.previews.list(links.length)}>
      {links.map(link => (
        <li key={link.url} className="preview">
          <Card {...link} />
          {onTakeOff && (
            <button
              type="button"
              className="icon"
              onClick={() => onTakeOff(link.url)}
              aria-label={words.previews.takeOff(link.title ?? hostOf(link.url))}
              title={words.previews.remove}
            >
              <X size={16} />
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}

function Card({ url, title, description, site }: LinkPreview) {
  const words = useWords()
  const host = hostOf(url)
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow" title={words.text.externalLink}>
      <small className="quiet">
        {site !== undefined && <bdi className="site">{site}</bdi>}
        <bdi className="host" dir="ltr">
          {host}
        </bdi>
      </small>
      {title !== undefined && (
        <strong>
          <bdi>{title}</bdi>
        </strong>
      )}
      {description !== undefined && (
        <span className="description">
          <bdi>{description}</bdi>
        </span>
      )}
    </a>
  )
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? ''
}
