/** The command was called wrongly; its message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
