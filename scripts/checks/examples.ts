/** `<!-- examples/… -->` and the code block after it. */
const SHOWN = /^<!-- (examples\/\S+) -->\n```(\w+)\n[\s\S]*?^```$/gm

/**
 * The text of a document with each block that shows an example replaced by the example itself.
 *
 * @param read the text of an example, undefined when there is none
 */
export function withExamples(text: string, read: (file: string) => string | undefined): string {
  return text.replaceAll(SHOWN, (block, file: string, language: string) => {
    const example = read(file)
    return example === undefined ? block : `<!-- ${file} -->\n\`\`\`${language}\n${example}\`\`\``
  })
}

/** The examples that a document shows. */
export function shownExamples(text: string): string[] {
  return [...text.matchAll(SHOWN)].map((match) => match[1] ?? '')
}

/**
 * The code blocks of a document that show no example, by their first line: nothing runs them. Blocks without
 * a language are drawings.
 */
export function looseBlocks(text: string): string[] {
  const rest = text.replaceAll(SHOWN, '')
  return [...rest.matchAll(/^```\w+\n(.*)$/gm)].map((match) => match[1] ?? '')
}
