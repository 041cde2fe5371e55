// Health and metrics, for load balancers and monitoring.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { test } from 'node:test'
import { exposition } from '../../src/doors/web/health.ts'
import { openServer } from '../tools/hosted.ts'

/** Headers with which proxies name the client, or themselves. */
const TELLING = [
  ...['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-server'],
  ...['forwarded', 'x-forwarded', 'via', 'x-real-ip', 'x-client-ip', 'x-cluster-client-ip', 'client-ip'],
  ...['cf-connecting-ip', 'cf-ray', 'cdn-loop', 'true-client-ip', 'fastly-client-ip', 'fly-client-ip'],
  ...['x-azure-clientip', 'x-arr-ssl', 'x-amzn-trace-id', 'x-envoy-external-address', 'x-appengine-user-ip'],
  ...['x-original-url', 'x-originating-ip', 'x-remote-addr', 'wl-proxy-client-ip', 'proxy-connection'],
  ...[
    'x-scheme',
    'front-end-https',
    'x-nf-client-connection-ip',
    'tailscale-user-login',
    'akamai-origin-hop',
  ],
]

/** The Accept headers of Prometheus and of browsers. */
const OF_SCRAPERS = {
  'user-agent': 'Prometheus/3.5.0',
  accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
  'accept-encoding': 'gzip',
  'x-prometheus-scrape-timeout-seconds': '10',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  'sec-fetch-site': 'none',
  'sec-ch-ua-platform': '"Linux"',
  'upgrade-insecure-requests': '1',
}

test('a server says whether it is alive and ready, and its metrics', async () => {
  await using server = await openServer()
  const ask = (path: string, host = 'localhost', headers = {}) =>
    answer(server.port, path, { host, ...headers })
  assert.deepEqual(await ask('/healthz'), { status: 200, body: 'ok\n' })
  const ready = await ask('/readyz', '10.1.2.3')
  assert.equal(ready.status, 200)
  assert.deepEqual(JSON.parse(ready.body), { ready: true, degraded: [] })
  await server.register('ana')
  const { body: metrics } = await ask('/metrics')
  assert.match(metrics, /^# TYPE tertulia_people_online gauge\ntertulia_people_online 1$/m)
  assert.match(
    metrics,
    /^tertulia_degraded\{part="store"\} 0\ntertulia_degraded\{part="data"\} 0\ntertulia_degraded\{part="files"\} 0\ntertulia_degraded\{part="bus"\} 0$/m,
  )
  assert.match(metrics, /^tertulia_ready 1$/m)
  assert.match(metrics, /^process_resident_memory_bytes \d+$/m)
  for (const header of TELLING)
    assert.equal((await ask('/metrics', 'localhost', { [header]: '10.0.0.7' })).status, 404, header)
  assert.equal((await ask('/metrics', 'localhost', OF_SCRAPERS)).status, 200)
  assert.equal((await ask('/healthz', 'evil.example')).status, 200, 'a probe knows no names')
  assert.equal((await ask('/api/v1/openapi.json', 'evil.example')).status, 421)
})

test('behind a trusted proxy, metrics are for clients whose own address is private', async () => {
  await using server = await openServer({ args: ['--trusted-proxies', '127.0.0.1'] })
  const status = async (caller: string | undefined, others = {}) => {
    const headers = {
      host: 'localhost',
      ...(caller !== undefined && { 'x-forwarded-for': caller }),
      ...others,
    }
    return (await answer(server.port, '/metrics', headers)).status
  }
  assert.equal(await status('10.1.2.3'), 200)
  assert.equal(await status('203.0.113.9'), 404)
  assert.equal(await status('10.1.2.3, 203.0.113.9'), 404, 'what a stranger says of themselves')
  assert.equal(await status('unknown'), 404)
  assert.equal(await status('203.0.113.9, 10.1.2.3'), 404, 'whom a proxy tells of that nobody trusts')
  assert.equal(await status(undefined), 200, 'who asks from where the proxy is')
  for (const header of TELLING.slice(1))
    assert.equal(await status(undefined, { [header]: '10.1.2.3' }), 404, header)
  assert.equal(await status('10.1.2.3', { 'x-forwarded-proto': 'https', via: '1.1 proxy' }), 200)
  for (const far of ['203.0.113.9', '203.0.113.9:4711', 'for="[2001:db8::9]:4711";proto=https'])
    for (const header of ['cf-connecting-ip', 'forwarded', 'x-real-ip'])
      assert.equal(await status('10.1.2.3', { [header]: far }), 404, `${header}: ${far}`)
})

async function answer(port: number, path: string, headers: OutgoingHttpHeaders) {
  const asked = get({ port, path, host: '127.0.0.1', headers })
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  let body = ''
  for await (const text of response.setEncoding('utf8')) body += text
  return { status: response.statusCode, body }
}

test('metrics are written in the format of Prometheus', () => {
  const labels = { part: 'a"b\n' }
  assert.equal(
    exposition([
      { name: 'x', help: 'X.', value: 1, labels },
      { name: 'x', help: 'X.', value: 2 },
      { name: 'y', help: 'Y.', value: 0.5 },
    ]),
    '# HELP x X.\n# TYPE x gauge\nx{part="a_b_"} 1\nx 2\n# HELP y Y.\n# TYPE y gauge\ny 0.5\n',
  )
})
