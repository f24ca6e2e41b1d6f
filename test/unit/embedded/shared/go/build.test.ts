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
import { PACKAGES, STAGE_FILES } from '../../../../../embedded/cluster/programs';
import { builtName } from '../../../../../embedded/shared/go/build-report';
import { startTimeOf } from '../../../../../embedded/shared/processes/process-identity';

const CHECKOUT = path.resolve(__dirname, '../../../../..');

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

const STAGES = STAGE_FILES.map((file) => path.join('stages', path.basename(file)));

/** What is built here, by the folder in the cache. */
const BUILDS = {
  'control-plane': {
    cli: 'embedded/cluster/cli.ts',
    packages: Object.values(PACKAGES),
    files: [...Object.keys(PACKAGES), ...STAGES],
  },
  pulumi: {
    cli: 'embedded/pulumi/cli.ts',
    packages: ['pulumi', 'pulumi-language-nodejs', 'pulumi-resource-kubernetes'],
    files: ['pulumi', 'pulumi-language-nodejs', 'kubernetes/pulumi-resource-kubernetes'],
  },
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'aios-build-'));
  writeFileSync(path.join(folder, 'go'), GO);
  chmodSync(path.join(folder, 'go'), 0o755);
  for (const file of STAGE_FILES) {
    const stage = path.join(folder, 'kustomize', 'stage', file);
    mkdirSync(path.dirname(stage), { recursive: true });
    writeFileSync(stage, '');
  }
});

afterEach(() => rmSync(folder, { recursive: true }));

describe.each(['control-plane', 'pulumi'] as const)('the build of %s', (name) => {
  const { cli, packages, files } = BUILDS[name];
  const cacheOf = () => path.join(folder, 'aios-network', name);

  function build(): ChildProcess {
    const env = {
      PATH: `${folder}:${process.env.PATH ?? ''}`,
      XDG_CACHE_HOME: folder,
      FAKE: folder,
      PROGRAMS: packages.map(builtName).join(' '),
    };
    return spawn(process.execPath, ['--require', 'tsx/cjs', cli, 'build'], { cwd: CHECKOUT, env, stdio: 'ignore' });
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
    const [key = '', ...others] = readdirSync(cacheOf());
    expect(others).toEqual([]);
    const built = readdirSync(path.join(cacheOf(), key), { recursive: true, withFileTypes: true });
    const found = built
      .filter((file) => file.isFile())
      .map((file) => path.relative(path.join(cacheOf(), key), path.join(file.parentPath, file.name)));
    expect(found.sort()).toEqual([...files].sort());
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
    expect(readdirSync(cacheOf(), { recursive: true }).filter((name) => String(name).endsWith('compiled'))).toEqual([]);
    await expectWholeBuild();
  });

  test('what a build that was killed left, drafts of Go included, goes with the next one', async () => {
    const { child, go } = await hangingBuild();
    child.kill('SIGKILL');
    await exitOf(child);
    process.kill(go, 'SIGKILL');
    expect(readdirSync(cacheOf()).length).toBeGreaterThan(1);
    await expectWholeBuild();
  });
});
