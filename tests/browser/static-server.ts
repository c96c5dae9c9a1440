// A static file server on 127.0.0.1 for browser tests: some folders, each under a prefix.

import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

const types: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

export interface StaticServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string
  close(): Promise<void>
}

/** Serves `folders` (URL prefix → folder; longest prefix wins) and `pages` (URL path → HTML, or a script for `.js`). */
export async function serve(
  folders: Record<string, string>,
  pages: Record<string, string> = {},
): Promise<StaticServer> {
  const prefixes = Object.keys(folders).sort((a, b) => b.length - a.length)
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://127.0.0.1').pathname)
    const page = pages[path]
    if (page !== undefined)
      return send(response, 200, types[extname(path)] ?? (types['.html'] as string), page)
    const prefix = prefixes.find(candidate => path.startsWith(candidate))
    if (path === '/favicon.ico') return send(response, 204, 'image/x-icon', '')
    if (prefix === undefined) return send(response, 404, 'text/plain', `no folder for ${path}`)
    const file = join(folders[prefix] as string, normalize(`/${path.slice(prefix.length)}`))
    try {
      send(response, 200, types[extname(file)] ?? 'application/octet-stream', await readFile(file))
    } catch {
      send(response, 404, 'text/plain', `no file ${path}`)
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer) {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
  response.end(body)
}
