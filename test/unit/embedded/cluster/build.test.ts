import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { builtNames, PACKAGES, STAGE_FILES } from '../../../../embedded/cluster/programs';
import { startTimeOf } from '../../../../embedded/shared/processes/process-identity';

const CHECKOUT = path.resolve(__dirname, '../../../..');

/** Does at once what Go does in minutes; while there is a file `hang` it compiles for ever. */
const GO = `#!/bin/sh
case "$1" in
version) echo 'go version go99.0 linux/amd64' ;;
list) if [ "$2" = -m ]; then echo "$FAKE"; else echo one; fi ;;
build)
  touch "$GOTMPDIR/compiled"
  if [ -e "$FAKE/hang" ]; then
    trap 'rm "$GOTMPDIR/compiled"; exit 1' INT
    echo $$ > "$FAKE/pid"
    while :; do sleep 0.05; done
  fi
  while [ "$1" != -o ]; do shift; done
  for program in $PROGRAMS; do touch "$2$program"; done ;;
esac
`;

let folder: string;
let cache: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'aios-build-'));
  cache = path.join(folder, 'aios-network', 'control-plane');
  writeFileSync(path.join(folder, 'go'), GO);
  chmodSync(path.join(folder, 'go'), 0o755);
  for (const file of STAGE_FILES) {
    const stage = path.join(folder, 'kustomize', 'stage', file);
    mkdirSync(path.dirname(stage), { recursive: true });
    writeFileSync(stage, '');
  }
});

afterEach(() => rmSync(folder, { recursive: true }));

function build(): ChildProcess {
  const programs = Object.keys(PACKAGES).map((name) => builtNames[name as keyof typeof PACKAGES] ?? name);
  const env = {
    PATH: `${folder}:${process.env.PATH ?? ''}`,
    XDG_CACHE_HOME: folder,
    FAKE: folder,
    PROGRAMS: programs.join(' '),
  };
  const args = ['--require', 'tsx/cjs', 'embedded/cluster/cli.ts', 'build'];
  return spawn(process.execPath, args, { cwd: CHECKOUT, env, stdio: 'ignore' });
}

const exitOf = async (child: ChildProcess) => (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];

/** A build that has come as far as compiling. @returns it, and the pid of its Go */
async function hangingBuild(): Promise<{ child: ChildProcess; go: number }> {
  writeFileSync(path.join(folder, 'hang'), '');
  const child = build();
  const pidFile = path.join(folder, 'pid');
  while (!existsSync(pidFile) || readFileSync(pidFile, 'utf8') === '') await delay(20);
  rmSync(path.join(folder, 'hang'));
  return { child, go: Number(readFileSync(pidFile, 'utf8')) };
}

async function whenEnded(pid: number): Promise<void> {
  while (startTimeOf(pid) !== undefined) await delay(20);
}

async function expectWholeBuild(): Promise<void> {
  expect(await exitOf(build())).toEqual([0, null]);
  const [key = '', ...others] = readdirSync(cache);
  expect(others).toEqual([]);
  expect(readdirSync(path.join(cache, key)).sort()).toEqual([...Object.keys(PACKAGES), 'stages'].sort());
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s ends a build with its Go, which clears up; the next one builds', async (signal, code) => {
  const { child, go } = await hangingBuild();
  child.kill(signal);
  expect(await exitOf(child)).toEqual([code, null]);
  await whenEnded(go);
  expect(readdirSync(cache, { recursive: true }).filter((name) => String(name).endsWith('compiled'))).toEqual([]);
  await expectWholeBuild();
});

test('what a build that was killed left, drafts of Go included, goes with the next one', async () => {
  const { child, go } = await hangingBuild();
  child.kill('SIGKILL');
  await exitOf(child);
  process.kill(go, 'SIGKILL');
  expect(readdirSync(cache).length).toBeGreaterThan(1);
  await expectWholeBuild();
});
