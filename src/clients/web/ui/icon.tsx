// What all icons have in common. vite.config.ts draws each in one of these: `import Users from '~icons/users'`.

import type { ReactNode } from 'react'

export interface IconProps {
  /** Pixels. */
  readonly size?: number
  /** Where no text beside it says the same: without it, only eyes get to know of the icon. */
  readonly 'aria-label'?: string
}

interface Drawn extends IconProps {
  readonly children: ReactNode
}

export function Icon({ size = 24, 'aria-label': label, children }: Drawn) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      role="img"
      aria-label={label}
      aria-hidden={label === undefined}
    >
      {children}
    </svg>
  )
}
