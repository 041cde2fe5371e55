// Node's HTTP server. It is not imported: an import reads all exports of the module, WebSocket too, and so loads undici,
// which is not used here.

export const { createServer } = process.getBuiltinModule('node:http')
