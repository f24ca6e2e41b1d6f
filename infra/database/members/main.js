/** Entry of the container (watch) and of its preStop hook (leave). */
async function main() {
  // As the first process of a container, a signal without a handler would be ignored.
  process.on('SIGTERM', () => process.exit(0));
  /** @type {PodHost['connect']} */
  const connect = (uri) => new Mongo(uri);
  const io = podIo({ env: process.env, fs: require('fs'), https: require('https'), connect, sleep, log: console.log });
  if (process.env.MEMBERS_TASK === 'leave') await leave(io, Date.now() + Number(process.env.LEAVE_SECONDS) * 1000);
  else await watch(io);
}

// mongosh awaits what the last statement yields. Some versions have a `module` too.
if (typeof Mongo === 'function') main();
// @ts-expect-error -- functions of the other parts
else module.exports = { pass, leave, watch, podIo, scaleOf };
