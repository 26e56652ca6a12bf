/**
 * Why a line is more than 20 % worse than at zero, by its key. A line that is, and has none here, stands
 * in the document as unexplained.
 */
export const explanations: Readonly<Record<string, string>> = {}
