/**
 * Links of a Markdown text that lead nowhere. Links into the web are not followed.
 *
 * @param open the text behind a relative path (empty for what is no Markdown, and `''` names the
 *   document itself), undefined when there is nothing
 */
export function brokenLinks(text: string, open: (target: string) => string | undefined): string[] {
  const links = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '')
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false
    const [path = '', anchor] = link.split('#')
    const target = open(decodeURIComponent(path))
    if (target === undefined) return true
    return anchor !== undefined && target !== '' && !anchorsOf(target).includes(anchor)
  })
}

/** Names that match a pattern but are not among the known ones, each once. */
export function unknownNames(text: string, pattern: RegExp, known: readonly string[]): string[] {
  return [...new Set(text.match(pattern) ?? [])].filter((name) => !known.includes(name))
}

/** As GitHub makes them from headings. */
function anchorsOf(text: string): string[] {
  const headings = withoutCode(text).matchAll(/^#{1,6}\s+(.+)$/gm)
  return [...headings].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  )
}

function withoutCode(text: string): string {
  return text.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '')
}
