import { UserError } from '../../../shared/errors';
import { PropertyMap, Value, containsUnknown, reveal } from '../../values/value';

/** The provider's configuration, read. */
export interface Settings {
  /** A path or the contents; undefined: the default of kubectl ($KUBECONFIG, ~/.kube/config). */
  kubeconfig?: string;
  context?: string;
  cluster?: string;
  /** For namespaced objects that name none. */
  namespace?: string;
  clusterIdentifier?: string;
  /** Which cluster is meant depends on a resource that does not exist yet: only seen in previews. */
  clusterUnknown: boolean;
  /** Changed data updates a ConfigMap in place instead of replacing it. */
  enableConfigMapMutable: boolean;
  enableSecretMutable: boolean;
  /** A create takes over an object that exists already. */
  upsertExistingObjects: boolean;
  /** Updates take fields from other field managers. */
  enablePatchForce: boolean;
  strictMode: boolean;
  /** Seconds for one request to the API server. */
  requestTimeoutSeconds: number;
}

const texts = ['kubeconfig', 'context', 'cluster', 'namespace', 'clusterIdentifier'] as const;

const switches = {
  enableConfigMapMutable: 'PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE',
  enableSecretMutable: 'PULUMI_K8S_ENABLE_SECRET_MUTABLE',
  upsertExistingObjects: 'PULUMI_K8S_UPSERT_EXISTING_OBJECTS',
  enablePatchForce: 'PULUMI_K8S_ENABLE_PATCH_FORCE',
} as const;

/** Settings of which this provider knows one value only, and why. */
const fixed: Record<string, { value: boolean; why: string }> = {
  enableServerSideApply: { value: true, why: 'this engine applies on the server only' },
  deleteUnreachable: { value: false, why: 'this engine never forgets objects of a cluster that it cannot reach' },
  skipUpdateUnreachable: { value: false, why: 'this engine never skips a cluster that it cannot reach' },
  alwaysRender: { value: false, why: 'this engine does not render manifests' },
};

/** Settings that concern what this provider has none of: warnings about deprecated APIs and Helm hooks. */
const withoutEffect = ['suppressDeprecationWarnings', 'suppressHelmHookWarnings'];

const engineKeys = ['version', 'pluginDownloadURL', 'pluginChecksums'];

/**
 * @throws UserError naming the first key that is unknown, not supported or malformed
 */
export function readSettings(inputs: PropertyMap): Settings {
  for (const [key, value] of Object.entries(inputs)) checkKey(key, value);
  const settings: Settings = {
    clusterUnknown: ['kubeconfig', 'context', 'cluster'].some((key) => containsUnknown(inputs[key] ?? null)),
    enableConfigMapMutable: readSwitch(inputs, 'enableConfigMapMutable'),
    enableSecretMutable: readSwitch(inputs, 'enableSecretMutable'),
    upsertExistingObjects: readSwitch(inputs, 'upsertExistingObjects'),
    enablePatchForce: readSwitch(inputs, 'enablePatchForce'),
    strictMode: readBoolean('strictMode', inputs.strictMode) ?? false,
    requestTimeoutSeconds: readTimeout(inputs),
  };
  for (const key of texts) {
    const text = readText(key, inputs[key]);
    if (text !== undefined && text !== '') settings[key] = text;
  }
  return settings;
}

function checkKey(key: string, value: Value): void {
  const only = fixed[key];
  if (only) {
    const wanted = readBoolean(key, value);
    if (wanted !== undefined && wanted !== only.value) {
      throw new UserError(`provider setting ${key}: ${String(wanted)} is not supported, as ${only.why}; remove it`);
    }
    return;
  }
  const known =
    (texts as readonly string[]).includes(key) ||
    key in switches ||
    ['strictMode', 'kubeClientSettings', ...withoutEffect, ...engineKeys].includes(key) ||
    key.startsWith('__');
  if (!known) {
    throw new UserError(`provider setting ${key} is not supported by this engine; remove it, or use the pulumi CLI`);
  }
}

function readText(key: string, value: Value | undefined): string | undefined {
  if (value === undefined || containsUnknown(value)) return undefined;
  const plain = reveal(value);
  if (plain === null) return undefined;
  if (typeof plain === 'string') return plain;
  if (key === 'kubeconfig' && typeof plain === 'object') return JSON.stringify(plain);
  throw new UserError(`provider setting ${key}: expected a text`);
}

/** The SDK sends what is not a text as JSON in a text; a bare value is understood as well. */
function readBoolean(key: string, value: Value | undefined): boolean | undefined {
  if (value === undefined || containsUnknown(value)) return undefined;
  const plain = reveal(value);
  if (plain === null || plain === '') return undefined;
  if (plain === true || plain === 'true') return true;
  if (plain === false || plain === 'false') return false;
  throw new UserError(`provider setting ${key}: ${JSON.stringify(plain)} is neither true nor false`);
}

function readSwitch(inputs: PropertyMap, key: keyof typeof switches): boolean {
  return readBoolean(key, inputs[key]) ?? process.env[switches[key]] === 'true';
}

function readTimeout(inputs: PropertyMap): number {
  const text = readText('kubeClientSettings', inputs.kubeClientSettings ?? null);
  if (text === undefined) return 30;
  const { timeout, ...rest } = JSON.parse(text) as Record<string, unknown>;
  const [unsupported] = Object.keys(rest);
  if (unsupported !== undefined) {
    throw new UserError(
      `provider setting kubeClientSettings.${unsupported} is not supported: this engine limits the number of requests at ` +
        'a time, not their rate; remove it',
    );
  }
  return typeof timeout === 'number' ? timeout : 30;
}
