import { report } from '../../../../operations/verify/report';

test('the advice is one that works when followed: an update alone knows nothing of what a hand has changed', () => {
  const row = { setting: 'add_node', wanted: 'a', deployment: 'a', running: 'b', differs: true };
  const bad = { subject: 'p:v1', text: 'is not onboarded', state: 'bad' } as const;
  const seen = report('prod', { rows: [row], findings: [bad, { ...bad, subject: 'q:v1', state: 'unknown' }] });
  expect(seen.differs).toBe(true);
  expect(seen.text).toContain('`make refresh STACK=prod` and then `make up STACK=prod`');
  expect(seen.text).toContain('≠ p:v1  is not onboarded\n? q:v1  is not onboarded\n');
  expect(report('dev', { rows: [{ ...row, differs: false }], findings: [] })).toEqual({
    differs: false,
    text: expect.stringMatching(/\n\nAll agree\.\n$/) as string,
  });
});
