// What a console that speaks no UTF-8 has typed: Windows' in Western Europe and America.

import type { Buffer } from 'node:buffer'

export type CodePage = 'Windows-1252' | 'CP850'

/** 0x80 to 0xFF of code page 850 (unicode.org, VENDORS/MICSFT/PC/CP850.TXT). */
const CP850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0'
/** Of Windows-1252; CP850 has capitals, lines and signs in its place. */
const LETTERS_OF_1252 = 0xc0

const windows1252 = new TextDecoder('windows-1252')

/**
 * Bytes that are no UTF-8. With one from 0xC0 on, where Windows-1252 has its letters with accents, they are that; without,
 * they are CP850, which has é, á, í, ó, ú and ñ below. Capital Á, Í, Ó and Ú of CP850 alone are taken for something else.
 */
export function decode(bytes: Buffer): { readonly text: string; readonly codePage: CodePage } {
  const codePage = bytes.some(byte => byte >= LETTERS_OF_1252) ? 'Windows-1252' : 'CP850'
  const text =
    codePage === 'Windows-1252'
      ? windows1252.decode(bytes)
      : Array.from(bytes, byte => (byte < 0x80 ? String.fromCharCode(byte) : CP850[byte - 0x80])).join('')
  return { text, codePage }
}

/** What no password may be, in place of one that was no UTF-8: nobody can tell which it was. */
export function undecoded(text: string): string {
  return text.replace(/\P{ASCII}/gu, '\ufffd')
}
