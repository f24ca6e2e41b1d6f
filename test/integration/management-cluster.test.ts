import { execFile } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startCluster, stopCluster } from '../../embedded/cluster';
import { type DetachedNetwork, networkEnvironment, startNetwork } from '../../embedded/network';
import { Workspace, ended, until } from './harness/workspace';

const run = promisify(execFile);

interface KubernetesObject {
  metadata: { name: string; namespace?: string; generation?: number; labels?: Record<string, string> };
  spec: Record<string, unknown>;
}

const namespaces = ['registries', 'metrics-system', 'utils', 'services'];

describe('the management cluster on a real API server', () => {
  let directory: string;
  let cluster: Awaited<ReturnType<typeof startCluster>>;
  let network: DetachedNetwork;
  let workspace: Workspace;

  const kubectl = async (...args: string[]) => {
    const { stdout } = await run(cluster.kubectl, ['--kubeconfig', cluster.kubeconfig, ...args], {
      maxBuffer: 2 ** 26,
    });
    return stdout.trim();
  };
  const list = async (kind: string, ...args: string[]) =>
    (JSON.parse(await kubectl('get', kind, ...args, '-o', 'json')) as { items: KubernetesObject[] }).items;
  const names = async (kind: string, ...args: string[]) =>
    (await list(kind, ...args)).map(({ metadata: { namespace, name } }) => `${namespace ?? ''}/${name}`).sort();
  const environment = async () => {
    const path = 'jsonpath={.spec.template.spec.containers[0].env}';
    const env = await kubectl('-n', 'services', 'get', 'deployment', 'cluster-controller-gateway', '-o', path);
    return Object.fromEntries(
      (JSON.parse(env) as { name: string; value: unknown }[]).map((v) => [v.name, v.value ?? v]),
    );
  };

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'aios-cluster-'));
    cluster = await startCluster({ directory });
    const { kubeconfig, context } = cluster;
    network = await startNetwork({ directory: path.join(directory, 'network'), deployment: { kubeconfig, context } });
  }, 900_000);

  afterAll(async () => {
    await network.close();
    await stopCluster({ directory, wipe: true });
    await rm(directory, { recursive: true, force: true });
  }, 60_000);

  beforeEach(async () => {
    workspace = await Workspace.create({
      AIOS_EMBEDDED_KUBECONFIG: cluster.kubeconfig,
      ...networkEnvironment(network),
    });
  });

  afterEach(async () => {
    await workspace.configure(() => undefined);
    const { code, stdout, stderr } = await workspace.engine('destroy', '--yes');
    if (code !== 0) throw new Error(`destroy failed:\n${stdout}\n${stderr}`);
    await workspace.remove();
  }, 180_000);

  it('comes up, stays, changes as told, is repaired, and leaves nothing behind', async () => {
    const created = await workspace.changes('up', '--yes');
    expect(Object.keys(created)).toEqual(['create']);
    expect((await names('deployment', '-A')).length).toBeGreaterThanOrEqual(24);

    // The scheduler puts database pods on labelled nodes only, one to a node.
    const labelled = (await list('node', '-l', 'registry=yes')).map(({ metadata }) => metadata.name);
    expect(labelled).toEqual(['worker-1', 'worker-2', 'worker-3', 'worker-4', 'worker-5']);
    const hosts = (await list('pod', '-n', 'registries', '-l', 'app=registry')).map(({ spec }) => spec.nodeName);
    expect(new Set(hosts).size).toBe(3);
    expect(labelled).toEqual(expect.arrayContaining(hosts));

    // Nothing to do the second time, and no secret in the state.
    expect(await workspace.changes('up', '--yes', '--expect-no-changes')).toEqual({ same: created.create });
    const uri = Buffer.from(
      await kubectl('-n', 'registries', 'get', 'secret', 'registry-connection', '-o', 'jsonpath={.data.uri}'),
      'base64',
    ).toString();
    const password = /:([^:@]+)@/.exec(uri)?.[1] ?? '';
    expect(password.length).toBeGreaterThan(16);
    const state = (await workspace.state()) ?? '';
    expect([password, Buffer.from(password).toString('base64')].filter((text) => state.includes(text))).toEqual([]);

    // More members, another image, another execution mode: every other setting of the gateway stays, and no other
    // service restarts.
    const untouched = ['-n', 'registries', 'get', 'deployment', 'clusters-db', '-o', 'jsonpath={.metadata.generation}'];
    const generation = await kubectl(...untouched);
    const before = await environment();
    await workspace.configure((sections) => {
      sections.registry = { ...sections.registry, replicas: 5 };
      sections.services = { ...sections.services, overrides: { parser: { image: 'example/parser:v2' } } };
      sections.policies = { ...sections.policies, ...remoteExecution };
    });
    await workspace.changes('up', '--yes');
    expect(await names('pod', '-n', 'registries', '-l', 'app=registry')).toHaveLength(5);
    const image = 'jsonpath={.items[*].spec.containers[0].image}';
    expect(await kubectl('-n', 'services', 'get', 'pods', '-l', 'app=parser', '-o', image)).toContain(
      'example/parser:v2',
    );
    expect(await kubectl(...untouched)).toBe(generation);
    const after = await environment();
    expect(after).toEqual({ ...before, POLICY_EXECUTION_MODE: 'remote', POLICY_SYSTEM_EXECUTOR_ID: 'executor-007' });
    expect(await workspace.verify()).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^ {2}execution mode +remote +remote +remote\n {2}executor( +executor-007){3}\n/m,
      ) as string,
    });

    // What kubectl changes is seen by refresh, and taken back by the next up.
    await kubectl(
      '-n',
      'services',
      'set',
      'env',
      'deployment/cluster-controller-gateway',
      'POLICY_EXECUTION_MODE=local',
    );
    await kubectl('-n', 'utils', 'scale', 'deployment/search-server', '--replicas', '0');
    await kubectl('-n', 'services', 'set', 'image', 'deployment/parser', 'parser=example/parser:v3');
    await kubectl('-n', 'registries', 'delete', 'service', 'tasks-db-svc');
    // Slices of a Service and pods of a Deployment go a moment after it has changed.
    await until(
      async () => (await names('pod', '-n', 'utils', '-l', 'app=search-server')).length === 0,
      'no pod is left',
    );
    const changed = await workspace.verify('--drift');
    expect(changed.code).toBe(1);
    expect(told(changed.stdout, '≠')).toEqual([
      'execution mode remote local local',
      expect.stringMatching(
        /^services\/parser container parser is set to example\/parser:v3 in place of example\/parser:v2/,
      ),
      'utils/search-server set to 0 pods in place of 1; 0 of 1 pods ready',
      'registries/tasks-db-svc Service is not there',
      'utils/search-server no pod behind it answers',
      'Service registries/tasks-db-svc is not there',
      'Deployment services/cluster-controller-gateway differs at spec.template.spec.containers[cluster-controller-gateway].env[POLICY_EXECUTION_MODE].value',
      'Deployment services/parser differs at spec.template.spec.containers[parser].image',
      'Deployment utils/search-server differs at spec.replicas',
    ]);
    expect(await workspace.changes('refresh', '--yes')).toMatchObject({ update: 3, delete: 1 });
    expect(await workspace.changes('up', '--yes')).toMatchObject({ update: 3, create: 1 });
    const mended = await workspace.verify('--drift', '--json');
    expect(JSON.parse(mended.stdout)).toMatchObject({
      stack: 'dev',
      state: 'good',
      findings: expect.any(Array) as unknown,
    });
    expect({ code: mended.code, stderr: mended.stderr }).toEqual({ code: 0, stderr: '' });
    expect(await environment()).toEqual(after);
    const replicas = ['-n', 'utils', 'get', 'deployment', 'search-server', '-o', 'jsonpath={.spec.replicas}'];
    expect(await kubectl(...replicas)).toBe('1');

    // A policy that is bound and cannot be run fails the next up, though there is nothing to change; the advice works.
    const denying = 'aiosv1.policies.cluster-controller-gateway.read-only:v0.0.1-stable';
    const headers = { authorization: `Bearer ${network.token}` };
    await fetch(`${network.policiesSystem}/policy/${encodeURIComponent(denying)}`, { method: 'DELETE', headers });
    const unproven = await workspace.engine('up', '--yes');
    expect(unproven.code).not.toBe(0);
    expect(unproven.stdout).toContain(`≠ ${denying}`);
    expect(unproven.stdout).toContain('is not onboarded: everything that asks it is denied');
    expect(await workspace.changes('up', '--yes', '--refresh')).toMatchObject({ create: 1 });

    // From remote execution back to local, and every other setting of the gateway is what it was.
    await workspace.configure(() => undefined);
    await workspace.changes('up', '--yes');
    expect(await environment()).toEqual(before);

    await workspace.changes('destroy', '--yes');
    const left = await names('namespace');
    expect(left.filter((name) => namespaces.includes(name.slice(1)))).toEqual([]);
    expect(await names('persistentvolume')).toEqual([]);
    expect(await names('node', '-l', 'registry')).toEqual([]);
  }, 400_000);

  it('rotates the passwords of a database with what connects to it, one rotation at a time', async () => {
    const rotate = (rotation: number) =>
      workspace.configure((sections) => {
        sections.metrics = { ...sections.metrics, protect: true, rotate: rotation };
      });
    const string = async () => {
      const path = 'jsonpath={.data.global-vdag-metrics}';
      const secret = await kubectl('-n', 'metrics-system', 'get', 'secret', 'metrics-db-connection', '-o', path);
      return Buffer.from(secret, 'base64').toString();
    };
    const completed = () =>
      kubectl('-n', 'metrics-system', 'get', 'configmap', 'metrics-db-rotation', '-o', 'jsonpath={.data.completed}');
    await rotate(0);
    await workspace.changes('up', '--yes');
    expect([await string(), await completed()]).toEqual([
      expect.stringContaining('//global-vdag-metrics-0:') as string,
      '0',
    ]);

    const generations = async () => {
      const deployments = await list('deployment', '-A');
      return new Map(deployments.map(({ metadata: { name, generation } }) => [name, generation] as const));
    };
    const before = await generations();
    // Twice: what the first one leaves protected and unused, the second one deletes.
    for (const rotation of [1, 2]) {
      await rotate(rotation);
      const { create, update, replace } = await workspace.changes('up', '--yes');
      expect([create, replace]).toEqual([2, undefined]);
      expect(update).toBeGreaterThanOrEqual(7);
      expect([await string(), await completed()]).toEqual([
        expect.stringContaining(`//global-vdag-metrics-${rotation}:`) as string,
        `${rotation}`,
      ]);
    }
    const after = await generations();
    const changed = [...before].filter(([name, generation]) => after.get(name) !== generation).map(([name]) => name);
    expect(changed.sort()).toEqual(['global-block-metrics', 'global-cluster-metrics', 'global-vdag-metrics']);

    await rotate(4);
    const { code, stdout, stderr } = await workspace.engine('up', '--yes');
    expect([code, `${stdout}${stderr}`]).toEqual([1, expect.stringContaining('metrics.rotate is 4 and was 2')]);

    // So that all of it can be taken down.
    await workspace.configure((sections) => {
      sections.metrics = { ...sections.metrics, rotate: 2 };
    });
    await workspace.changes('up', '--yes');
  }, 400_000);

  it('is refused by a mandatory guardrail before anything is changed, and told of an advisory one', async () => {
    const judged = ['--policy-pack', 'policies/guardrails'];
    await workspace.configure((sections) => {
      sections.guardrails = { enforcement: 'mandatory', rules: { 'databases-kept': 'advisory' } };
    });
    const { code, stdout } = await workspace.engine('up', '--yes', ...judged);
    expect(stdout).toMatch(
      /❌ aios-network@v.*\n +- \[mandatory\] {2}images-pinned .*\n[^]*\[advisory\] {2}databases-kept /,
    );
    expect(stdout).not.toMatch(/\[mandatory\] {2}(?!images-pinned)/);
    expect([code, await names('deployment', '-A'), await workspace.state()]).toEqual([1, [], undefined]);

    await workspace.configure(() => undefined);
    const clean = await workspace.engine('preview', ...judged);
    expect(clean.stdout).toMatch(/\nPolicies:\n +✅ aios-network@v\S+ \(local: policies\/guardrails\)\n\n/);
    expect(clean.code).toBe(0);
  }, 180_000);

  it('recovers from a resource that failed', async () => {
    await kubectl('create', 'service', 'nodeport', 'squatter', '--tcp=80', '--node-port=30100');
    const failed = await workspace.engine('up', '--yes');
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(/30100.*already allocated/);

    await kubectl('delete', 'service', 'squatter');
    const { create = 0, same = 0 } = await workspace.changes('up', '--yes');
    expect(create).toBeGreaterThan(0);
    expect(same).toBeGreaterThan(0);
    expect(await workspace.changes('preview', '--expect-no-changes')).toEqual({ same: create + same });
  }, 200_000);

  it('converges after Ctrl-C and after kill -9, without duplicates', async () => {
    const interrupted = workspace.start('up', '--yes');
    const interruptedEnd = ended(interrupted);
    await until(async () => occurrences(await workspace.state(), '"type":"kubernetes:') > 20, 'some resources exist');
    interrupted.kill('SIGINT');
    expect(await interruptedEnd).toBe(1);
    expect(occurrences(await workspace.state(), '"pending_operations"')).toBe(0);

    const killed = workspace.start('up', '--yes');
    const killedEnd = ended(killed);
    await until(
      async () => occurrences(await workspace.state(), '"type":"creating"') > 0,
      'something is being created',
    );
    killed.kill('SIGKILL');
    await killedEnd;
    await until(() => Promise.resolve(!isRunning(workspace.directory)), "the killed engine's program has ended");

    await workspace.changes('up', '--yes');
    await workspace.changes('preview', '--refresh', '--expect-no-changes');
    expect(new Set(await names('service', '-A')).size).toBe((await names('service', '-A')).length);
  }, 300_000);
});

const remoteExecution = {
  execution: { mode: 'remote', executor: 'executor-007' },
  executors: { 'executor-007': { clusterPublicIp: '127.0.0.1', metadata: {}, hardware: {} } },
};

/** Lines of a report that bear a mark, without it, blanks as one. */
function told(report: string, mark: string): string[] {
  const lines = report.split('\n').filter((line) => line.startsWith(`${mark} `));
  return lines.map((line) => line.slice(2).replace(/ +/g, ' '));
}

/** Whether a process still works in a folder. */
function isRunning(folder: string): boolean {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.some((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  });
}

const occurrences = (text: string | undefined, part: string) => (text ?? '').split(part).length - 1;
