import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayKey, startOfDay } from '../../src/clients/web/model/times.ts'

test('a day begins as its time zone says, even at one o’clock, after 23 or 25 hours', () => {
  const begins = (day: string, zone: string) =>
    new Date(startOfDay(day, { language: 'es', zone })).toISOString()
  assert.equal(begins('2026-11-28', 'UTC'), '2026-11-28T00:00:00.000Z')
  assert.equal(begins('2026-11-28', 'Pacific/Kiritimati'), '2026-11-27T10:00:00.000Z')
  assert.equal(begins('2026-11-28', 'Etc/GMT+12'), '2026-11-28T12:00:00.000Z')
  assert.equal(begins('2026-03-29', 'Europe/Madrid'), '2026-03-28T23:00:00.000Z')
  assert.equal(begins('2026-03-30', 'Europe/Madrid'), '2026-03-29T22:00:00.000Z')
  assert.equal(begins('2026-10-26', 'Europe/Madrid'), '2026-10-25T23:00:00.000Z')
  assert.equal(begins('2026-09-06', 'America/Santiago'), '2026-09-06T04:00:00.000Z')
  assert.equal(begins('2018-11-04', 'America/Sao_Paulo'), '2018-11-04T03:00:00.000Z')
  assert.equal(begins('2018-02-18', 'America/Sao_Paulo'), '2018-02-18T03:00:00.000Z')
})

test('over years of clock changes, a day’s first millisecond is its first', () => {
  for (const zone of [
    'Europe/Madrid',
    'America/Santiago',
    'America/Sao_Paulo',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
  ])
    for (let day = Temporal.PlainDate.from('2018-01-01'); day.year < 2019; day = day.add({ days: 1 })) {
      const locale = { language: 'es', zone }
      const start = startOfDay(`${day}`, locale)
      assert.equal(dayKey(locale, start), `${day}`, zone)
      assert.equal(dayKey(locale, start - 1), `${day.subtract({ days: 1 })}`, zone)
    }
})
