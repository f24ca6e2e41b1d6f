import { spawnSync } from 'node:child_process';
import { cpuTimeOfEnded } from '../../bench/cpu-time';

/** Busy for so many milliseconds of CPU time, not of the clock: the machine may have other things to do. */
const busy = (milliseconds: number) =>
  `while (process.cpuUsage().user + process.cpuUsage().system < ${milliseconds * 1000});`;

test('the CPU time of a process counts once it has ended, and with it that of what it started itself', () => {
  const inner = `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(busy(300))}]);`;
  const before = cpuTimeOfEnded();
  spawnSync(process.execPath, ['-e', inner + busy(200)]);
  expect(cpuTimeOfEnded() - before).toBeGreaterThan(0.45);
});
