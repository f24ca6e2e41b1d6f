import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { clusterStatus, startCluster, stopCluster, type Cluster } from '../../embedded/cluster';
import { isUsable } from '../../embedded/cluster/certificates';
import { COMPONENT_NAMES } from '../../embedded/cluster/components';
import { RELATIVE } from '../../embedded/cluster/paths';
import type { Progress } from '../../embedded/shared/cli/progress';
import { findProcesses } from '../../embedded/shared/processes/process-table';

jest.setTimeout(60_000);

const directory = mkdtempSync(path.join(tmpdir(), 'aios-cluster-'));
const start = () => startCluster({ directory });

beforeAll(start, 600_000);

afterAll(async () => {
  await stopCluster({ directory });
  rmSync(directory, { recursive: true });
});

async function kubectl({ kubectl: program, kubeconfig }: Cluster, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, ['--kubeconfig', kubeconfig, ...args]);
  return stdout.trim();
}

/** A Deployment of two pods comes up: scheduler, controllers and simulated nodes all do their part. */
async function deploy(cluster: Cluster, name: string): Promise<void> {
  await kubectl(cluster, 'create', 'deployment', name, '--image=example/never-pulled', '--replicas=2');
  await kubectl(cluster, 'rollout', 'status', `deployment/${name}`, '--timeout=20s');
}

function processIds(): number[] {
  return findProcesses(directory, COMPONENT_NAMES).map(({ pid }) => pid);
}

async function failureOf(work: Promise<unknown>): Promise<Error> {
  const outcome = await work.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );
  return outcome as Error;
}

test('pods run on simulated nodes', async () => {
  const cluster = await start();
  await deploy(cluster, 'ordinary');
  const nodes = await kubectl(cluster, 'get', 'pods', '-l', 'app=ordinary', '-o', 'jsonpath={.items[*].spec.nodeName}');
  expect(nodes.split(' ')).toEqual([expect.stringMatching(/^worker-[1-6]$/), expect.stringMatching(/^worker-[1-6]$/)]);
});

test('six nodes are there, without labels of an application', async () => {
  const labels = await kubectl(await start(), 'get', 'nodes', '-o', 'jsonpath={.items[*].metadata.labels}');
  expect(labels.match(/"kubernetes.io\/hostname":"worker-[1-6]"/g)).toHaveLength(6);
  expect(labels).not.toMatch(/registry|metrics/);
});

test('the server knows its version, which clients and preflight checks compare', async () => {
  expect(await kubectl(await start(), 'version')).toContain('Server Version: v1.36.3');
});

test('a start of a running cluster does nothing, quickly', async () => {
  await start();
  const before = processIds();
  const reported: Progress[] = [];
  const begin = performance.now();
  await startCluster({ directory, onProgress: (progress) => reported.push(progress) });
  expect(performance.now() - begin).toBeLessThan(1000);
  expect(processIds()).toEqual(before);
  expect(reported).toEqual([]);
});

test.each([
  ['kube-apiserver', ['kube-apiserver']],
  ['kwok', ['kwok']],
  ['everything', COMPONENT_NAMES],
])('after kill -9 of %s a start recovers, with the data', async (name, victims) => {
  const cluster = await start();
  await kubectl(cluster, 'create', 'configmap', `kept-${name}`, '--from-literal=key=value');
  for (const { pid } of findProcesses(directory, victims)) process.kill(pid, 'SIGKILL');

  const recovered = await start();
  expect(recovered).toEqual(cluster);
  expect(await kubectl(recovered, 'get', 'configmap', `kept-${name}`, '-o', 'jsonpath={.data.key}')).toBe('value');
  await deploy(recovered, `after-${name}`);
});

test('two starts at once make one cluster', async () => {
  await stopCluster({ directory });
  const [first, second] = await Promise.all([start(), start()]);
  expect(first).toEqual(second);
  expect(processIds()).toHaveLength(COMPONENT_NAMES.length);
});

test('only the owner can read anything, and nothing listens but the API server on loopback', async () => {
  const { server } = await start();
  const open = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(
    (name) => (statSync(path.join(directory, name)).mode & 0o077) !== 0,
  );
  expect(open).toEqual([]);
  expect(statSync(directory).mode & 0o077).toBe(0);
  expect(processIds().flatMap(tcpListeners)).toEqual([`127.0.0.1:${new URL(server).port}`]);
});

test('the certificate that the API server made is good for months, and replaced before it ends', async () => {
  await start();
  const read = (file: string) => readFileSync(path.join(directory, file), 'utf8');
  const isUsableAfter = (days: number) =>
    isUsable(read(RELATIVE.servingCertificate), read(RELATIVE.servingKey), Date.now() + days * 24 * 3600 * 1000);
  expect([isUsableAfter(300), isUsableAfter(340)]).toEqual([true, false]);
});

test('stop leaves no process, and only --wipe deletes the data', async () => {
  const cluster = await start();
  await kubectl(cluster, 'create', 'namespace', 'kept-by-stop');
  expect(await stopCluster({ directory })).toBe(COMPONENT_NAMES.length);
  expect(processIds()).toEqual([]);
  expect((await clusterStatus({ directory })).state).toBe('stopped');

  await kubectl(await start(), 'get', 'namespace', 'kept-by-stop');
  await stopCluster({ directory, wipe: true });
  expect(readdirSync(directory)).toEqual([]);
  expect(await kubectl(await start(), 'get', 'namespaces', '-o', 'name')).not.toContain('kept-by-stop');
});

test('a port that was taken meanwhile is replaced, one that is asked for is refused', async () => {
  const port = Number(new URL((await start()).server).port);
  await stopCluster({ directory });
  const intruder = await listen(port);
  try {
    const refusal = await failureOf(startCluster({ directory, port }));
    expect(refusal.message).toMatch(new RegExp(`^Port ${port} .* AIOS_CLUSTER_PORT .* taken .* name another port`));
    const moved = await start();
    expect(new URL(moved.server).port).not.toBe(String(port));
    expect(await kubectl(moved, 'get', 'nodes', '-o', 'name')).toContain('worker-6');
  } finally {
    await new Promise((resolve) => intruder.close(resolve));
  }
});

test('a start that fails says why, names the log, and leaves no process', async () => {
  await stopCluster({ directory, wipe: true });
  writeFileSync(path.join(directory, 'etcd'), 'where a folder should be');
  const failure = await failureOf(start());
  expect(failure.message).toMatch(/^etcd ended with code \d/);
  expect(failure.message).toContain('not a directory');
  expect(failure.message).toContain(path.join(directory, 'logs', 'etcd.log'));
  expect(processIds()).toEqual([]);
  rmSync(path.join(directory, 'etcd'));
});

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

/** TCP addresses that a process listens on, from the kernel's tables. */
function tcpListeners(pid: number): string[] {
  const sockets = readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      return ''; // closed meanwhile
    }
  });
  const listening = '0A';
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === listening && sockets.includes(`socket:[${inode ?? ''}]`))
      .map(([, address]) => (table === 'tcp' ? formatIPv4(address ?? '') : `[${address ?? ''}]`)),
  );
}

/** `0100007F:1F90` -> `127.0.0.1:8080` (the table's byte order is the machine's, little-endian) */
function formatIPv4(hexadecimal: string): string {
  const [address = '', port = ''] = hexadecimal.split(':');
  const bytes = Buffer.from(address, 'hex').reverse();
  return `${bytes.join('.')}:${parseInt(port, 16)}`;
}
