/**
 * What decisions depend on, by dotted paths: of the log of audit-only nothing else is kept. Addresses, hosts, users, free descriptions and configuration are left out on purpose.
 */
export const ALLOWED = [
  'id',
  'regionId',
  'cluster_id',
  'node_id',
  'tags',
  ...['id', 'regionId', 'tags', 'nodes.count', 'gpus.count', 'gpus.memory', 'vcpus.count', 'memory', 'swap'].map(
    (path) => `cluster_data.${path}`,
  ),
  ...['nodes.count', 'gpus.count', 'gpus.memory', 'vcpus.count', 'memory', 'swap', 'storage.disks', 'storage.size'],
  ...['id', 'cluster_id', 'tags', 'gpus.count', 'gpus.memory', 'vcpus.count', 'memory', 'swap'].map(
    (path) => `node_data.${path}`,
  ),
  ...['storage.disks', 'storage.size'].map((path) => `node_data.${path}`),
  ...['blockId', 'id', 'tags', 'maxInstances', 'minInstances', 'component.tags'].map((path) => `block_data.${path}`),
  'input.action',
  'input.operation',
];

/** Texts that may be a credential, or somebody's name or address, whatever the field: what is allowed are names of machines. */
const SUSPECT = [
  /^ey[A-Za-z0-9_-]+\./, // a JSON web token
  /^(gh[a-z]_|xox|sk-|AKIA|glpat-|bearer\s)/i,
  /\b\d{1,3}(\.\d{1,3}){3}\b/, // an IPv4 address
  /(password|passwd|secret|token|api[_-]?key)/i,
];
/** Names of machines, regions, models and tags. */
const NAME = /^[\w.:*+-]+( [\w.:*+-]+)*$/;

/** Longer words without a separator are no names. */
const LONGEST_WORD = 32;

/** Whether a text can be kept. */
export function isPlain(text: string): boolean {
  if (!NAME.test(text) || SUSPECT.some((pattern) => pattern.test(text))) return false;
  return text.length <= 64 && text.split(/[-_.: ]/).every((word) => word.length <= LONGEST_WORD);
}
