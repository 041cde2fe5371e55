// What vite.config.ts makes of lucide's icons.

declare module '~icons/*' {
  export default function (props: import('./ui/icon.tsx').IconProps): import('react').ReactNode
}
