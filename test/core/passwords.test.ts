import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Passwords } from '../../src/core/people/passwords.ts'

test('a password is kept as an argon2id hash, and only it is right', async () => {
  const passwords = new Passwords(1)
  const stored = await passwords.hash('contraseña')
  assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  assert.ok(await passwords.verify('contraseña', stored))
  assert.ok(await passwords.verify('contraseña'.normalize('NFD'), stored), 'however the keyboard composes it')
  assert.ok(!(await passwords.verify('contrasena', stored)))
  assert.ok(!(await passwords.verify('contraseña', undefined)))
  assert.ok(!(await passwords.verify('contraseña', 'no hash')))
  assert.notEqual(await passwords.hash('contraseña'), stored, 'every hash has its own salt')
})

// The reference implementation's own test (P-H-C/phc-winner-argon2, src/test.c): t=2, m=2^16, p=1, "password", "somesalt".
test('an unknown name costs what a known one costs: it waits its turn', async () => {
  const passwords = new Passwords(1)
  const tries = await Promise.allSettled(
    Array.from({ length: 1003 }, (_, i) => passwords.verify('x', i > 0 ? CHEAP : undefined)),
  )
  assert.equal(tries.filter(each => each.status === 'rejected').length, 2)
})

test('hashes that others made are understood', async () => {
  const theirs = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  assert.ok(await new Passwords(1).verify('password', theirs))
})

test('a hash that nobody can reckon, or not in this world, is no hash', async () => {
  const passwords = new Passwords(1)
  for (const [from, to] of [
    ['m=8,', 'm=7,'],
    ['m=8,', 'm=4294967295,'],
    ['t=1,', 't=0,'],
    ['t=1,', 't=99999999,'],
    ['p=1$', 'p=16777216$'],
    ['c29tZXNhbHQ', 'c29t'],
  ] as const)
    assert.equal(await passwords.verify('password', CHEAP.replace(from, to)), false, to)
})

test('more than may wait are refused, the others get their turn', async () => {
  const passwords = new Passwords(2)
  const tries = await Promise.allSettled(Array.from({ length: 1010 }, () => passwords.verify('x', CHEAP)))
  const refused = tries.filter(each => each.status === 'rejected')
  assert.equal(refused.length, 8)
  assert.ok(refused.every(each => each.reason.code === 'busy'))
})

test('each address has its turn, however much is wanted from another', async () => {
  const passwords = new Passwords(1)
  const ended: string[] = []
  const verify = async (from: string) => {
    await passwords.verify('x', CHEAP, from)
    ended.push(from)
  }
  const all = [...Array<string>(20).fill('a'), ...Array<string>(3).fill('b'), 'c'].map(verify)
  await Promise.all(all)
  assert.equal(ended.slice(0, 8).join(''), 'aabcabab')
})

test('when too many wait, those are refused from where most of them come', async () => {
  const passwords = new Passwords(1)
  const from = (address: string, count: number) =>
    Array.from({ length: count }, () => passwords.verify('x', CHEAP, address))
  const many = Promise.allSettled(from('a', 1001))
  const few = [...from('b', 2), ...from('c', 1)]
  assert.deepEqual(await Promise.all(few), [false, false, false])
  assert.equal((await many).filter(each => each.status === 'rejected').length, 3)
})

const CHEAP = '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
