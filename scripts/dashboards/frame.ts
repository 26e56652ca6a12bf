const TAG = 'posthorn'

interface Head {
  readonly uid: string
  readonly title: string
  readonly description: string
}

/** What every dashboard has, whatever its panels are. */
export function frame({ uid, title, description }: Head) {
  return {
    uid,
    title,
    description,
    tags: [TAG],
    schemaVersion: 39,
    editable: false,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    timezone: 'browser',
    links: [
      {
        type: 'dashboards',
        title: 'Posthorn',
        tags: [TAG],
        asDropdown: false,
        keepTime: true,
        includeVars: true,
      },
    ],
  }
}
