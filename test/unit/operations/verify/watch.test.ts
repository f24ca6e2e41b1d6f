import { UserError } from '../../../../operations/command-line';
import type { State } from '../../../../operations/verify/finding';
import type { Verification } from '../../../../operations/verify/verify';
import { watch } from '../../../../operations/verify/watch';

const seen = (state: State, text: string, differs = false): Verification => ({
  rows: [{ setting: 'add_node', wanted: 'a', deployment: 'a', running: differs ? 'b' : 'a', differs }],
  sections: [{ check: 'backups', findings: [{ subject: 'registry', state, text }] }],
});

/** What is told of looks one after the other. */
async function told(...looks: (Verification | Error)[]) {
  const end = new AbortController();
  const said: string[] = [];
  let next = 0;
  await watch({
    look: () => {
      const look = looks[next++] ?? new Error('one look too many');
      if (next === looks.length) end.abort();
      return look instanceof Error ? Promise.reject(look) : Promise.resolve(look);
    },
    tell: (_, changes, isFirst) => said.push(...(isFirst ? ['all'] : changes)),
    complain: (message) => said.push(message),
    every: 0.001,
    signal: end.signal,
  });
  return said;
}

test('of what stays as it is nothing is told, though a good backup grows older', async () => {
  expect(await told(seen('good', '1 hour old'), seen('good', '2 hours old'))).toEqual(['all']);
});

test('what becomes wrong, is wrong in another way, and is right again', async () => {
  const looks = [
    seen('good', 'a'),
    seen('bad', 'b'),
    seen('bad', 'b'),
    seen('bad', 'c', true),
    seen('good', 'd', true),
  ];
  expect(await told(...looks)).toEqual([
    'all',
    '≠ backups: registry: b',
    '≠ backups: registry: c',
    '≠ settings: add_node: wanted a, Deployment a, running b',
    'ok backups: registry: d',
  ]);
});

test('what is no longer told of', async () => {
  expect(await told(seen('good', 'a'), { rows: [], sections: [] })).toEqual([
    'all',
    '? backups: registry: is no longer told of',
    '? settings: add_node: is no longer told of',
  ]);
});

test('a cluster that is away is complained of once, and looked at again', async () => {
  const away = () => new UserError('nobody answers');
  expect(await told(seen('good', 'a'), away(), away(), seen('bad', 'b'))).toEqual([
    'all',
    'nobody answers',
    '≠ backups: registry: b',
  ]);
  await expect(told(away())).rejects.toThrow('nobody answers');
});
