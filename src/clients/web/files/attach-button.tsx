// The buttons that choose files, take a photograph, and record. A phone has room for one, which opens a menu.

import { type ChangeEvent, useRef, useState } from 'react'
import Chart from '~icons/chart-bar-big'
import Mic from '~icons/mic'
import Paperclip from '~icons/paperclip'
import { useApp, useWords } from '../app.tsx'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { lazyWithRetry } from '../ui/lazy.ts'
import { attachFiles } from './attach.ts'

const AttachMenu = lazyWithRetry(() => import('./attach-menu.tsx'))

interface AttachProps {
  readonly draft: string
  /** There is one composer with shortcuts on the page. */
  readonly hasShortcut: boolean
  readonly onRecord: () => void
  /** Missing where nobody asks. */
  readonly onPoll?: (() => void) | undefined
}

export function AttachButtons({ draft, hasShortcut, onRecord, onPoll }: AttachProps) {
  const app = useApp()
  const words = useWords()
  const picker = useRef<HTMLInputElement>(null)
  const camera = useRef<HTMLInputElement>(null)
  const [menu, setMenu] = useState<HTMLElement>()
  const onChange = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    attachFiles(app, draft, [...(currentTarget.files ?? [])])
    currentTarget.value = '' // the same file may be chosen again
  }
  const title = hasShortcut ? `${words.files.attach} (Ctrl U)` : words.files.attach
  return (
    <>
      <input ref={picker} type="file" multiple hidden onChange={onChange} />
      <input ref={camera} type="file" accept="image/*" capture="environment" hidden onChange={onChange} />
      <IconButton
        icon={Paperclip}
        size={20}
        label={words.files.attach}
        id={hasShortcut ? 'attach' : undefined}
        onClick={({ currentTarget }) =>
          matchMedia('(pointer: coarse)').matches ? setMenu(currentTarget) : picker.current?.click()
        }
        title={title}
      />
      <IconButton icon={Mic} size={20} label={words.files.record} className="record" onClick={onRecord} />
      {onPoll && (
        <IconButton icon={Chart} size={20} label={words.poll.title} className="record" onClick={onPoll} />
      )}
      <ErrorBoundary>
        {menu && (
          <AttachMenu
            anchor={menu}
            onFiles={() => picker.current?.click()}
            onCamera={() => camera.current?.click()}
            onRecord={onRecord}
            onPoll={onPoll}
            onClose={() => setMenu(undefined)}
          />
        )}
      </ErrorBoundary>
    </>
  )
}
