import 'uplot/dist/uPlot.min.css'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import { useShownTheme } from '../layout/theme.ts'
import { type ChartSeries, optionsFor } from './options.ts'

interface ChartProps {
  /** What it shows, in words, for those who cannot see it. */
  readonly label: string
  /** Unix seconds. */
  readonly times: readonly number[]
  readonly series: readonly ChartSeries[]
  readonly format: (value: number) => string
}

const HEIGHT_PX = 180

/** A chart over time. Loaded when it is needed: the first page does without the library. */
export function Chart({ label, times, series, format }: ChartProps) {
  const box = useRef<HTMLDivElement>(null)
  const theme = useShownTheme()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours to read
  useEffect(() => {
    const element = box.current
    if (!element) return
    const options = optionsFor(series, format, getComputedStyle(element))
    const data = [times, ...series.map(({ values }) => values)] as unknown as uPlot.AlignedData
    const width = () => Math.max(200, element.clientWidth)
    const chart = new uPlot({ ...options, width: width(), height: HEIGHT_PX }, data, element)
    const resize = new ResizeObserver(() => chart.setSize({ width: width(), height: HEIGHT_PX }))
    resize.observe(element)
    return () => {
      resize.disconnect()
      chart.destroy()
    }
  }, [times, series, format, theme])
  return <div ref={box} role="img" aria-label={label} className="min-h-52 w-full min-w-0" />
}
