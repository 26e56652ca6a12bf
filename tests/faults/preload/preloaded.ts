/** The environment that loads one of the scripts of this folder into a process before its program. */
export const preloaded = (name: 'block' | 'skew'): { NODE_OPTIONS: string } => ({
  NODE_OPTIONS: `--import=${new URL(`${name}.mjs`, import.meta.url).href}`,
})
