import { type EChartsOption, init } from 'echarts'
import type { Report } from './result.ts'
import { cellName } from './tables.ts'

/** Read on white and on dark alike: nothing is behind a chart. */
const TEXT = '#768390'
const LINE = '#76839055'
const [BLUE, GREY, ORANGE, VIOLET, GREEN] = ['#2f81f7', '#8b949e', '#e3792b', '#8957e5', '#2da44e']
const SIZE = { width: 860, height: 340 }
const KB = 1_000

interface Series {
  readonly name: string
  readonly color: string
  readonly values: readonly number[]
  /** Those of one stack stand on each other. */
  readonly stack?: string
}

interface Chart {
  readonly title: string
  readonly categories: readonly string[]
  readonly series: readonly Series[]
  readonly isLogarithmic?: boolean
}

/** An SVG of each figure that is worth a look, by its name. */
export function chartsOf(report: Report): Record<string, string> {
  const isWhole = report.fanOuts.every(({ posthorn }) => posthorn.halfLoad && posthorn.backlog)
  const all = [throughput, cpu, ...(isWhole ? [latency, memory] : [])]
  return Object.fromEntries(all.map((chart) => [chart.name, svg(chart(report))]))
}

const cellsOf = ({ fanOuts }: Report) => fanOuts.map(cellName)

function throughput(report: Report): Chart {
  const { fanOuts } = report
  return {
    title: 'Deliveries a second at full load, by fan-out and size',
    categories: cellsOf(report),
    series: [
      {
        name: 'Posthorn',
        color: BLUE,
        values: fanOuts.map(({ posthorn }) => posthorn.deliveriesPerSecond.median),
      },
      {
        name: 'baseline',
        color: GREY,
        values: fanOuts.map(({ baseline }) => baseline.deliveriesPerSecond.median),
      },
    ],
  }
}

/** In each group Posthorn, the baseline, the floor. */
function cpu(report: Report): Chart {
  const { fanOuts } = report
  const parts = { API: 'api', worker: 'worker', Redis: 'redis' } as const
  const colors = { API: VIOLET, worker: BLUE, Redis: ORANGE }
  const stacks = ['posthorn', 'baseline'] as const
  return {
    title: 'CPU of each delivery, µs: left Posthorn, middle the baseline, right the floor',
    categories: cellsOf(report),
    series: [
      ...stacks.flatMap((stack) =>
        Object.entries(parts).map(([name, part]) => ({
          ...{ name, stack, color: colors[name as keyof typeof colors] },
          values: fanOuts.map((cell) => cell[stack].cpuUsByProcess[part]),
        })),
      ),
      {
        ...{ name: 'floor', stack: 'floor', color: GREEN },
        values: fanOuts.map(({ floor }) => floor.cpuUs.median),
      },
    ],
  }
}

function latency(report: Report): Chart {
  const p99 = (design: 'posthorn' | 'baseline') =>
    report.fanOuts.map((cell) => cell[design].halfLoad?.arrivalP99Ms.median ?? Number.NaN)
  const p50 = (design: 'posthorn' | 'baseline') =>
    report.fanOuts.map((cell) => cell[design].halfLoad?.arrivalP50Ms.median ?? Number.NaN)
  return {
    title: 'Publish → arrival at half load, ms (logarithmic)',
    isLogarithmic: true,
    categories: cellsOf(report),
    series: [
      { name: 'Posthorn p50', color: `${BLUE}99`, values: p50('posthorn') },
      { name: 'Posthorn p99', color: BLUE, values: p99('posthorn') },
      { name: 'baseline p50', color: `${GREY}99`, values: p50('baseline') },
      { name: 'baseline p99', color: GREY, values: p99('baseline') },
    ],
  }
}

function memory(report: Report): Chart {
  const { fanOuts } = report
  const kept = (design: 'posthorn' | 'baseline') =>
    fanOuts.map((cell) => (cell[design].backlog?.keptDeliveryBytes.median ?? Number.NaN) / KB)
  return {
    title: 'Redis for each delivery that is kept, KB',
    categories: cellsOf(report),
    series: [
      { name: 'Posthorn', color: BLUE, values: kept('posthorn') },
      { name: 'baseline', color: GREY, values: kept('baseline') },
    ],
  }
}

function svg({ title, categories, series, isLogarithmic = false }: Chart): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...SIZE })
  const text = { color: TEXT, fontFamily: 'system-ui, sans-serif' }
  const isStacked = series.some(({ stack }) => stack)
  const option: EChartsOption = {
    animation: false,
    textStyle: text,
    title: { text: title, left: 8, top: 6, textStyle: { ...text, fontSize: 15, fontWeight: 600 } },
    legend: {
      top: 32,
      left: 4,
      icon: 'roundRect',
      itemGap: 24,
      itemWidth: 12,
      itemHeight: 12,
      textStyle: text,
    },
    grid: { left: 8, right: 12, top: 70, bottom: 8, containLabel: true },
    xAxis: {
      type: 'category',
      data: [...categories],
      axisTick: { show: false },
      axisLine: { lineStyle: { color: LINE } },
      axisLabel: { color: TEXT },
    },
    yAxis: {
      type: isLogarithmic ? 'log' : 'value',
      splitLine: { lineStyle: { color: LINE } },
      axisLabel: { color: TEXT },
    },
    series: series.map(({ name, color, values, stack }) => ({
      ...{ type: 'bar', name, barGap: '12%', barCategoryGap: '28%' },
      itemStyle: { color, borderRadius: stack ? 0 : [3, 3, 0, 0] },
      data: values.map((value) => Number(value.toPrecision(3))),
      label: {
        ...{ show: !isStacked, position: 'top', fontSize: 10, color: TEXT },
        formatter: ({ value }: { value?: unknown }) => Number(value).toLocaleString('en-US'),
      },
      ...(stack && { stack }),
    })),
  }
  chart.setOption(option)
  const drawn = chart.renderToSVGString()
  chart.dispose()
  return drawn
}
