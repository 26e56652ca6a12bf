import type { Report } from './result.ts'
import { type Chart, svg } from './svg.ts'
import { cellName } from './tables.ts'

const [BLUE, GREY, ORANGE, VIOLET, GREEN] = ['#2f81f7', '#8b949e', '#e3792b', '#8957e5', '#2da44e']
const KB = 1_000

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
  const arrival = (design: 'posthorn' | 'baseline', of: 'arrivalP50Ms' | 'arrivalP99Ms') =>
    report.fanOuts.map((cell) => cell[design].halfLoad?.[of].median ?? Number.NaN)
  return {
    title: 'Publish → arrival at half load, ms (logarithmic)',
    isLogarithmic: true,
    categories: cellsOf(report),
    series: [
      { name: 'Posthorn p50', color: `${BLUE}99`, values: arrival('posthorn', 'arrivalP50Ms') },
      { name: 'Posthorn p99', color: BLUE, values: arrival('posthorn', 'arrivalP99Ms') },
      { name: 'baseline p50', color: `${GREY}99`, values: arrival('baseline', 'arrivalP50Ms') },
      { name: 'baseline p99', color: GREY, values: arrival('baseline', 'arrivalP99Ms') },
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
