// Loaded into each service by `npm start` (node --import). If the process that started it is killed,
// the IPC channel between them closes, and the service ends as on SIGTERM instead of running on alone.
if (process.channel) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel.unref()
}
