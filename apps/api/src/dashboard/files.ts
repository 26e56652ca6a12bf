import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import express, { type NextFunction, type Request, type Response } from 'express'
import { pagePolicy } from './policy.ts'

/** Addresses that are the API's own, also those that it does not know: never a page. */
const OWN = /^\/(?:v1|docs|problems|in|dev|metrics|healthz|readyz|openapi\.json)(?:\/|$)/
/** What a built file may be called; no segment starts with a dot. */
const FILE = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+$/
/** Smallest first. */
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const
const INDEX = '/index.html'
/** The portal is a page of its own: nothing of the dashboard is loaded where it is framed. */
const PORTAL = '/portal.html'
const OF_PORTAL = /^\/portal(?:\/|$)/

type Handler = (request: Request, response: Response, next: NextFunction) => void

export interface Dashboard {
  /** Answers `/` and the files of the build, and leaves the rest alone. */
  readonly file: Handler
  /** Answers what no route knows, if a browser opens it as a page: the dashboard has routes of its own. */
  readonly page: Handler
}

/**
 * The dashboard as it was built into `folder`, read from there with each request: a build while the
 * API runs is seen, and where none is nothing is answered. Files below `/assets/` carry a hash of
 * their content in their names, so browsers keep them for good. `portalOrigins`: whose pages may frame the
 * portal; nobody's may frame anything else.
 */
export function dashboard(folder: string, portalOrigins: readonly string[] = []): Dashboard {
  const portalPolicy = pagePolicy(portalOrigins)
  const files = express.static(folder, {
    cacheControl: false,
    index: false,
    redirect: false,
    setHeaders: (response, file) =>
      setHeaders(response, file, isPortal(file) ? portalPolicy : OTHER_POLICY),
  })
  const isBuilt = () => existsSync(folder + INDEX)
  const send = (name: string, request: Request, response: Response, next: NextFunction) => {
    const { url } = request
    request.url = name + suffixFor(join(folder, name), request)
    files(request, response, () => {
      request.url = url
      next()
    })
  }
  return {
    file(request, response, next) {
      const { path } = request
      if (!isRead(request) || OWN.test(path)) return next()
      if (path === '/' && isBuilt()) return send(INDEX, request, response, next)
      if (FILE.test(path) && existsSync(join(folder, path)))
        return send(path, request, response, next)
      next()
    },
    page(request, response, next) {
      const { path } = request
      const isPage = /\btext\/html\b/.test(request.headers.accept ?? '')
      const isFile = OWN.test(path) || path.startsWith('/assets/')
      if (!isRead(request) || !isPage || isFile || !isBuilt()) return next()
      send(OF_PORTAL.test(path) ? PORTAL : INDEX, request, response, next)
    },
  }
}

const isRead = ({ method }: Request) => method === 'GET' || method === 'HEAD'

/** The build leaves compressed copies beside its files. Browsers name brotli last and mean no order. */
function suffixFor(file: string, request: Request): string {
  const found = ENCODINGS.find(
    ([encoding, suffix]) =>
      request.acceptsEncodings(encoding) === encoding && existsSync(file + suffix),
  )
  return found?.[1] ?? ''
}

const OTHER_POLICY = pagePolicy()
const isPortal = (file: string) => /[\\/]portal\.html(?:\.\w+)?$/.test(file)

function setHeaders(response: Response, path: string, policy: string): void {
  const [encoding, suffix = ''] = ENCODINGS.find(([, end]) => path.endsWith(end)) ?? []
  const type = extname(path.slice(0, path.length - suffix.length))
  if (encoding) response.setHeader('content-encoding', encoding)
  response.type(type)
  const isHashed = /[\\/]assets[\\/]/.test(path)
  response.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
  response.setHeader('vary', 'accept-encoding')
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('referrer-policy', 'no-referrer')
  if (type === '.html') response.setHeader('content-security-policy', policy)
}
