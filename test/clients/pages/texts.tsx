// A page that renders texts as the app does, and reports to xss.test.ts what they became.

import { Children } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { Text } from '../../../src/clients/web/markup/text.tsx'
import type { Examined } from './examined.ts'

const words = {
  ...{ copy: 'Copiar', copied: 'Copiado', externalLink: 'Se abre en otra pestaña' },
  ...{ spoiler: 'Oculto', table: 'Tabla' },
}

// Everything that a text may become: a list of what it must not become would never be complete.
const ELEMENTS = new Set(
  [
    'a bdi blockquote br button code div em figcaption figure li ol p pre s span strong',
    'section table tbody td th thead tr ul input',
  ].flatMap(line => line.split(' ')),
)
const ATTRIBUTES = new Set(
  [
    'aria-hidden aria-label aria-live checked class data-formula dir disabled href inert rel tabindex target title type',
    'value',
  ].flatMap(line => line.split(' ')),
)
/** Formulas: of the elements and attributes that formula.tsx lets through, none leads or loads anything. */
const MATHML = 'http://www.w3.org/1998/Math/MathML'
const CLASS = /^[a-z]+(?:-[a-z]+)?(?: [a-z]+)?$/

declare global {
  interface Window {
    show(texts: readonly string[]): Promise<readonly Examined[]>
  }
}

const main = document.querySelector('main')
if (!main) throw new Error('the page has no main')
const root = createRoot(main)

window.show = async texts => {
  flushSync(() => root.render(Children.toArray(texts.map(article))))
  // By then everything has been loaded, has failed, or has been painted.
  await new Promise(resolve => requestIdleCallback(resolve))
  return [...document.querySelectorAll('article')].map(examine)
}

function article(text: string) {
  return (
    <article>
      <Text text={text} format="markdown" me="ana" words={words} onRoom={() => {}} />
      <Text text={text} format="plain" me="ana" words={words} onRoom={() => {}} />
    </article>
  )
}

function examine(article: HTMLElement): Examined {
  const elements = [...article.querySelectorAll('*')]
  const links = [...article.querySelectorAll('a')]
  const text = article.firstElementChild ?? article
  for (const button of article.querySelectorAll('button')) button.click()
  return {
    forbidden: elements.flatMap(forbidden),
    hrefs: links.map(clicked),
    overhang: text.scrollWidth - text.clientWidth,
    overflow: getComputedStyle(text).overflow,
  }
}

function forbidden(element: Element): string[] {
  if (element.namespaceURI === MATHML) return element.hasAttribute('href') ? ['href in MathML'] : []
  const name = element.tagName.toLowerCase()
  const attributes = [...element.attributes]
    .filter(({ name, value }) => !ATTRIBUTES.has(name) || (name === 'class' && !CLASS.test(value)))
    .map(({ name, value }) => `${name}=${value}`)
  return ELEMENTS.has(name) ? attributes : [name, ...attributes]
}

/** Where a click would have led. */
function clicked(link: HTMLAnchorElement): string {
  let href = 'nowhere'
  const hold = (event: MouseEvent) => {
    event.preventDefault()
    const target = event.composedPath().find(each => each instanceof HTMLAnchorElement)
    href = target?.href ?? href
  }
  addEventListener('click', hold, { once: true })
  link.click()
  return href
}
