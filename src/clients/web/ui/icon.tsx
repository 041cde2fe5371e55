// The frame of all icons. vite.config.ts puts each drawing into one: `import Users from '~icons/users'`.

import type { ReactNode } from 'react'

export interface IconProps {
  /** Pixels. */
  readonly size?: number
  /** Needed unless a text beside the icon says the same: without it the icon is hidden from screen readers. */
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
