// How a file is shown, by what the server has found in it.

import type { Attachment } from '../../../wire/attachment-schemas.ts'

export type FileKind = 'picture' | 'video' | 'audio' | 'text' | 'pdf' | 'other'

/** A picture with the size that the server has measured: the server has made smaller ones of it. */
export type Picture = Attachment & { readonly width: number; readonly height: number }

const TEXTS = /^(?:text\/|application\/(?:json|xml|javascript|sql|toml|yaml|x-sh)|[^;]*\+(?:json|xml)$)/

/** @param type a media type; a browser's may be empty */
export function kindOf(type: string): FileKind {
  if (type.startsWith('video/')) return 'video'
  if (type.startsWith('audio/')) return 'audio'
  if (type === 'application/pdf') return 'pdf'
  if (type.startsWith('image/') && type !== 'image/svg+xml') return 'picture'
  return TEXTS.test(type) ? 'text' : 'other'
}

/** A browser's recording of a voice looks like a video without pictures: its waveform tells. */
export function kindOfFile({ type, waveform }: Attachment): FileKind {
  return waveform === undefined ? kindOf(type) : 'audio'
}

export function isPicture(file: Attachment): file is Picture {
  return kindOf(file.type) === 'picture' && file.width !== undefined && file.height !== undefined
}

/** What stands after the last dot of a name, in small letters; empty without one. */
export function extensionOf(name: string): string {
  return /\.([^.\s]{1,12})$/.exec(name)?.[1]?.toLowerCase() ?? ''
}
