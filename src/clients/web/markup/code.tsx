import { Children, useEffect, useRef, useState } from 'react'
import { highlight, highlightNow, type Run } from './highlight.ts'

export interface CodeWords {
  /** The labels of the button that copies code, before and after. */
  readonly copy: string
  readonly copied: string
}

/** A code block. It is plain until the colours have been computed, which change no layout. */
export function Fence({ code, language, words }: { code: string; language: string; words: CodeWords }) {
  const codeElement = useRef<HTMLElement>(null)
  return (
    <figure className="code" dir="ltr">
      <figcaption>
        {language && <bdi className="language">{language}</bdi>}
        <CopyButton copy={() => copy(code, codeElement.current)} words={words} />
      </figcaption>
      <pre>
        <code ref={codeElement}>
          <Coloured code={code} language={language} />
        </code>
      </pre>
    </figure>
  )
}

export function Coloured({ code, language }: { code: string; language: string }) {
  const runs = useColours(code, language)
  return runs ? Children.toArray(runs.map(renderRun)) : code
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
    // The chunk is missing offline and after an upgrade: then code stays plain.
    highlight(code, language).then(show, () => {})
    return () => {
      isShown = false
    }
  }, [code, language, isKnown])
  return now ?? (highlighted?.code === code ? highlighted.runs : undefined)
}

/** How long the button says that it has copied. */
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

/** @returns whether the code is in the clipboard; otherwise it is selected, so that a key copies it */
async function copy(code: string, codeElement: HTMLElement | null): Promise<boolean> {
  try {
    // Missing on a page without TLS (--lan), and refused in some frames.
    await navigator.clipboard.writeText(code)
    return true
  } catch {
    if (codeElement) getSelection()?.selectAllChildren(codeElement)
    return document.execCommand('copy')
  }
}
