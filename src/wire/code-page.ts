// Decodes input from consoles without UTF-8: the Windows code pages of Western Europe and the Americas.

import type { Buffer } from 'node:buffer'

export type CodePage = 'Windows-1252' | 'CP850'

/** 0x80 to 0xFF of code page 850 (unicode.org, VENDORS/MICSFT/PC/CP850.TXT). */
const CP850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0'
/** From here on, Windows-1252 has its accented letters; CP850 has capitals, box drawing and symbols. */
const LETTERS_OF_1252 = 0xc0

const windows1252 = new TextDecoder('windows-1252')

/**
 * Decodes bytes that are not UTF-8. With a byte from 0xC0 on, where Windows-1252 has its accented letters, they are
 * Windows-1252; without, they are CP850, which has é, á, í, ó, ú and ñ below. A text whose only accents are CP850's
 * capitals Á, Í, Ó and Ú is decoded wrongly.
 */
export function decode(bytes: Buffer): { readonly text: string; readonly codePage: CodePage } {
  const codePage = bytes.some(byte => byte >= LETTERS_OF_1252) ? 'Windows-1252' : 'CP850'
  const text =
    codePage === 'Windows-1252'
      ? windows1252.decode(bytes)
      : Array.from(bytes, byte => (byte < 0x80 ? String.fromCharCode(byte) : CP850[byte - 0x80])).join('')
  return { text, codePage }
}

/** Makes a text that no password may be of one that was not UTF-8, since its encoding is uncertain. */
export function undecoded(text: string): string {
  return text.replace(/\P{ASCII}/gu, '\ufffd')
}
