interface SparklineProps {
  /** null: nothing is known of that step, and the line has a gap. */
  readonly values: readonly (number | null)[]
  /** What it shows, in words. */
  readonly label: string
  readonly tone: string
}

const WIDTH = 56
const HEIGHT = 22
const EDGE = 1

/** A small line without axes: its shape is what it says. */
export function Sparkline({ values, label, tone }: SparklineProps) {
  return (
    <svg
      role="img"
      aria-label={label}
      width={WIDTH}
      height={HEIGHT}
      className={`inline-block align-middle ${tone}`}
    >
      <path
        d={pathOf(values)}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}

function pathOf(values: readonly (number | null)[]): string {
  const highest = Math.max(1, ...values.map((value) => value ?? 0))
  const step = (WIDTH - 2 * EDGE) / Math.max(1, values.length - 1)
  const points = values.map((value, index) => {
    if (value === null) return ''
    const x = EDGE + index * step
    const y = HEIGHT - EDGE - (value / highest) * (HEIGHT - 3)
    const before = values[index - 1] ?? null
    const isAlone = before === null && (values[index + 1] ?? null) === null
    const at = `${x.toFixed(1)},${y.toFixed(1)}`
    // What stands alone is a dash.
    return isAlone ? `M${at}m-3,0h3` : `${before === null ? 'M' : 'L'}${at}`
  })
  return points.join('')
}
