// Ids of files and of pictures of people and rooms, as they stand in URLs.

import type { FastifyRequest } from 'fastify'
import type { AvatarId, FileId } from '../../../core/model/model.ts'
import { type RefusalCode, refuse } from '../../../core/model/refusals.ts'

/** @param unknown what anything else is refused with: it names nothing, and need not reach the store */
export function idIn<Id extends FileId | AvatarId>({ params }: FastifyRequest, unknown: RefusalCode): Id {
  const { id } = params as { readonly id: string }
  return /^[\w-]{22}$/.test(id) ? (id as Id) : refuse(unknown)
}
