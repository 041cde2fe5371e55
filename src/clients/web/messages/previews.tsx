// What the links of a message lead to, as their pages say it. Everything in it comes from strangers: the host is always
// named, and nothing is loaded from there: pictures are our server's copies.

import X from '~icons/x'
import type { LinkPreview } from '../../../wire/attachment-schemas.ts'
import { useWords } from '../app.tsx'
import { addressOf } from '../files/addresses.ts'
import { placeholderImage } from '../files/placeholder.ts'
import { IconButton } from '../ui/icon-button.tsx'
import './previews.css'

type LinkPicture = NonNullable<LinkPreview['picture']>

interface PreviewsProps {
  readonly links: readonly LinkPreview[]
  /** Missing for those who may not. */
  readonly onTakeOff?: ((url: string) => void) | undefined
}

export default function Previews({ links, onTakeOff }: PreviewsProps) {
  const words = useWords()
  return (
    <ul className="previews" aria-label={words.previews.list(links.length)}>
      {links.map(link => (
        <li key={link.url} className="preview">
          <Card {...link} />
          {onTakeOff && (
            <IconButton
              icon={X}
              size={16}
              label={words.previews.takeOff(link.title ?? nameOf(link.url))}
              onClick={() => onTakeOff(link.url)}
              title={words.previews.remove}
            />
          )}
        </li>
      ))}
    </ul>
  )
}

function Card({ url, title, description, site, picture }: LinkPreview) {
  const words = useWords()
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow" title={words.text.externalLink}>
      <span className="said">
        <small className="quiet">
          {site !== undefined && <bdi className="site">{site}</bdi>}
          <bdi className="host" dir="ltr">
            {hostOf(url)}
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
      </span>
      {picture && <Picture {...picture} alt={title === undefined ? words.files.picture(nameOf(url)) : ''} />}
    </a>
  )
}

/** This many times as wide as high, it has a line of its own. */
const WIDE = 1.4
/** In pixels: smaller ones would be blurred there. */
const LARGE = 240

/** Our server's small copy, in a space that does not change when it comes. */
function Picture({ id, width, height, placeholder, alt }: LinkPicture & { alt: string }) {
  const blurred = placeholderImage(placeholder)
  const isLarge = alt !== '' || (width >= LARGE && width / height >= WIDE)
  return (
    <img
      className={isLarge ? 'large' : 'small'}
      src={addressOf(id)}
      alt={alt}
      width={width}
      height={height}
      loading="lazy"
      decoding="async"
      style={{
        ...(blurred !== undefined && { backgroundImage: `url(${blurred})` }),
        ...(isLarge && { aspectRatio: `${width} / ${height}` }),
      }}
    />
  )
}

/** The last part of a picture's address. */
function nameOf(url: string): string {
  return URL.parse(url)?.pathname.split('/').at(-1) ?? ''
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? ''
}
