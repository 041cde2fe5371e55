// A text or a program with its first lines, which are read when it comes near the window.

import { useEffect, useRef, useState } from 'react'
import type { Attachment } from '../../../wire/attachment-schemas.ts'
import { useWords } from '../app.tsx'
import { Coloured } from '../markup/code.tsx'
import { addressOf } from './addresses.ts'
import FileCard from './file-card.tsx'
import { extensionOf } from './file-kind.ts'
import './text-preview.css'

/** What is read of a file, in bytes. */
const BEGINNING = 1024
const MOST_LINES = 6
/** How far from the window reading begins. */
const NEAR = '600px'

export default function TextPreview({ file }: { file: Attachment }) {
  const words = useWords()
  const box = useRef<HTMLPreElement>(null)
  const { lines, isUnreadable } = useFirstLines(file, box)
  return (
    <FileCard file={file}>
      <pre
        ref={box}
        className="first-lines"
        role="group"
        aria-label={words.files.firstLines(file.name)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled with the keyboard
        tabIndex={0}
        dir="auto"
      >
        {isUnreadable ? (
          <span className="quiet">{words.files.notRead}</span>
        ) : (
          <code>
            <Coloured code={lines} language={extensionOf(file.name)} />
          </code>
        )}
      </pre>
    </FileCard>
  )
}

function useFirstLines(
  { id, size }: Attachment,
  box: React.RefObject<HTMLElement | null>,
): { readonly lines: string; readonly isUnreadable: boolean } {
  const [lines, setLines] = useState('')
  const [isUnreadable, setUnreadable] = useState(false)
  useEffect(() => {
    if (!box.current) return
    const stopped = new AbortController()
    const seen = new IntersectionObserver(
      ([entry]) => {
        if (!entry?.isIntersecting) return
        seen.disconnect()
        readBeginning(id, size, stopped.signal).then(
          setLines,
          () => stopped.signal.aborted || setUnreadable(true),
        )
      },
      { rootMargin: NEAR },
    )
    seen.observe(box.current)
    return () => {
      seen.disconnect()
      stopped.abort()
    }
  }, [id, size, box])
  return { lines, isUnreadable }
}

async function readBeginning(id: string, size: number, signal: AbortSignal): Promise<string> {
  const last = Math.min(size, BEGINNING) - 1
  const answer = await fetch(addressOf(id), { headers: { Range: `bytes=0-${last}` }, signal })
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`)
  // The last letter may be cut.
  const text = (await answer.text()).replace(/\uFFFD+$/, '')
  return text.replace(/\r\n?/g, '\n').split('\n').slice(0, MOST_LINES).join('\n')
}
