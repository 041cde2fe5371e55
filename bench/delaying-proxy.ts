// A proxy that holds back the first packet of each connection: node bench/delaying-proxy.ts HOST PORT OWN_HOST
// It connects to the server at once, like a phone whose first packet is lost.

import { connect, createServer } from 'node:net'

const [HELD_LEAST_MS, HELD_MOST_MS] = [200, 1_200]

const [host = '', port = '', ownHost = ''] = process.argv.slice(2)
const proxy = createServer({ noDelay: true }, client => {
  const server = connect({ host, port: Number(port), noDelay: true })
  for (const socket of [client, server]) socket.on('error', () => {})
  client.on('close', () => server.destroy())
  server.on('close', () => client.destroy())
  server.pipe(client)
  client.once('data', first => {
    client.pause()
    const held = HELD_LEAST_MS + Math.random() * (HELD_MOST_MS - HELD_LEAST_MS)
    setTimeout(() => {
      server.write(first)
      client.pipe(server)
    }, held)
  })
})
proxy.listen({ host: ownHost, port: 0 }, () => {
  const address = proxy.address()
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`)
})
