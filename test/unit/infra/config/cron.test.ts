import { type CronSchedule, parseCron, runBefore } from '../../../../infra/config/cron';

function before(text: string, at: string): string | undefined {
  const schedule = parseCron(text);
  if (typeof schedule === 'string') throw new Error(schedule);
  return runBefore(schedule, new Date(at))?.toISOString().slice(0, 16);
}

test.each([
  ['0 2 * * *', '2026-03-10T12:00Z', '2026-03-10T02:00'],
  ['0 2 * * *', '2026-03-10T02:00Z', '2026-03-09T02:00'],
  ['0 2 * * *', '2026-03-01T01:00Z', '2026-02-28T02:00'],
  ['*/15 * * * *', '2026-03-10T12:14Z', '2026-03-10T12:00'],
  ['50/5 * * * *', '2026-03-10T12:00Z', '2026-03-10T11:55'],
  ['30 1,13 * * 1-5', '2026-03-09T00:00Z', '2026-03-06T13:30'],
  ['0 0 * * sun', '2026-03-10T00:00Z', '2026-03-08T00:00'],
  ['0 0 1 JAN ?', '2026-03-10T00:00Z', '2026-01-01T00:00'],
  ['@weekly', '2026-03-10T00:00Z', '2026-03-08T00:00'],
  // Either day will do where both are given.
  ['0 0 1 * 1', '2026-03-08T00:00Z', '2026-03-02T00:00'],
  ['0 0 29 2 *', '2104-02-29T00:00Z', '2096-02-29T00:00'],
])('%s comes before %s at %s', (text, at, run) => {
  expect(before(text, at)).toBe(run);
});

test.each([
  ['', 'must be a cron schedule of five fields'],
  ['0 2 * *', 'must be a cron schedule of five fields'],
  ['@every 1h', 'must be a cron schedule of five fields'],
  ['60 2 * * *', 'must have a minute from 0 to 59, and has "60"'],
  ['0 24 * * *', 'must have an hour from 0 to 23'],
  ['0 2 0 * *', 'must have a day of the month from 1 to 31'],
  ['0 2 * foo *', 'must have a month from 1 to 12, and has "foo"'],
  ['0 2 * * 7', 'must have a day of the week from 0 to 6'],
  ['5-1 * * * *', 'must have a minute'],
  ['*/0 * * * *', 'must have a minute'],
  ['1, * * * *', 'must have a minute'],
  ['0 0 30 2 *', 'must come at some time'],
])('%j is refused', (text, message) => {
  expect(parseCron(text) satisfies CronSchedule | string).toEqual(expect.stringContaining(message));
});
