// A QR code in the terminal: whoever sees the screen points a phone at it.

import { styleText } from 'node:util'

/** Modules of quiet around it, which scanners want. */
const QUIET = 2

/** Two modules a character, the light ones in white: so it is dark on light in any terminal's colours. */
export async function qrCode(text: string): Promise<string> {
  const { renderUnicodeCompact } = await import('uqr')
  const lines = renderUnicodeCompact(text, { border: QUIET }).split('\n')
  return lines.map(line => styleText(['whiteBright', 'bgBlack'], line)).join('\n')
}
