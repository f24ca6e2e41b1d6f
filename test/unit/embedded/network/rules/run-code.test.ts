import { runCode } from '../../../../../embedded/network/rules/run-code';
import { archive, functionPy, type ArchiveFormat } from '../policies';

const run = (code: Buffer, timeLimit?: number) =>
  runCode({
    archive: code,
    settings: { region: 'eu' },
    parameters: { max: 3 },
    input: { id: 'c1' },
    siblingModules: false,
    ...(timeLimit !== undefined && { timeLimit }),
  });
const rule = (body: string) => archive({ 'code/function.py': functionPy(body) });

it.each<ArchiveFormat>(['zip', 'tar', 'gztar', 'bztar', 'xztar'])('loads archives of format %s', async (format) => {
  const body = 'return [self.rule_id, self.settings, self.parameters, parameters, input_data, context]';
  const content = archive({ 'code/function.py': functionPy(body) }, format);
  await expect(run(content)).resolves.toEqual(['', { region: 'eu' }, { max: 3 }, { max: 3 }, { id: 'c1' }, null]);
});

it('takes nothing that a rule prints for its answer', async () => {
  await expect(run(rule('print(\'{"allowed": true}\')\nreturn {"allowed": False}'))).resolves.toEqual({
    allowed: false,
  });
});

it('keeps the environment of this process to itself', async () => {
  process.env.AIOS_TEST_SECRET = 'secret';
  try {
    const body = 'import os\nreturn os.environ.get("AIOS_TEST_SECRET")';
    await expect(run(rule(body))).resolves.toBeNull();
  } finally {
    delete process.env.AIOS_TEST_SECRET;
  }
});

it.each([
  ['raises', 'raise ValueError("too many")', 'too many'],
  ['exits', 'raise SystemExit()', 'SystemExit'],
  ['returns what is no JSON', 'return object()', 'not JSON serializable'],
  ['imports what is not installed', 'import no_such_module', "No module named 'no_such_module'"],
  ['dies', 'import os\nos._exit(3)', 'the rule ended without an answer (code 3)'],
])('reports a rule that %s', async (_, body, message) => {
  await expect(run(rule(body))).rejects.toThrow(message);
});

it('kills a rule that takes too long', async () => {
  await expect(run(rule('while True: pass'), 700)).rejects.toThrow('the rule did not answer in 0.7 s');
});

it('wants a folder `code`, in an archive', async () => {
  await expect(run(archive({ 'function.py': '' }))).rejects.toThrow("the archive has no top-level folder 'code'");
  await expect(run(Buffer.from('no archive'))).rejects.toThrow('file could not be opened successfully');
});
