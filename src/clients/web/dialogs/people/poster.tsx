// A sheet to hang up: the address, large, with its QR code.

import { usePeopleWords } from '../../ui/people-words.ts'
import { QrCode } from './qr.tsx'
import type { Addresses } from './use-addresses.ts'

/** The link by which people register with a code, or come into its rooms with the account that they have. */
export function linkOf({ url }: Addresses, code: string | undefined): string {
  return code === undefined ? url : `${url}/join?code=${code}`
}

/** To be printed and hung up. */
export function Poster({ addresses, code }: { addresses: Addresses; code: string | undefined }) {
  const { sheet, ...said } = usePeopleWords()
  const { url, line, irc, registration } = addresses
  const link = linkOf(addresses, code)
  return (
    <article className="poster">
      <h1>{sheet.title}</h1>
      <p>{sheet.scan}</p>
      <QrCode text={link} label={said.qr(link)} />
      <p className="large">{url}</p>
      {code !== undefined && registration !== 'closed' && (
        <p>
          {sheet.code}: <strong className="large">{code}</strong>
        </p>
      )}
      <footer>
        <p>
          {sheet.terminal} <code>{line}</code>
        </p>
        <p>
          {sheet.irc} <code>{said.ircLine(irc.host, irc.port, irc.tls)}</code>
        </p>
        <p>{sheet.lost}</p>
      </footer>
    </article>
  )
}
