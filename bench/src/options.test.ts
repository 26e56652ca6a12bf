import { expect, test } from 'vitest'
import { HELP, parseOptions } from './options.ts'

test('without a command the designs are compared', () => {
  expect(parseOptions(['--quick'])).toMatchObject({ command: 'compare', fanOuts: [1, 5] })
})

test('a command takes the options, before and after it', () => {
  expect(parseOptions(['--json', 'scale-out', '--workers', '1,4', '--scale', '0.1'])).toMatchObject(
    {
      command: 'scale-out',
      json: true,
      workers: [1, 4],
      scale: 0.1,
    },
  )
})

test.each([
  [['grow']],
  [['scale-out', 'growth']],
  [['--scale', '0']],
  [['--workers', '1,x']],
  [['--unknown']],
])('%j is refused', (args) => {
  expect(() => parseOptions(args)).toThrow(TypeError)
})

test('every option stands in the help', () => {
  const options = ['quick', 'rounds', 'fan-out', 'bytes', 'seconds', 'json', 'write', 'profile']
  for (const name of [...options, 'scale', 'workers', 'help']) expect(HELP).toContain(`  --${name}`)
})
