// A button of which one sees an icon alone: its label is its name and its tooltip.

import type { ComponentProps, ComponentType } from 'react'
import type { IconProps } from './icon.tsx'

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label' | 'children'> {
  readonly icon: ComponentType<IconProps>
  readonly label: string
  /** Of the icon, in pixels. */
  readonly size: number
}

export function IconButton({ icon: Icon, label, size, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={className === undefined ? 'icon' : `icon ${className}`}
    >
      <Icon size={size} />
    </button>
  )
}
