// Makes the OpenAPI 3.1 document from the operations and the schemas that requests are validated with.

import type { Schema } from '../../../wire/json-schema.ts'
import type { Operation } from './operation.ts'
import { STATUS } from './problems.ts'
import { Done } from './rooms.ts'

interface Json {
  [name: string]: unknown
}

/** Collects the schemas with a title, which become components. */
class Components {
  readonly schemas: Json = {}

  /** Returns a schema as plain JSON, with titled schemas replaced by references. */
  of(schema: unknown): unknown {
    if (Array.isArray(schema)) return schema.map(each => this.of(each))
    if (typeof schema !== 'object' || schema === null) return schema
    const plain = Object.fromEntries(Object.entries(schema).map(([key, each]) => [key, this.of(each)]))
    if (!('title' in plain) || typeof plain.title !== 'string') return plain
    this.schemas[plain.title] = plain
    return { $ref: `#/components/schemas/${plain.title}` }
  }
}

export const PREFIX = '/api/v1'

export function openApi(operations: readonly Operation[], version: string): Json {
  const components = new Components()
  components.schemas.Problem = {
    title: 'Problem',
    description: 'A problem document (RFC 9457). `title` is a sentence for people, `code` is for programs.',
    type: 'object',
    required: ['type', 'title', 'status', 'code'],
    properties: {
      type: { type: 'string' },
      title: { type: 'string' },
      status: { type: 'integer' },
      code: { enum: Object.keys(STATUS) },
      detail: { type: 'string' },
      opens: {
        type: 'integer',
        description: 'For out-of-hours: when the room opens, in milliseconds since 1970, UTC.',
      },
    },
  }
  const paths: Record<string, Json> = {}
  for (const operation of operations) {
    const path = `${PREFIX}${operation.path.replace(/:(\w+)/g, '{$1}')}`
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: described(operation, components) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tertulia',
      version,
      description:
        'A chat server. Each room is a numbered log, and whatever has been acknowledged is on disk.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { cookie: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'tertulia' },
      },
      schemas: components.schemas,
    },
  }
}

function described(operation: Operation, components: Components): Json {
  const { id, summary, scope, body, reply, status = reply ? 200 : 204 } = operation
  const content = (schema: unknown, type = 'application/json') => ({ [type]: { schema } })
  const text = { type: 'string' }
  const texts =
    operation.id === 'post' ? { ...content(text, 'text/plain'), ...content(text, 'text/markdown') } : {}
  const success = reply
    ? { description: 'Done.', content: content(components.of(reply)) }
    : { description: 'Done.' }
  return {
    operationId: id,
    summary,
    tags: [tagOf(operation)],
    ...(scope === undefined ? { security: [] } : { description: `A token needs the scope \`${scope}\`.` }),
    parameters: parametersOf(operation, components),
    ...(body && { requestBody: { required: true, content: { ...content(components.of(body)), ...texts } } }),
    responses: {
      [status]: success,
      ...(reply === Done && { 204: { description: 'Nothing changed: it was so already.' } }),
      ...(id === 'listMessages' && {
        304: { description: 'The page still is the one that If-None-Match names.' },
      }),
      '4XX': {
        description: 'Refused.',
        content: content({ $ref: '#/components/schemas/Problem' }, 'application/problem+json'),
      },
    },
  }
}

/** The first part of the path. */
function tagOf({ path }: Operation): string {
  return path.split('/').find(part => part !== '') ?? ''
}

function parametersOf({ id, params, query }: Operation, components: Components): Json[] {
  const from = (where: 'path' | 'query', properties: Readonly<Record<string, Schema>>, required: unknown) =>
    Object.entries(properties).map(([name, schema]) => ({
      name,
      in: where,
      required: where === 'path' || (Array.isArray(required) && required.includes(name)),
      schema: components.of(schema),
    }))
  const key = {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'Chosen by the client. Posting again with the same key returns the result of the first attempt.',
    schema: { type: 'string', maxLength: 64 },
  }
  return [
    ...(params ? from('path', params.properties, params.required) : []),
    ...(query ? from('query', query.properties, query.required) : []),
    ...(id === 'post' ? [key] : []),
  ]
}
