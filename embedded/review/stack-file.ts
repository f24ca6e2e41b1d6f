import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import { type YamlValue, configKey, parseYaml } from '../../stack-file';

const PROJECT = 'aios-network';

/** The keys beside `config` that say how a stack's secrets are encrypted. */
const ENCRYPTION = ['secretsprovider', 'encryptedkey', 'encryptionsalt'];

/** Where a stack is brought up for a review. */
export interface Place {
  readonly kubeconfig: string;
  readonly context: string;
  readonly gateway: string;
  readonly policiesSystem: string;
  readonly clustersRegistry: string;
  /** Takes the archives of policies. */
  readonly policyCode: string;
}

/** Encrypts what stands in for secrets. */
export interface Sealer {
  readonly salt: string;
  encrypt(text: string): string;
}

/**
 * A stack's file with everything as it is, but for where it goes: the embedded cluster and the simulated services. A secret,
 * which nobody here can decrypt, becomes a text that stands for its ciphertext: it changes when the secret does.
 * @throws YamlError for what the CLI would not read
 */
export function adaptStackFile(text: string, place: Place, sealer: Sealer): string {
  const document = asMap(parseYaml(text));
  const kept = Object.entries(document).filter(([key]) => key !== 'config' && !ENCRYPTION.includes(key));
  const config = asMap(standIns(sectionsOf(document.config ?? null), 'config', sealer));
  const elsewhere = ['context', 'kubeconfig', 'uid'];
  const other = Object.entries(sectionOf(config, 'cluster')).filter(([key]) => !elsewhere.includes(key));
  const cluster = { ...Object.fromEntries(other), context: place.context, kubeconfig: place.kubeconfig };
  return stringify({
    ...Object.fromEntries(kept),
    encryptionsalt: sealer.salt,
    config: { ...config, [`${PROJECT}:cluster`]: cluster, ...governance(config, place) },
  });
}

/** Where policies go. A stack that governs nothing keeps to that. */
function governance(config: Record<string, YamlValue>, place: Place): Record<string, YamlValue> {
  const key = `${PROJECT}:policies`;
  if (!(key in config)) return {};
  const policies = sectionOf(config, 'policies');
  const code = { ...asMap(policies.code ?? null), uploadUrl: place.policyCode };
  return { [key]: { ...policies, endpoints: endpointsOf(place), code } };
}

/** What of the real cluster and network a stack takes for granted. */
export interface Surroundings {
  /** Nodes that its databases name, and as many more as their members need hosts. */
  readonly nodes: readonly { name: string; hostname: string }[];
  /** Clusters of the network that it binds policies to. */
  readonly clusters: readonly string[];
  /** Whether somebody else makes its namespaces. */
  readonly hasNamespaces: boolean;
  /** The pull Secret that it copies. */
  readonly pullSecret?: { namespace: string; name: string };
}

export function surroundings(text: string): Surroundings {
  const config = sectionsOf(asMap(parseYaml(text)).config ?? null);
  const databases = ['registry', 'metrics'].map((name) => sectionOf(config, name));
  const nodes = databases.flatMap((database) => database.nodes ?? []).flat();
  return {
    clusters: Object.keys(asMap(sectionOf(config, 'policies').clusters ?? null)),
    hasNamespaces: sectionOf(config, 'cluster').namespaces === 'existing',
    ...pullSecretOf(asMap(sectionOf(config, 'services').pullSecretFrom ?? null)),
    nodes: [
      ...nodes.flatMap((node) => {
        if (typeof node === 'string') return { name: node, hostname: node };
        const { name, hostname } = asMap(node);
        return typeof name === 'string' && typeof hostname === 'string' ? { name, hostname } : [];
      }),
      ...hostsOf(databases.map(({ replicas }) => replicas ?? null)),
    ],
  };
}

function pullSecretOf({ namespace, name }: Record<string, YamlValue>): Pick<Surroundings, 'pullSecret'> {
  return typeof namespace === 'string' && typeof name === 'string' ? { pullSecret: { namespace, name } } : {};
}

/** An embedded cluster has six. */
const HOSTS = 6;
const MOST_MEMBERS = 50;

function hostsOf(replicas: readonly YamlValue[]): { name: string; hostname: string }[] {
  const most = Math.max(0, ...replicas.filter((count) => typeof count === 'number'));
  return Array.from({ length: Math.max(0, Math.min(most, MOST_MEMBERS) - HOSTS) }, (_, index) => {
    const name = `worker-${HOSTS + 1 + index}`;
    return { name, hostname: name };
  });
}

/** The configuration by full keys, which a file may leave the project out of. */
const sectionsOf = (config: YamlValue): Record<string, YamlValue> =>
  Object.fromEntries(Object.entries(asMap(config)).map(([key, value]) => [configKey(key, PROJECT) ?? key, value]));

const endpointsOf = ({ gateway, policiesSystem, clustersRegistry }: Place) =>
  Object.fromEntries(
    Object.entries({ gateway, policiesSystem, clustersRegistry }).map(([name, url]) => [name, { url }]),
  );

/** A section, which `pulumi config set policies '{…}'` writes as JSON text. What is malformed the program tells of. */
function sectionOf(config: Record<string, YamlValue>, name: string): Record<string, YamlValue> {
  const section = config[`${PROJECT}:${name}`] ?? null;
  if (typeof section !== 'string') return asMap(section);
  try {
    return asMap(JSON.parse(section) as YamlValue);
  } catch {
    return {};
  }
}

function standIns(value: YamlValue, key: string, sealer: Sealer): YamlValue {
  if (Array.isArray(value)) return value.map((item) => standIns(item, key, sealer));
  if (typeof value !== 'object' || value === null) return value;
  const { secure, ...rest } = value;
  if (typeof secure === 'string' && Object.keys(rest).length === 0) {
    return { secure: sealer.encrypt(standIn(key, secure)) };
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, standIns(inner, name, sealer)]));
}

function standIn(key: string, ciphertext: string): string {
  const digest = createHash('sha256').update(ciphertext).digest('hex').slice(0, 16);
  return key === 'kubeconfig' ? stringify({ ...EMPTY_KUBECONFIG, users: [{ name: digest, user: {} }] }) : digest;
}

const EMPTY_KUBECONFIG = { apiVersion: 'v1', kind: 'Config', clusters: [], contexts: [] };

const asMap = (value: YamlValue): Record<string, YamlValue> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
