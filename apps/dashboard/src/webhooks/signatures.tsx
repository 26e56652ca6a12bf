/** Schemes that have a name; the other way is a header of one's own. */
export const SIGNATURES = ['v1', 'v1a', 'logto'] as const

const LABELS: Record<(typeof SIGNATURES)[number], string> = {
  v1: 'Standard Webhooks: HMAC (v1)',
  v1a: 'Standard Webhooks: Ed25519 (v1a)',
  logto: 'as Logto does',
}

/** To choose from. */
export const signatureOptions = SIGNATURES.map((scheme) => (
  <option key={scheme} value={scheme}>
    {LABELS[scheme]}
  </option>
))
