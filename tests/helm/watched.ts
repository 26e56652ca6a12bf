/** A value that notes which of its fields are read, and which were not. */
export interface Watched<T> {
  readonly value: T
  /** Paths of the fields that nobody has read, without what is below them. */
  readonly unread: () => string[]
}

export function watched<T extends object>(whole: T): Watched<T> {
  const read = new Set<string>()
  const wrap = (value: unknown, path: string): unknown => {
    if (typeof value !== 'object' || value === null) return value
    return new Proxy(value, {
      get(target, name, receiver) {
        const field = Reflect.get(target, name, receiver)
        if (typeof name === 'symbol' || !Object.hasOwn(target, name)) return field
        const at = below(path, name)
        read.add(at)
        return wrap(field, at)
      },
    })
  }
  return {
    value: wrap(whole, '') as T,
    unread: () => fieldsOf(whole, '').filter((path) => !read.has(path) && isRead(parentOf(path))),
  }

  function isRead(path: string): boolean {
    return path === '' || read.has(path)
  }
}

function fieldsOf(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, field]) => {
    const at = below(path, name)
    return [at, ...fieldsOf(field, at)]
  })
}

/** Names have dots and slashes: written as in a JSON pointer. */
const below = (path: string, name: string): string => `${path}/${name.replaceAll('/', '~1')}`

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/'))
