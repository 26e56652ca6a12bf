/** The named parameters of a URL's query, as far as they say something. */
export function searchOf<Name extends string>(...names: readonly Name[]) {
  return (raw: Readonly<Record<string, unknown>>): { readonly [Key in Name]?: string } => {
    const named = names.flatMap((name) => {
      const value = raw[name]
      return typeof value === 'string' && value !== '' ? [[name, value]] : []
    })
    return Object.fromEntries(named)
  }
}

/** `value` if it is one of `known`: what stands in a URL may be anything. */
export function oneOf<Known extends string>(
  known: readonly Known[],
  value: string | undefined,
): Known | undefined {
  return known.find((each) => each === value)
}

/** Without what is undefined. */
export function defined<T extends object>(
  values: T,
): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>
  }
}
