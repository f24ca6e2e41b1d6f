import { report } from '../../../../operations/verify/report';

test('the advice is one that works when followed: an update alone knows nothing of what a hand has changed', () => {
  const row = { setting: 'add_node', wanted: 'a', deployment: 'a', running: 'b', differs: true };
  const bad = { subject: 'p:v1', text: 'is not onboarded', state: 'bad' } as const;
  const findings = [bad, { ...bad, subject: 'q:v1', state: 'unknown' }] as const;
  const seen = report('prod', { rows: [row], findings: [...findings], backups: [] });
  expect(seen.differs).toBe(true);
  expect(seen.text).toContain('`make refresh STACK=prod` and then `make up STACK=prod`');
  expect(seen.text).toContain('≠ p:v1  is not onboarded\n? q:v1  is not onboarded\n');
  expect(report('dev', { rows: [{ ...row, differs: false }], findings: [], backups: [] })).toEqual({
    differs: false,
    text: expect.stringMatching(/\n\nAll agree\.\n$/) as string,
  });
});

test('a backup that is late is a difference, and told by itself', () => {
  const late = { subject: 'backup of registry', text: 'none was ever made', state: 'bad' } as const;
  const { differs, text } = report('prod', { rows: [], findings: [], backups: [late] });
  expect(differs).toBe(true);
  expect(text).toContain(
    'Backups:\n≠ backup of registry  none was ever made\n\n1 of the databases lack a backup of late',
  );
  expect(report('prod', { rows: [], findings: [], backups: [{ ...late, state: 'good' }] }).differs).toBe(false);
});
