import { runRule } from '../../../../../embedded/network/rules/run-rule';
import { archive, functionPy, type ArchiveFormat } from '../policies';

const run = (code: Buffer, timeLimit?: number) =>
  runRule({
    archive: code,
    settings: { region: 'eu' },
    parameters: { max: 3 },
    input: { id: 'c1' },
    siblingModules: false,
    ...(timeLimit !== undefined && { timeLimit }),
  });
const rule = (body: string) => archive({ 'code/function.py': functionPy(body) });

it('gives a rule its settings, parameters and input', async () => {
  const body = 'return [self.settings, self.parameters, parameters, input_data]';
  await expect(run(rule(body))).resolves.toEqual([{ region: 'eu' }, { max: 3 }, { max: 3 }, { id: 'c1' }]);
});

it('CONTRACT 37: a rule has no id and no context', async () => {
  await expect(run(rule('return [self.rule_id, context]'))).resolves.toEqual(['', null]);
});

it('lets rules use what the ready-made ones do', async () => {
  const body = [
    'import datetime, decimal, fnmatch, ipaddress, json, logging, re, zoneinfo',
    'logging.getLogger("aios").warning("denied")',
    'at = datetime.datetime(2026, 7, 1, 12, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin"))',
    'return [str(at), str(decimal.Decimal("1.10")), open("note", "w").write("abc"), open("note").read()]',
  ].join('\n');
  await expect(run(rule(body))).resolves.toEqual(['2026-07-01 12:00:00+02:00', '1.10', 3, 'abc']);
});

it('keeps the environment of this process to itself', async () => {
  process.env.AIOS_TEST_SECRET = 'secret';
  try {
    const body = 'import os\nreturn sorted(os.environ)';
    const names = (await run(rule(body))) as string[];
    expect(names.filter((name) => !['LC_CTYPE', 'PATH', 'TZ'].includes(name))).toEqual([]);
  } finally {
    delete process.env.AIOS_TEST_SECRET;
  }
});

it.each([
  ['raises', 'raise ValueError("too many")', 'too many'],
  ['exits', 'raise SystemExit()', 'SystemExit'],
  ['returns what is no JSON', 'return object()', 'not JSON serializable'],
  ['imports what is not installed', 'import no_such_module', "No module named 'no_such_module'"],
  ['dies', 'import os\nos._exit(3)', 'ended Python with code 3'],
])('reports a rule that %s', async (_, body, message) => {
  await expect(run(rule(body))).rejects.toThrow(message);
});

it.each<ArchiveFormat>(['zip', 'tar', 'gztar', 'bztar', 'xztar'])(
  'CONTRACT 38: loads archives of format %s',
  async (format) => {
    const content = archive({ 'code/function.py': functionPy('return 1') }, format);
    await expect(run(content)).resolves.toBe(1);
  },
);

it('CONTRACT 38: wants a folder `code`, in an archive', async () => {
  await expect(run(archive({ 'function.py': '' }))).rejects.toThrow("the archive has no top-level folder 'code'");
  await expect(run(Buffer.from('no archive'))).rejects.toThrow('Unsupported file format');
});
