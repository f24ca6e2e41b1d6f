import { documentOf } from '../../../../operations/verify/json';
import { report } from '../../../../operations/verify/report';
import { type Verification, stateOf } from '../../../../operations/verify/verify';

const row = { setting: 'add_node', wanted: 'a', deployment: 'a', running: 'b', differs: true };
const said = (check: string, ...states: ('good' | 'bad' | 'unknown' | 'unread')[]) => ({
  check,
  findings: states.map((state, index) => ({ subject: `${check}-${index}`, state, text: `is ${state}` })),
});
const verification = (more: Partial<Verification> = {}): Verification => ({ rows: [], sections: [], ...more });

test('the advice is one that works when followed: an update alone knows nothing of what a hand has changed', () => {
  const seen = verification({ rows: [row], sections: [said('governance', 'bad', 'unknown')] });
  const text = report('prod', 'there', seen);
  expect(text).toContain('`make refresh STACK=prod` and then `make up STACK=prod`');
  expect(text).toContain('≠ governance-0  is bad\n? governance-1  is unknown\n');
  expect(text).toContain('2 not as wanted');
  const agreeing = verification({ rows: [{ ...row, differs: false }] });
  expect(report('dev', 'here', agreeing)).toMatch(/\n\nAll agree\.\n$/);
});

test('of many things of a kind only those are listed that need a look', () => {
  const text = report('dev', 'here', verification({ sections: [said('workloads', 'good', 'bad', 'good')] }));
  expect(text).toContain('Workloads: 2 of 3 as wanted\n≠ workloads-1  is bad\n');
  expect(text).not.toContain('is good');
  const backups = report('dev', 'here', verification({ sections: [said('backups', 'good'), said('certificates')] }));
  expect(backups).toContain('Backups:\n  backups-0  is good\n');
  expect(backups).not.toContain('Certificates');
});

test('what could not be read is no agreement', () => {
  const text = report('dev', 'here', verification({ sections: [said('services', 'unread')] }));
  expect(text).toContain(
    'What could be read agrees.\n1 could not be read: a right is missing, or nobody answered (?).\n',
  );
});

test('of many things that could not be read the first few are listed', () => {
  const text = report(
    'dev',
    'here',
    verification({ sections: [said('drift', ...Array<'unread'>(5).fill('unread'), 'bad')] }),
  );
  expect(text.match(/^\? drift-/gm)).toHaveLength(3);
  expect(text).toContain('≠ drift-5  is bad\n? and 2 more that could not be read\n');
  expect(text).toContain('5 could not be read');
});

test.each([
  ['good', verification({ rows: [{ ...row, differs: false }], sections: [said('workloads', 'good', 'unknown')] })],
  ['bad', verification({ rows: [row] })],
  ['bad', verification({ sections: [said('workloads', 'unread', 'bad')] })],
  ['unread', verification({ sections: [said('workloads', 'good', 'unread')] })],
])('on the whole it is %s', (state, seen) => {
  expect(stateOf(seen)).toBe(state);
});

test('programs get every finding with its check', () => {
  const seen = verification({ rows: [row], sections: [said('workloads', 'good')] });
  expect(documentOf('prod', 'there', seen, new Date('2026-03-10T12:00:00Z'))).toEqual({
    stack: 'prod',
    context: 'there',
    time: '2026-03-10T12:00:00.000Z',
    state: 'bad',
    findings: [{ check: 'workloads', subject: 'workloads-0', state: 'good', text: 'is good' }],
    settings: [row],
  });
});
