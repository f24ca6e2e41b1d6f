import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import { SERVICE_NAMES } from '../../infra/catalogue';

const RULES = path.resolve(__dirname, '../../policies/rules');

/** The stack of the states below. */
export const GOVERNED_STACK = 'governed';

/** Two states of a project with many policies, and how many of their decisions differ. */
export interface Governed {
  before: string;
  after: string;
}

/**
 * Writes what `preview --json` prints of a stack.
 * @param size resources, a Deployment each
 * @param changed how many of them get another image
 */
export async function writePlan(file: string, size: number, changed: number): Promise<void> {
  const steps = Array.from({ length: size }, (_, index) => step(index, index < changed));
  await writeFile(file, JSON.stringify({ steps, changeSummary: { same: size - changed, update: changed } }));
}

function step(index: number, isChanged: boolean) {
  const service = SERVICE_NAMES[index % SERVICE_NAMES.length] ?? '';
  const name = `${service}-${index}`;
  const types = 'aios:network:NetworkService$kubernetes:apps/v1:Deployment';
  const urn = `urn:pulumi:prod::aios-network::${types}::${name}`;
  const parent = `urn:pulumi:prod::aios-network::aios:network:NetworkService::${service}`;
  const state = (tag: string) => ({
    type: 'kubernetes:apps/v1:Deployment',
    urn,
    parent,
    custom: true,
    inputs: deployment(name, tag),
    outputs: deployment(name, tag),
  });
  return {
    op: isChanged ? 'update' : 'same',
    urn,
    oldState: state('v1.2.4'),
    newState: state(isChanged ? 'v1.2.5' : 'v1.2.4'),
  };
}

function deployment(name: string, tag: string) {
  const labels = { app: name };
  const env = Array.from({ length: 24 }, (_, index) => ({
    name: `VARIABLE_${index}`,
    value: `http://${name}:${index}`,
  }));
  const containers = [{ name, image: `registry.aios.internal:31280/${name}:${tag}`, env }];
  const template = { metadata: { labels }, spec: { containers } };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, labels }, spec: { replicas: 2, template } };
}

/**
 * Writes two states of a project: a third of the resources are policies, two thirds clusters that are bound to one.
 * @param changed clusters of which the second state lets one node less in; a request asks each of all for one
 */
export async function writeGoverned(folder: string, size: number, changed: number): Promise<Governed> {
  const [policies, clusters] = [size / 3, (size / 3) * 2];
  const state = async (name: string, changing: number) => {
    const checkout = path.join(folder, name);
    await mkdir(path.join(checkout, 'stacks/requests'), { recursive: true });
    for (const part of ['max-nodes', 'pre_check.py'])
      await cp(path.join(RULES, part), path.join(checkout, 'policies/rules', part), { recursive: true });
    const config = { 'aios-network:policies': policiesOf(policies, clusters, changing) };
    await writeFile(path.join(checkout, `stacks/Pulumi.${GOVERNED_STACK}.yaml`), stringify({ config }));
    await writeFile(path.join(checkout, 'stacks/requests/nodes.json'), JSON.stringify(numbered(clusters).map(joining)));
    return checkout;
  };
  return { before: await state('before', 0), after: await state('after', changed) };
}

const MOST = 20;

const policiesOf = (policies: number, clusters: number, changed: number) => ({
  rules: numbered(policies).map((number) => ({
    rule: 'max-nodes',
    name: `max-nodes-${number}`,
    parameters: { max: MOST },
  })),
  clusters: Object.fromEntries(
    numbered(clusters).map((number) => {
      const max = number <= changed ? MOST - 1 : MOST;
      return [
        `cluster-${number}`,
        { add_node: { policy: `max-nodes-${1 + (number % policies)}`, parameters: { max } } },
      ];
    }),
  ),
});

const joining = (number: number) => ({
  name: `a node joins cluster ${number}`,
  action: 'add_node',
  input: { node_data: { id: `node-${number}` }, cluster_data: { id: `cluster-${number}`, nodes: { count: MOST - 1 } } },
});

const numbered = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
