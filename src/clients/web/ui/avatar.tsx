// The first letter of a username, on a colour of its own.

import './avatar.css'

const HUES = 24

export function Avatar({
  id,
  username,
  size = 36,
}: {
  id: number
  username: string
  size?: 20 | 28 | 36 | 64
}) {
  const [letter = '?'] = username.toUpperCase()
  return (
    <span className={`avatar s${size} hue${(id * 7) % HUES}`} aria-hidden="true">
      {letter}
    </span>
  )
}
