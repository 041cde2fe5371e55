// The page in Spanish and in English, without a sentence of the other.

import assert from 'node:assert/strict'
import { web as en } from '../../src/wording/web-en.ts'
import { web as es, type WebWords } from '../../src/wording/web-es.ts'
import { stories } from '../tools/browser.ts'
import { patiently } from '../tools/patiently.ts'
import type { Person } from '../tools/person.ts'

const story = stories()

/** The path of each sentence, and the sentence; functions are left out. */
function sentencesOf(words: unknown, path = ''): Map<string, string> {
  if (typeof words === 'string') return new Map([[path, words]])
  if (typeof words !== 'object' || words === null) return new Map()
  return new Map(Object.entries(words).flatMap(([key, each]) => [...sentencesOf(each, `${path}.${key}`)]))
}

const [spanish, english] = [sentencesOf(es), sentencesOf(en)]

/** Every visible text or label on the page that only the other language has. */
async function strangers(person: Person, words: WebWords): Promise<string[]> {
  const texts = await person.page.evaluate<string[]>(SAID)
  const [own, other] = words === es ? [spanish, english] : [english, spanish]
  const ours = new Set([...own.values(), 'Español', 'English'])
  const theirs = new Set(other.values())
  return texts.filter(each => /undefined|\[object/.test(each) || (theirs.has(each) && !ours.has(each)))
}

/** All texts, labels, titles and placeholders. */
const SAID = `[...document.querySelectorAll('body *')].flatMap(element => [
  ...['aria-label', 'title', 'placeholder'].map(name => element.getAttribute(name) ?? ''),
  ...[...element.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ data }) => data.trim()),
]).filter(each => each !== '')`

async function speaks(person: Person, words: WebWords): Promise<void> {
  await patiently(
    async () =>
      (await person.page.evaluate('document.documentElement.lang')) === (words === es ? 'es' : 'en'),
    () => `${person.username}'s page never said what it speaks`,
  )
  assert.deepEqual(await strangers(person, words), [])
}

for (const [locale, words] of [
  ['es-CO', es],
  ['en-GB', en],
] as const) {
  story(`a browser in ${locale} gets its language, all over the page`, async stage => {
    const ana = await stage.comes({ locale })
    await ana.reads(words.entry.firstRun)
    await speaks(ana, words)
    await ana.registers('ana')
    await ana.write('hola')
    await ana.sees('hola')
    await ana.message('hola').hover()
    await speaks(ana, words)
    const hashes = [
      'members',
      'pins',
      'search',
      'person/ana',
      'settings/look',
      'settings/notices',
      'settings/profile',
      'settings/sessions',
      'settings/password',
      'keys',
      'rooms',
      'direct',
      'people',
      'people/invitations',
      'level',
      'date',
      'room',
      'move',
    ]
    for (const hash of hashes) {
      await ana.goes(`/r/general#${hash}`)
      await ana.page.getByRole('dialog').or(ana.page.getByRole('complementary')).first().waitFor()
      await speaks(ana, words)
    }
    assert.deepEqual(
      [...spanish.keys()].filter(key => spanish.get(key) === ''),
      [...english.keys()].filter(key => english.get(key) === ''),
    )
  })
}

story(
  'the language can be changed before log-in and in the settings; it changes everywhere at once, and stays',
  async stage => {
    const ana = await stage.comes()
    await ana.reads(es.entry.firstRun)
    await ana.page.getByRole('button', { name: 'English' }).click()
    await ana.reads(en.entry.firstRun)
    await speaks(ana, en)
    ana.words = en
    await ana.registers('ana')
    await speaks(ana, en)
    await ana.button(en.settings.title).click()
    await ana.dialog(en.settings.title).getByLabel('Español').check()
    await ana.dialog(es.settings.title).waitFor()
    await speaks(ana, es)
    ana.words = es
    await ana.page.reload()
    await ana.dialog(es.settings.title).waitFor()
    await speaks(ana, es)
  },
)
