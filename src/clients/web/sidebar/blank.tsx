import type { IconProps } from '../ui/icon.tsx'

/** Takes an icon's place in a menu whose other items have one. */
export function Blank({ size }: IconProps) {
  return <svg width={size} height={size} aria-hidden="true" />
}
