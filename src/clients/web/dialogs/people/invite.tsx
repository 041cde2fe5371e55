// How others come in: the address with its QR code, the class code, codes of one's own, a sheet to hang up.

import { useCallback, useState } from 'react'
import Printer from '~icons/printer'
import { useWords } from '../../app.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { usePeopleWords } from '../../ui/people-words.ts'
import { InviteCodes } from './invite-codes.tsx'
import { linkOf, Poster } from './poster.tsx'
import { PrintSheet } from './print-sheet.tsx'
import { QrCode } from './qr.tsx'
import { type Addresses, useAddresses } from './use-addresses.ts'

export function Invite() {
  const words = useWords()
  const query = useAddresses()
  if (query.is === 'failed') return <p className="error">{query.error}</p>
  if (query.is === 'loading') return <p className="quiet empty">{words.loading}</p>
  return (
    <>
      <Address addresses={query.value} />
      {query.value.registration !== 'closed' && <InviteCodes addresses={query.value} />}
    </>
  )
}

function Address({ addresses }: { addresses: Addresses }) {
  const said = usePeopleWords()
  const { url, line, irc, isLocal, registration, classCode } = addresses
  const [isPrinting, setPrinting] = useState(false)
  const printed = useCallback(() => setPrinting(false), [])
  const link = linkOf(addresses, classCode)
  return (
    <section className="invite">
      <QrCode text={link} label={said.qr(link)} />
      <dl>
        <Fact title={said.address} text={url} />
        {classCode !== undefined && <Fact title={said.classCode} text={classCode} />}
        <Fact title={said.terminal} text={line} />
        <Fact title={said.irc} text={said.ircLine(irc.host, irc.port, irc.tls)} copied={irc.host} />
      </dl>
      <div className="notes">
        {isLocal && (
          <p className="banner" role="note">
            {said.onlyHere}
          </p>
        )}
        {!isLocal && location.origin !== url && <p className="quiet">{said.notThis(location.origin)}</p>}
        {registration === 'nothing' && <p className="quiet">{said.open}</p>}
        {registration === 'closed' && <p className="quiet">{said.closed}</p>}
        <p>
          <button type="button" onClick={() => setPrinting(true)}>
            <Printer size={16} /> {said.print}
          </button>
        </p>
      </div>
      {isPrinting && (
        <PrintSheet onPrinted={printed}>
          <Poster addresses={addresses} code={classCode} />
        </PrintSheet>
      )}
    </section>
  )
}

function Fact({ title, text, copied = text }: { title: string; text: string; copied?: string }) {
  const said = usePeopleWords()
  return (
    <div>
      <dt className="quiet">{title}</dt>
      <dd>
        <span className="code">{text}</span>
        <CopyButton text={copied} label={said.copy} />
      </dd>
    </div>
  )
}
