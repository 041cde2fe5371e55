import { Children, useEffect, useRef, useState } from 'react'
import { highlight, highlightNow, type Run } from './highlight.ts'

export interface CodeWords {
  /** Of the button that copies a piece of code, and of the same when it has. */
  readonly copy: string
  readonly copied: string
}

/** Code between fences. Plain at first; the colours change nothing but colours. */
export function Fence({ code, language, words }: { code: string; language: string; words: CodeWords }) {
  const codeElement = useRef<HTMLElement>(null)
  const runs = useColours(code, language)
  return (
    <figure className="code" dir="ltr">
      <figcaption>
        {language && <bdi className="language">{language}</bdi>}
        <CopyButton copy={() => copy(code, codeElement.current)} words={words} />
      </figcaption>
      <pre>
        <code ref={codeElement}>{runs ? Children.toArray(runs.map(renderRun)) : code}</code>
      </pre>
    </figure>
  )
}

function renderRun({ text, tint }: Run) {
  return tint ? <span className={`tint-${tint}`}>{text}</span> : text
}

function useColours(code: string, language: string): readonly Run[] | undefined {
  const [highlighted, setHighlighted] = useState<{ code: string; runs: readonly Run[] | undefined }>()
  const now = language === '' ? undefined : highlightNow(code, language)
  const isKnown = now !== undefined || language === ''
  useEffect(() => {
    if (isKnown) return
    let isShown = true
    const show = (runs: readonly Run[] | undefined) => isShown && setHighlighted({ code, runs })
    // Offline, or a new version took the chunk's place: code without colours is code too.
    highlight(code, language).then(show, () => {})
    return () => {
      isShown = false
    }
  }, [code, language, isKnown])
  return now ?? (highlighted?.code === code ? highlighted.runs : undefined)
}

/** For so long the button says that it has copied. */
const COPIED_MS = 2000

function CopyButton({ copy, words }: { copy: () => Promise<boolean>; words: CodeWords }) {
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(setCopied, COPIED_MS, false)
    return () => clearTimeout(timer)
  }, [isCopied])
  return (
    <button type="button" className="copy" aria-live="polite" onClick={async () => setCopied(await copy())}>
      {isCopied ? words.copied : words.copy}
    </button>
  )
}

/** @returns whether it is in the clipboard. Else the code is selected, so that a key copies it. */
async function copy(code: string, codeElement: HTMLElement | null): Promise<boolean> {
  try {
    // Not there on a page without TLS (--lan), and refused to some frames.
    await navigator.clipboard.writeText(code)
    return true
  } catch {
    if (codeElement) getSelection()?.selectAllChildren(codeElement)
    return document.execCommand('copy')
  }
}
