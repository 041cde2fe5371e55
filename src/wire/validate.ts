// Checking values against schemas. Each validator is compiled when it is first needed, and with it Ajv is loaded: most
// of them never are.

import { createRequire } from 'node:module'
import type { Ajv, ErrorObject } from 'ajv'
import type { Schema, Static } from './json-schema.ts'

const require = createRequire(import.meta.url)
let ajv: Ajv | undefined

/** Says whether a value is what the schema describes. */
export interface Validator<T> {
  (value: unknown): value is T
  /** Why the last value was not. */
  readonly errors?: readonly ErrorObject[] | null
}

/** @returns compiles the schema the first time, and gives the same validator from then on */
export function validatorOf<Described extends Schema>(schema: Described): () => Validator<Static<Described>> {
  let compiled: Validator<Static<Described>> | undefined
  return () => {
    compiled ??= ajvOf().compile<Static<Described>>(schema)
    return compiled
  }
}

/** What the schemas are is checked by the linter of the OpenAPI document, in a test. */
function ajvOf(): Ajv {
  if (ajv) return ajv
  const { Ajv }: typeof import('ajv') = require('ajv')
  ajv = new Ajv({ meta: false, validateSchema: false })
  return ajv
}
