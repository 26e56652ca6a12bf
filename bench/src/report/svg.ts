import { type EChartsOption, init } from 'echarts'

/** Read on white and on dark alike: nothing is behind a chart. */
const TEXT = '#768390'
const LINE = '#76839055'
const SIZE = { width: 860, height: 340 }

interface Series {
  readonly name: string
  readonly color: string
  readonly values: readonly number[]
  /** Those of one stack stand on each other. */
  readonly stack?: string
}

export interface Chart {
  readonly title: string
  readonly categories: readonly string[]
  readonly series: readonly Series[]
  readonly isLogarithmic?: boolean
}

/** Bars in groups, each with its value above unless they stand on each other. */
export function svg({ title, categories, series, isLogarithmic = false }: Chart): string {
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
