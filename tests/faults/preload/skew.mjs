// SIGUSR2 sets this process' wall clock SKEW_MS ahead, the next one sets it right again. Only what
// programs call the time of day is moved: timers and performance.now() go on, as with a real clock.
const skewMs = Number(process.env.SKEW_MS)
let aheadMs = 0

process.on('SIGUSR2', () => {
  aheadMs = aheadMs === 0 ? skewMs : 0
})

const now = () => RealDate.now() + aheadMs
const RealDate = globalThis.Date
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
})
