// lucide's icons, which vite.config.ts turns into components.

declare module '~icons/*' {
  export default function (props: import('./ui/icon.tsx').IconProps): import('react').ReactNode
}
