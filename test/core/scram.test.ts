import assert from 'node:assert/strict'
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { clientFirst, isCurrent, Scram, verifierOf } from '../../src/core/people/scram.ts'
import { proofFor } from '../tools/scram.ts'

const SECRET = Buffer.alloc(32, 7)

/** The exchange of RFC 7677, section 3. */
const RFC = {
  first: 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
  nonce: '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
  challenge: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  final:
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  signature: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
}

function rfcVerifier(): string {
  const salt = 'W22ZaJ0SNY7soEsUEjb6gQ=='
  const salted = pbkdf2Sync('pencil', Buffer.from(salt, 'base64'), 4096, 32, 'sha256')
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest()
  const stored = createHash('sha256').update(hmac('Client Key')).digest('base64')
  return `SCRAM-SHA-256$4096:${salt}$${stored}:${hmac('Server Key').toString('base64')}`
}

function begun(first: string, kept: string): Scram {
  return new Scram(clientFirst(first) ?? assert.fail(first), kept, { nonce: RFC.nonce, secret: SECRET })
}

test('the exchange of RFC 7677 goes as it is printed there', () => {
  const scram = begun(RFC.first, rfcVerifier())
  assert.equal(scram.challenge, RFC.challenge)
  assert.equal(scram.verify(RFC.final), RFC.signature)
})

test('what was kept of a password lets in who knows it, in whatever form of Unicode, and nobody else', async () => {
  const kept = await verifierOf('contraseña\u00a0ﬁn')
  assert.match(kept, /^SCRAM-SHA-256\$60000:/, 'as many rounds as Cyrus SASL takes (65,536), and fewer')
  const scram = begun('n,,n=ana,r=abc', kept)
  const finals = ['contraseña fin', 'contrasena fin', ''].map(password =>
    proofFor({ first: 'n,,n=ana,r=abc', challenge: scram.challenge, password }),
  )
  const [right, wrong, empty] = finals.map(final => scram.verify(final.message))
  assert.equal(right, finals[0]?.signature)
  assert.equal(wrong, undefined)
  assert.equal(empty, undefined)
})

test('what was kept for more iterations than clients take is not used, nor is nothing', async () => {
  assert.ok(isCurrent(await verifierOf('x')))
  assert.ok(!isCurrent(rfcVerifier().replace('$4096:', '$120000:')))
  assert.ok(!isCurrent(''))
})

test('what another program has put in its place lets nobody in, and fails nothing', () => {
  const [start, keys = ''] = rfcVerifier().split(/(?<=\$[^$]+\$)/)
  for (const other of ['AAAA:AAAA', keys.replace(/^..../, '')]) {
    const scram = begun(RFC.first, `${start}${other}`)
    assert.equal(scram.verify(RFC.final.replace(/r=[^,]*/, scram.challenge.split(',')[0] ?? '')), undefined)
  }
})

test('another nonce, another binding, half a proof: no', () => {
  const scram = begun(RFC.first, rfcVerifier())
  for (const final of [
    RFC.final.replace('c=biws', 'c=eSws'),
    RFC.final.replace('hNlF$k0', 'hNlF$k1'),
    RFC.final.replace(/,p=.*/, ''),
    RFC.final.slice(0, -10),
    '',
  ])
    assert.equal(scram.verify(final), undefined, final)
})

test('nobody learns who has an account: the same is asked of a stranger each time, and never right', () => {
  const ask = () => begun('n,,n=nadie,r=abc', '')
  assert.equal(ask().challenge, ask().challenge)
  assert.match(ask().challenge, /^r=abc\S+,s=[\w+/]+={0,2},i=60000$/)
  const { message } = proofFor({ first: 'n,,n=nadie,r=abc', challenge: ask().challenge, password: 'x' })
  assert.equal(ask().verify(message), undefined)
})

test('first messages: names with commas, for another, with a bound channel, extensions', () => {
  assert.equal(clientFirst('n,,n=a=2Cb=3Dc,r=x')?.username, 'a,b=c')
  assert.equal(clientFirst('y,a=ana,n=ana,r=x')?.authzid, 'ana')
  for (const wrong of [
    'p=tls-unique,,n=ana,r=x',
    'n,,m=1,n=ana,r=x',
    'n,,n=ana',
    'n,,n=a=b,r=x',
    'n,,r=x,n=a',
    '',
  ])
    assert.equal(clientFirst(wrong), undefined, wrong)
})

test('whatever is said first or last is a message or none', () => {
  const scram = begun(RFC.first, rfcVerifier())
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      clientFirst(text)
      assert.equal(scram.verify(text), undefined)
    }),
  )
})
