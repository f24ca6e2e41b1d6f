import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tarGz } from '../../../../policies/packaging/archive';
import { callRule, callRuleOften, findPython, RuleFailure, type RunOptions } from '../../../../policies/runner';

const CALL = { settings: { region: 'eu' }, parameters: { max: 3 }, input: { id: 'c1' } };

let folder: string;

beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'aios-runner-test-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** function.py whose eval has this body. */
function functionPy(body: string): string {
  return [
    'class AIOSv1PolicyRule:',
    '    def __init__(self, rule_id, settings, parameters):',
    '        self.made_with = [rule_id, settings, parameters]',
    '    def eval(self, parameters, input_data, context):',
    ...body.split('\n').map((line) => `        ${line}`),
    '',
  ].join('\n');
}

function archive(body: string, files: Record<string, string> = {}): Buffer {
  const all = { 'code/function.py': functionPy(body), 'code/requirements.txt': '', ...files };
  return tarGz(Object.entries(all).map(([name, text]) => ({ path: name, content: Buffer.from(text) })));
}

const run = (body: string, options?: RunOptions) => callRule(archive(body), CALL, options);

/** What Python makes of a script about archives. */
function archiveBy(script: string): Buffer {
  const file = path.join(folder, 'archive');
  const { status, stderr } = spawnSync(findPython().command, ['-c', script, file, functionPy('return 1')], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return readFileSync(file);
}

test('gives a rule what the gateway gives it', async () => {
  await expect(run('return [self.made_with, parameters, input_data, context]')).resolves.toEqual([
    ['', { region: 'eu' }, { max: 3 }],
    { max: 3 },
    { id: 'c1' },
    null,
  ]);
});

test.each(['w:', 'w:gz', 'w:bz2', 'w:xz'])('unpacks a tar of mode %s', async (mode) => {
  const script = `import io, sys, tarfile
t = tarfile.open(sys.argv[1], "${mode}")
i = tarfile.TarInfo("./code/function.py"); b = sys.argv[2].encode(); i.size = len(b)
t.addfile(i, io.BytesIO(b)); t.close()`;
  await expect(callRule(archiveBy(script), CALL)).resolves.toBe(1);
});

test('unpacks a zip', async () => {
  const script = `import sys, zipfile
z = zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED); z.writestr("code/", ""); z.writestr("code/function.py", sys.argv[2]); z.close()`;
  await expect(callRule(archiveBy(script), CALL)).resolves.toBe(1);
});

test.each([
  ['../out.py', "the archive's file '../out.py' leads out of its folder"],
  ['/tmp/aios-out.py', "the archive's file '/tmp/aios-out.py' leads out of its folder"],
])('does not unpack %s', async (name, message) => {
  await expect(callRule(archive('return 1', { [name]: 'x' }), CALL)).rejects.toThrow(message);
  expect(existsSync('/tmp/aios-out.py')).toBe(false);
});

test('does not follow links of an archive', async () => {
  const script = `import sys, tarfile
t = tarfile.open(sys.argv[1], "w")
i = tarfile.TarInfo("code"); i.type = tarfile.SYMTYPE; i.linkname = "/etc"; t.addfile(i); t.close()`;
  await expect(callRule(archiveBy(script), CALL)).rejects.toThrow("the archive has no top-level folder 'code'");
});

test('says what is no archive, and what has no folder code', async () => {
  await expect(callRule(Buffer.from('no archive'), CALL)).rejects.toThrow('Unsupported file format');
  const bare = tarGz([{ path: 'function.py', content: Buffer.from('') }]);
  await expect(callRule(bare, CALL)).rejects.toThrow("the archive has no top-level folder 'code'");
});

test('imports modules beside function.py only where it is told to', async () => {
  const content = archive('import beside\nreturn beside.VALUE', { 'code/beside.py': 'VALUE = 7' });
  await expect(callRule(content, CALL)).rejects.toThrow("No module named 'beside'");
  await expect(callRule(content, CALL, { siblingModules: true })).resolves.toBe(7);
});

test('takes nothing that a rule prints for its answer, and keeps the environment to itself', async () => {
  process.env.AIOS_TEST_SECRET = 'secret';
  try {
    await expect(
      run(`import os
print('{"result": 1}', flush=True)
return [os.environ.get("AIOS_TEST_SECRET"), "HOME" in os.environ]`),
    ).resolves.toEqual([null, false]);
  } finally {
    delete process.env.AIOS_TEST_SECRET;
  }
});

test.each([
  ['raises', 'raise ValueError("too many")', 'raised', 'too many'],
  ['exits', 'raise SystemExit()', 'raised', 'SystemExit'],
  ['returns what is no JSON', 'return object()', 'raised', 'not JSON serializable'],
  ['returns NaN', 'return float("nan")', 'raised', 'not JSON compliant'],
  ['dies', 'import os\nos._exit(3)', 'ended', 'ended Python with code 3'],
  ['answers too much', 'return "x" * 5_000_000', 'large', 'answered more than 4194304 bytes'],
  ['takes too much memory', 'return len(b"x" * (1 << 31))', 'raised', 'MemoryError'],
  ['writes too large a file', 'open("f", "wb").write(b"x" * (65 << 20))', 'raised', 'File too large'],
])('reports a rule that %s', async (_, body, kind, message) => {
  const failure = (await run(body).catch((error: unknown) => error)) as RuleFailure;
  expect(failure).toBeInstanceOf(RuleFailure);
  expect(failure).toMatchObject({ kind, message: expect.stringContaining(message) as string });
});

test('does not unpack more than it may', async () => {
  const content = archive('return 1', { 'code/data': 'x'.repeat(5_000) });
  await expect(callRule(content, CALL, { fileLimit: 4_000 })).rejects.toThrow('unpacks to more than 4000 bytes');
});

test('ends a rule that takes too long, with what it started', async () => {
  const file = path.join(folder, 'pid');
  const body = `import subprocess, time
child = subprocess.Popen(["sleep", "300"])
open(${JSON.stringify(file)}, "w").write(str(child.pid))
time.sleep(300)`;
  await expect(run(body, { timeLimit: 1_500 })).rejects.toThrow('took longer than 1.5 s');
  expect(isAlive(Number(readFileSync(file, 'utf8')))).toBe(false);
});

test('does not wait for what a rule leaves behind', async () => {
  const start = Date.now();
  await expect(
    run('import threading, time\nthreading.Thread(target=time.sleep, args=(300,)).start()\nreturn 1'),
  ).resolves.toBe(1);
  expect(Date.now() - start).toBeLessThan(9_000);
});

test('leaves no files', async () => {
  const where = (await run('import os\nreturn os.getcwd()')) as string;
  expect(path.basename(where)).toMatch(/^aios-rule-/);
  expect(existsSync(where)).toBe(false);
});

test('asks one question after the other, whatever becomes of the ones before', async () => {
  const body = `import os, time
if input_data == "die": os._exit(1)
if input_data == "hang": time.sleep(300)
globals()["COUNT"] = globals().get("COUNT", 0) + 1
return COUNT`;
  const calls = ['a', 'die', 'b', 'hang', 'c'].map((input) => ({ ...CALL, input }));
  const answers = await callRuleOften(archive(body), calls, { timeLimit: 1_500 });
  const shown = answers.map((answer) => ('failure' in answer ? answer.failure.kind : answer.result));
  expect(shown).toEqual([1, 'ended', 1, 'late', 1]);
});

test('runs what the sandbox makes of the command, in the folder that it is told', async () => {
  let told = '';
  const sandbox = (command: readonly string[], where: string) => {
    told = where;
    return ['env', 'AIOS_SANDBOX=yes', ...command];
  };
  const [variable, cwd] = (await run('import os\nreturn [os.environ["AIOS_SANDBOX"], os.getcwd()]', {
    sandbox,
  })) as unknown[];
  expect([variable, cwd]).toEqual(['yes', told]);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // What nobody has waited for yet is dead all the same.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('the present', () => {
  const now = 'import datetime, time\nreturn [datetime.datetime.now(datetime.timezone.utc).isoformat(), time.time()]';
  const at = (seconds: number) => ({ ...CALL, now: seconds });

  test('is that of each call, where calls have one', async () => {
    const answers = await callRuleOften(archive(now), [at(0), at(86_400)]);
    expect(answers).toEqual([
      { result: ['1970-01-01T00:00:00+00:00', 0] },
      { result: ['1970-01-02T00:00:00+00:00', 86_400] },
    ]);
  });

  test('can be reckoned with as always', async () => {
    const reckoned = `from datetime import date, datetime, timedelta
import time
moment = datetime.now() + timedelta(days=1)
return [isinstance(moment, datetime), isinstance(datetime.strptime("2020", "%Y"), datetime), isinstance(moment.date(), date),
        str(date.today()), datetime.utcnow().isoformat(), time.strftime("%Y", time.gmtime()), time.gmtime(86400 * 366).tm_year]`;
    const [answer] = await callRuleOften(archive(reckoned), [at(0)]);
    expect(answer).toEqual({ result: [true, true, true, '1970-01-01', '1970-01-01T00:00:00', '1970', 1971] });
  });

  test('is the real one otherwise', async () => {
    expect(((await run(now)) as [string, number])[1]).toBeGreaterThan(1_700_000_000);
  });
});

test('a rule that is offline finds no other service', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connect = `import socket\nsocket.create_connection(("127.0.0.1", ${port})).close()\nreturn 1`;
  await expect(run(connect)).resolves.toBe(1);
  await expect(run(connect, { offline: true })).rejects.toThrow('no other service is asked here');
  server.close();
});

test('calls are given up after so many without an answer, and those that were answered keep theirs', async () => {
  const sleeps = 'import time\ntime.sleep(0 if input_data["quick"] else 60)\nreturn 1';
  const calls = [true, false, true, false, true].map((quick) => ({ ...CALL, input: { quick } }));
  const answers = await callRuleOften(archive(sleeps), calls, { timeLimit: 1_500, giveUpAfter: 2 });
  expect(answers.map((answer) => ('failure' in answer ? answer.failure.message : answer.result))).toEqual([
    1,
    'took longer than 1.5 s',
    1,
    'took longer than 1.5 s',
    'was not asked any more, after 2 calls that gave no answer',
  ]);
});
