// A QR code in the terminal, for the phones of everybody who sees the screen.

import { styleText } from 'node:util'

/** Modules of the quiet zone around it, which scanners need. */
const QUIET = 2

/** Draws two modules per character, light ones in white: dark on light in any terminal's colours. */
export async function qrCode(text: string): Promise<string> {
  const { renderUnicodeCompact } = await import('uqr')
  const lines = renderUnicodeCompact(text, { border: QUIET }).split('\n')
  return lines.map(line => styleText(['whiteBright', 'bgBlack'], line)).join('\n')
}
