// An emoji is one, however a keyboard writes it.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { Refusal } from '../../src/core/model/refusals.ts'
import { checkEmoji } from '../../src/core/model/rules.ts'
import { ROOT } from '../tools/root.ts'

const ONE = /^\p{RGI_Emoji}$/v

/** All that the web app's picker offers, with their tones of skin. */
async function emojis(): Promise<string[]> {
  const data: readonly { emoji: string; skins?: readonly { emoji: string }[] }[] = JSON.parse(
    await readFile(join(ROOT, 'node_modules/emojibase-data/en/data.json'), 'utf8'),
  )
  const all = data.flatMap(({ emoji, skins = [] }) => [emoji, ...skins.map(skin => skin.emoji)])
  return all.filter(each => ONE.test(each))
}

/** All ways to put U+FE0F behind its code points, or not. */
function waysToWrite(emoji: string): string[] {
  const points = [...emoji.replaceAll('\ufe0f', '')]
  return points.reduce<string[]>(
    (ways, point) => ways.flatMap(way => [way + point, `${way}${point}\ufe0f`]),
    [''],
  )
}

test('with U+FE0F or without it, where it belongs or not: each emoji is stored in one form', async () => {
  const all = await emojis()
  assert.ok(all.length > 3000, `${all.length}`)
  for (const emoji of all) {
    assert.equal(checkEmoji(emoji), emoji)
    assert.equal(checkEmoji(emoji.replaceAll('\ufe0f', '')), emoji)
    const ways = waysToWrite(emoji.length < 12 ? emoji : '👍')
    for (const way of ways) assert.match(checkEmoji(way), ONE)
    assert.equal(new Set(ways.map(checkEmoji)).size, 1, emoji)
  }
})

test('thumbs, fingers and flags', () => {
  for (const [typed, stored] of [
    ['👍\ufe0f', '👍'],
    ['☝🏽\ufe0f', '☝🏽'],
    ['☝\ufe0f🏽', '☝🏽'],
    ['🏳\u200d🌈', '🏳️‍🌈'],
    ['🏴\u200d☠', '🏴‍☠️'],
    ['🇪🇸\ufe0f', '🇪🇸'],
    ['1\u20e3', '1️⃣'],
    ['❤', '❤️'],
    [' ❤\ufe0e ', '❤️'],
  ] as const)
    assert.equal(checkEmoji(typed), stored)
  for (const typed of ['', 'a', '1', '👍👍', '\ufe0f', '©', '🏽👍', '👍a'])
    if (typed === '©') assert.equal(checkEmoji(typed), '©️')
    else assert.throws(() => checkEmoji(typed), Refusal, typed)
})
