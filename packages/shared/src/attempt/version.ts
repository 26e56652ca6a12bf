import shared from '../../package.json' with { type: 'json' }

/** Posthorn's version, as it stands in the `user-agent` of every attempt. */
export const VERSION: string = shared.version
