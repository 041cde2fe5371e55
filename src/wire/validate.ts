// Validates values by schemas. Validators are compiled, and Ajv is loaded, when first needed: most never are.

import { createRequire } from 'node:module'
import type { Ajv, ErrorObject } from 'ajv'
import type { Schema, Static } from './json-schema.ts'

const require = createRequire(import.meta.url)
let ajv: Ajv | undefined

/** Checks whether a value matches a schema. */
export interface Validator<T> {
  (value: unknown): value is T
  /** Why the last value did not match. */
  readonly errors?: readonly ErrorObject[] | null
}

/** @returns a function that compiles the schema at its first call, and returns the same validator from then on */
export function validatorOf<Described extends Schema>(schema: Described): () => Validator<Static<Described>> {
  let compiled: Validator<Static<Described>> | undefined
  return () => {
    compiled ??= ajvOf().compile<Static<Described>>(schema)
    return compiled
  }
}

/** Schemas are not validated here: a test lints the OpenAPI document that they make. */
function ajvOf(): Ajv {
  if (ajv) return ajv
  const { Ajv }: typeof import('ajv') = require('ajv')
  ajv = new Ajv({ meta: false, validateSchema: false })
  return ajv
}
