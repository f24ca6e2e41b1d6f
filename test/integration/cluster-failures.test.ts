import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildPrograms, clusterStatus, startCluster, stopCluster } from '../../embedded/cluster';
import { findProcesses } from '../../embedded/shared/processes/process-table';

jest.setTimeout(120_000);

const CHECKOUT = path.resolve(__dirname, '../..');
const directory = mkdtempSync(path.join(tmpdir(), 'aios-failures-'));
const inFolder = (file: string) => path.join(directory, file);

beforeAll(() => buildPrograms(), 900_000);
beforeEach(() => stopCluster({ directory, wipe: true }));
afterAll(async () => {
  await stopCluster({ directory });
  rmSync(directory, { recursive: true });
});

/** A first start that is sent a signal as soon as it has made a file. @returns how it ended */
async function interruptedStart(file: string, signal: NodeJS.Signals): Promise<[number | null, NodeJS.Signals | null]> {
  const args = ['--require', 'tsx/cjs', 'embedded/cluster/cli.ts', 'start', '--directory', directory];
  const child = spawn(process.execPath, args, { cwd: CHECKOUT, stdio: 'ignore' });
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  while (!existsSync(inFolder(file)) && child.exitCode === null) await delay(1);
  child.kill(signal);
  return exit;
}

/** As if a minute had gone by, after which drafts are nobody's. */
function age(): void {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.draft'));
  for (const file of files) utimesSync(inFolder(file), 0, 0);
}

test.each([
  'lock',
  'credentials/tokens.csv',
  'certificates/service-accounts.key',
  'port',
  'logs/etcd.log',
  'logs/kube-apiserver.log',
  'certificates/apiserver.crt',
  'kubeconfig',
  'logs/kwok.log',
])('a start that is killed once there is its %s is gone on with by the next', async (file) => {
  expect(await interruptedStart(file, 'SIGKILL')).toEqual([null, 'SIGKILL']);
  age();
  await startCluster({ directory });
  expect((await clusterStatus({ directory })).state).toBe('running');
  const left = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.draft$|^lock/.test(name),
  );
  expect(left).toEqual([]);
});

test.each(['etcd/member/wal/0.tmp', 'etcd/member/wal/0000000000000000-0000000000000000.wal', 'etcd/member/snap/db'])(
  'an etcd that is killed with its start once there is its %s does not end the cluster for good',
  async (file) => {
    await interruptedStart(file, 'SIGKILL');
    for (const { pid } of findProcesses(directory, ['etcd', 'kube-apiserver'])) process.kill(pid, 'SIGKILL');
    await startCluster({ directory });
    expect((await clusterStatus({ directory })).state).toBe('running');
  },
);

test('data that was served is kept, however its cluster ends', async () => {
  const { kubectl, kubeconfig } = await startCluster({ directory });
  const run = (...args: string[]) => spawnSync(kubectl, ['--kubeconfig', kubeconfig, ...args], { encoding: 'utf8' });
  expect(run('create', 'namespace', 'kept').status).toBe(0);
  for (const { pid } of findProcesses(directory, ['etcd', 'kube-apiserver', 'kwok'])) process.kill(pid, 'SIGKILL');
  await startCluster({ directory });
  expect(run('get', 'namespace', 'kept', '-o', 'name').stdout).toBe('namespace/kept\n');
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends a start at once, and the next goes on', async (signal, code) => {
  expect(await interruptedStart('kubeconfig', signal)).toEqual([code, null]);
  await startCluster({ directory });
  expect((await clusterStatus({ directory })).state).toBe('running');
});

/** Whether this user may have a small disk of its own to fill. */
const mayMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', directory]).status === 0;

(mayMount ? test : test.skip)('a full disk is told as that, and can be wiped', () => {
  const cli = 'node --require tsx/cjs embedded/cluster/cli.ts';
  const script = `
    mount -t tmpfs -o size=300k tmpfs '${directory}'
    ${cli} start --directory '${directory}'; echo "ended with $?"
    head -c 1M /dev/zero > '${directory}/mine' 2> /dev/null
    ${cli} stop --wipe --directory '${directory}'; echo "ended with $?"
    ls -A '${directory}'`;
  const { stdout, stderr } = spawnSync('unshare', ['-rm', 'bash', '-c', script], { cwd: CHECKOUT, encoding: 'utf8' });
  expect(stderr).toMatch(
    /^Starting etcd, kube-apiserver\.\nerror: The disk is full: make room for \S+ \(etcd ended with code 2; its log: \S+\)\.\n$/,
  );
  expect(stdout).toBe('ended with 1\nThe embedded cluster was not running. Its data is deleted.\nended with 0\nmine\n');
});
