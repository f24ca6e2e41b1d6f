import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findIsolation, sandboxed, type Level } from '../../../../../embedded/network/rules/isolation';
import { callRule, findPython, type Python } from '../../../../../policies/runner';
import { archive, functionPy } from '../policies';

const isRoot = process.getuid?.() === 0;
const systemPython: Python = { command: '/usr/bin/python3', version: '3' };
const nobody = 65534;

interface Surroundings {
  /** A file of the owner's, like .aios/passphrase. */
  readonly secret: string;
  /** In a folder of the owner's, like the embedded cluster's. */
  readonly kubeconfig: string;
  readonly port: number;
}

/** Wraps the runner as a level does, or as a level does for another user. */
type Wrap = (command: readonly string[], folder: string) => readonly string[];

const asNobody: Wrap = (command, folder) => {
  for (const file of ['.', ...readdirSync(folder)]) chownSync(path.join(folder, file), nobody, nobody);
  const drop = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--inh-caps=-all'];
  return [...drop, ...sandboxed('namespaces', systemPython)(command, folder)];
};

const can = (program: string, ...args: string[]) => {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** The ways of being kept in that this machine has: each is tried for real. */
const ways: Record<string, { wrap: Wrap; level: Level; isThere: boolean }> = {
  'as its owner, in namespaces': {
    wrap: sandboxed('namespaces', findPython()),
    level: 'namespaces',
    isThere: can('unshare', '--net', ...(isRoot ? [] : ['--user']), 'true'),
  },
  'as a user without rights, in a namespace of users': {
    wrap: asNobody,
    level: 'namespaces',
    isThere:
      isRoot &&
      existsSync(systemPython.command) &&
      can('setpriv', `--reuid=${nobody}`, '--clear-groups', 'unshare', '--user', '--net', 'true'),
  },
  'as root becomes another user': {
    wrap: sandboxed('user', systemPython),
    level: 'user',
    isThere: isRoot && existsSync(systemPython.command),
  },
};

let folder: string;
let listener: Server;
let surroundings: Surroundings;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'aios-attack-'));
  chmodSync(folder, 0o755);
  const secret = path.join(folder, 'passphrase');
  writeFileSync(secret, 'hunter22', { mode: 0o600 });
  listener = createServer((socket) => socket.end('hello'));
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const closed = path.join(folder, 'cluster');
  mkdirSync(closed, { mode: 0o700 });
  const kubeconfig = path.join(closed, 'kubeconfig');
  writeFileSync(kubeconfig, '{}', { mode: 0o644 });
  surroundings = { secret, kubeconfig, port: (listener.address() as AddressInfo).port };
});

afterAll(async () => {
  await new Promise((resolve) => listener.close(resolve));
  rmSync(folder, { recursive: true });
});

const MIB = 1024 ** 2;

function attack(wrap: Wrap, body: string, timeLimit = 5_000): Promise<unknown> {
  const code = archive({ 'code/function.py': functionPy(body) });
  const call = { settings: {}, parameters: { ...surroundings }, input: {} };
  const limits = { timeLimit, memoryLimit: 512 * MIB, answerLimit: MIB, fileLimit: 32 * MIB };
  return callRule(code, call, { ...limits, python: systemPython, sandbox: wrap });
}

/** What a rule tries, and how each try has to end: with an exception of these, whose name it answers with. */
const tried = (work: string) =>
  [
    'try:',
    ...work.split('\n').map((line) => `    ${line}`),
    'except BaseException as error:',
    '    return type(error).__name__',
  ].join('\n');

describe.each(Object.entries(ways))('a rule that is run %s', (_, { wrap, level, isThere }) => {
  // A machine without what it takes says so at the start of the network.
  const test = isThere ? it : it.skip;

  test('answers', async () => {
    await expect(attack(wrap, 'return {"allowed": True}')).resolves.toEqual({ allowed: true });
  });

  test.each([
    ['the passphrase', 'return open(parameters["secret"]).read()'],
    ['the kubeconfig of the embedded cluster', 'return open(parameters["kubeconfig"]).read()'],
    ['what another process has in its memory', 'import os\nreturn open("/proc/%d/mem" % os.getppid()).read(1)'],
    ['the shadow file', 'return open("/etc/shadow").read()'],
  ])('cannot read %s', async (__, work) => {
    await expect(attack(wrap, tried(work))).resolves.toMatch(/^(FileNotFound|Permission)Error$/);
  });

  (isThere && level === 'namespaces' ? it : it.skip)(
    'sees nothing of the file system but what Python needs',
    async () => {
      const body =
        'import os\nreturn [sorted(os.listdir("/")), [p for p in ("/home", "/tmp", "/proc", "/sys", "/run") if os.path.exists(p)]]';
      const [root, seen] = (await attack(wrap, body)) as [string[], string[]];
      expect(seen).toEqual([]);
      expect(
        root.filter((name) => !['dev', 'etc', 'lib', 'lib64', 'nix', 'root', 'usr', 'work'].includes(name)),
      ).toEqual([]);
    },
  );

  test.each([
    ['forks', 'import os\nreturn os.fork()'],
    ['starts a program', 'import subprocess\nreturn subprocess.check_output(["/bin/true"]).decode()'],
    ['starts a thread', 'import threading\nreturn threading.Thread(target=print).start()'],
  ])('%s in vain', async (__, work) => {
    await expect(attack(wrap, tried(work))).resolves.toMatch(/^(BlockingIO|Runtime|FileNotFound)Error$/);
  });

  test('cannot become root again', async () => {
    await expect(attack(wrap, tried('import os\nreturn os.setuid(0)'))).resolves.toMatch(/^(OS|Permission)Error$/);
  });

  test.each([
    ['what Python runs', 'import json\nreturn str(open(json.__file__, "a"))'],
    ['the system', 'return str(open("/usr/lib/evil", "w"))'],
  ])('cannot change %s', async (__, work) => {
    await expect(attack(wrap, tried(work))).resolves.toMatch(/^(OS|Permission)Error$/);
  });

  test('gets no more memory than it may have', async () => {
    await expect(attack(wrap, tried('return len(bytearray(2 << 30))'))).resolves.toBe('MemoryError');
  });

  test('writes no file larger than it may', async () => {
    const work = 'with open("big", "wb") as file:\n    for _ in range(200): file.write(bytes(1 << 20))';
    await expect(
      attack(wrap, tried(`import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n${work}`)),
    ).resolves.toBe('OSError');
  });

  (isThere && level === 'namespaces' ? it : it.skip)('fills no disk with many files', async () => {
    const work = 'for n in range(100):\n    with open("f%d" % n, "wb") as file: file.write(bytes(8 << 20))';
    await expect(attack(wrap, tried(work))).resolves.toBe('OSError');
  });

  (isThere && level === 'namespaces' ? it : it.skip).each([
    ['this machine', 'socket.create_connection(("127.0.0.1", parameters["port"]), 2).recv(5).decode()'],
    ['another machine', 'socket.create_connection(("192.0.2.1", 80), 2)'],
    ['the name server', 'socket.getaddrinfo("attacker.example", 80)'],
  ])('reaches nothing on %s', async (__, work) => {
    await expect(attack(wrap, tried(`import socket\nreturn str(${work})`))).resolves.toMatch(
      /^(OSError|gaierror|timeout|TimeoutError)$/,
    );
  });

  test('that loops for ever is ended', async () => {
    await expect(attack(wrap, 'while True: pass', 1_000)).rejects.toThrow('took longer than 1 s');
  });

  test.each([
    ['prints', 'while True: print("x" * 65536)'],
    ['logs', 'import os\nwhile True: os.write(2, b"x" * 65536)'],
  ])('that %s gigabytes is ended', async (__, body) => {
    await expect(attack(wrap, body)).rejects.toMatchObject({
      kind: 'ended',
      trace: expect.stringContaining('printed more than 1048576 bytes') as string,
    });
  });

  test('that answers more than it may is ended', async () => {
    await expect(attack(wrap, 'return "x" * (2 << 20)')).rejects.toMatchObject({ kind: 'large' });
  });

  test('leaves nothing running, whatever it does about signals and groups', async () => {
    const body = [
      'import ctypes, os, signal, time',
      'try: os.setsid()',
      'except OSError: pass',
      'for number in range(1, 65):',
      '    try: signal.signal(number, signal.SIG_IGN)',
      '    except (OSError, ValueError): pass',
      'ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)',
      'while True: time.sleep(60)',
    ].join('\n');
    let mine = 'not run';
    const noted: Wrap = (command, place) => wrap(command, (mine = place));
    await expect(attack(noted, body, 1_500)).rejects.toThrow('took longer than');
    const isGone = () => !execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).includes(mine);
    for (let tries = 0; tries < 100 && !isGone(); tries += 1) await delay(20);
    expect(isGone()).toBe(true);
  });
});

it('this machine’s best level is found by trying, and what is missing of it is said', async () => {
  const { level, warning } = await findIsolation();
  expect(['namespaces', 'user', 'limits']).toContain(level);
  expect(warning === undefined).toBe(level === 'namespaces');
});

it('a Python that cannot be kept in at all is said to be of no use', async () => {
  await expect(findIsolation({ command: '/bin/false', version: '3' })).rejects.toThrow(
    /^Policy rules cannot be run: namespaces: .*; user: .*; limits: /s,
  );
});
