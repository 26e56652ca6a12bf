interface SparklineProps {
  readonly values: readonly number[]
  /** What it shows, in words. */
  readonly label: string
  readonly tone: string
}

const WIDTH = 56
const HEIGHT = 22

/** A small line without axes: its shape is what it says. */
export function Sparkline({ values, label, tone }: SparklineProps) {
  const highest = Math.max(1, ...values)
  const step = WIDTH / Math.max(1, values.length - 1)
  const points = values.map((value, index) => {
    const y = HEIGHT - 1 - (value / highest) * (HEIGHT - 3)
    return `${(index * step).toFixed(1)},${y.toFixed(1)}`
  })
  return (
    <svg
      role="img"
      aria-label={label}
      width={WIDTH}
      height={HEIGHT}
      className={`inline-block align-middle ${tone}`}
    >
      <polyline
        points={points.join(' ')}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinejoin="round"
      />
    </svg>
  )
}
