// JSON Schemas (draft 2020-12) that carry their TypeScript type: plain objects with the few keywords we use.

declare const VALUE: unique symbol
/** Marks an optional property. It is a symbol, so it appears in no document. */
const OPTIONAL = Symbol('optional')

/** A schema for values of type `T`. */
export interface Schema<T = unknown> {
  /** Exists only for the compiler. */
  readonly [VALUE]?: T
  readonly [OPTIONAL]?: true
  readonly [keyword: string]: unknown
}

interface OptionalSchema<T> extends Schema<T> {
  readonly [OPTIONAL]: true
}

/** The type of the values that the schema describes. */
export type Static<Described> = Described extends Schema<infer T> ? T : never

export type Properties = Readonly<Record<string, Schema>>

export interface ObjectSchema<P extends Properties = Properties> extends Schema<ObjectOf<P>> {
  readonly properties: P
  /** Left out if no property is required. */
  readonly required?: readonly string[]
}

type OptionalNames<P> = { [Name in keyof P]: P[Name] extends OptionalSchema<unknown> ? Name : never }[keyof P]
type Plain<T> = { [Name in keyof T]: T[Name] }
type ObjectOf<P> = Plain<
  { [Name in Exclude<keyof P, OptionalNames<P>>]: Static<P[Name]> } & {
    [Name in OptionalNames<P>]?: Static<P[Name]>
  }
>

interface About {
  /** Schemas with a title are components of the OpenAPI document. */
  readonly title?: string
  readonly description?: string
}

interface StringKeywords extends About {
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
}

interface IntegerKeywords extends About {
  readonly minimum?: number
  readonly maximum?: number
  /** The default of a query parameter; for documentation only. */
  readonly default?: number
}

interface ArrayKeywords extends About {
  readonly minItems?: number
  readonly maxItems?: number
}

export const Type = {
  String: (keywords: StringKeywords = {}): Schema<string> => ({ type: 'string', ...keywords }),

  Integer: (keywords: IntegerKeywords = {}): Schema<number> => ({ type: 'integer', ...keywords }),

  Boolean: (keywords: About = {}): Schema<boolean> => ({ type: 'boolean', ...keywords }),

  Null: (): Schema<null> => ({ type: 'null' }),

  /** Any value. */
  Unknown: (): Schema => ({}),

  Literal: <const T extends string | boolean>(value: T, keywords: About = {}): Schema<T> => ({
    type: typeof value,
    const: value,
    ...keywords,
  }),

  Enum: <const T extends string>(values: readonly T[], keywords: About = {}): Schema<T> => ({
    enum: values,
    ...keywords,
  }),

  Array: <T>(items: Schema<T>, keywords: ArrayKeywords = {}): Schema<T[]> => ({
    type: 'array',
    items,
    ...keywords,
  }),

  Union: <const Members extends readonly Schema[]>(
    anyOf: Members,
    keywords: About = {},
  ): Schema<Static<Members[number]>> => ({ anyOf, ...keywords }),

  Optional: <T>(schema: Schema<T>): OptionalSchema<T> => ({ ...schema, [OPTIONAL]: true }),
}

/** An object with these properties and no others. */
export function closed<P extends Properties>(properties: P, title?: string): ObjectSchema<P> {
  const required = Object.keys(properties).filter(name => properties[name]?.[OPTIONAL] === undefined)
  return {
    type: 'object',
    properties,
    ...(required.length > 0 && { required }),
    additionalProperties: false,
    ...(title !== undefined && { title }),
  }
}
