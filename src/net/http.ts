// Node's HTTP server, not imported: an import asks the module for everything it has, its WebSocket too, and so loads
// undici, of which nothing is used here.

export const { createServer } = process.getBuiltinModule('node:http')
