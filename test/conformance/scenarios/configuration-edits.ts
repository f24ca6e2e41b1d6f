import type { Sections } from '../../integration/harness/workspace';

/** A change of the stack's file. */
export interface Edit {
  /** What is said to have changed. */
  readonly name: string;
  /** Values by path; undefined takes the key away. */
  readonly set: Readonly<Record<string, unknown>>;
}

const REMOTE_EXECUTION = {
  'policies.execution': { mode: 'remote', executor: 'executor-007' },
  'policies.executors': { 'executor-007': { clusterPublicIp: '127.0.0.1', metadata: {}, hardware: {} } },
};

/** Changes of stack dev, of which both engines say the same. */
export const EDITS = [
  { name: 'more members', set: { 'registry.replicas': 5 } },
  { name: 'fewer members', set: { 'metrics.replicas': 1 } },
  { name: 'an even number of members, which is refused', set: { 'registry.replicas': 4 } },
  { name: 'larger volumes', set: { 'registry.size': '2Gi' } },
  { name: 'smaller volumes, which are refused', set: { 'registry.size': '512Mi' } },
  { name: 'a database stopped', set: { 'registry.stopped': true } },
  { name: 'memory of a database', set: { 'metrics.resources.limits.memory': '2Gi' } },
  { name: 'a database protected', set: { 'registry.protect': true } },
  { name: 'volumes moved, which is refused', set: { 'registry.storage.localPath': '/mnt/data/elsewhere' } },
  { name: 'a node less', set: { 'registry.nodes': ['worker-1', 'worker-2', 'worker-3', 'worker-4'] } },
  { name: 'an image', set: { 'services.overrides.parser.image': 'example/parser:v2' } },
  { name: 'all tags', set: { 'services.tag': 'v2' } },
  { name: 'pinned images, which dev has not', set: { 'services.pinned': true } },
  { name: 'pull Secrets', set: { 'services.imagePullSecrets': ['regcred'] } },
  { name: 'replicas of a service', set: { 'services.overrides.search-server.replicas': 3 } },
  {
    name: 'resources and environment of a service',
    set: {
      'services.overrides.parser.resources': { requests: { cpu: '50m' }, limits: { memory: '256Mi' } },
      'services.overrides.parser.env': { LOG_LEVEL: 'debug' },
    },
  },
  { name: 'a nodePort', set: { 'services.overrides.parser.nodePorts': { '8000': 30499 } } },
  { name: 'a service left out', set: { 'services.overrides.parser.enabled': false } },
  { name: 'the address that others reach', set: { 'network.advertisedHost': '127.0.0.2' } },
  { name: 'replicas and environment of the gateway', set: { 'gateway.replicas': 2, 'gateway.env': { DEBUG: '1' } } },
  { name: 'parameters of a policy', set: { 'policies.bindings.add_node.parameters.max': 3 } },
  { name: 'a binding more', set: { 'policies.bindings.add_block': 'block-quota' } },
  { name: 'a binding less', set: { 'policies.bindings.remove_cluster': undefined } },
  { name: 'another policy for an action', set: { 'policies.bindings.add_node': 'freeze-window' } },
  { name: 'remote execution', set: REMOTE_EXECUTION },
  { name: 'a key that does not exist', set: { 'services.overides': {} } },
  { name: 'everything at once', set: { 'registry.replicas': 5, 'services.tag': 'v3', ...REMOTE_EXECUTION } },
] as const satisfies readonly Edit[];

/** Carries an edit out on the sections of a stack's file. */
export function apply(sections: Sections, { set }: Edit): void {
  for (const [path, value] of Object.entries(set)) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let holder: Record<string, unknown> = sections;
    for (const key of keys) holder = (holder[key] ??= {}) as Record<string, unknown>;
    if (value === undefined) Reflect.deleteProperty(holder, last);
    else holder[last] = value;
  }
}
