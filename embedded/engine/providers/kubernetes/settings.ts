import { UserError } from '../../../shared/errors';
import { type PropertyMap, type Value, reveal } from '../../values/value';

/** The provider's configuration, read. */
export interface Settings {
  /** A path, a list of paths or the contents; undefined: the default of kubectl ($KUBECONFIG, ~/.kube/config). */
  kubeconfig?: string;
  context?: string;
  clusterIdentifier?: string;
  /** Changed data updates a ConfigMap in place instead of replacing it. */
  enableConfigMapMutable: boolean;
  enableSecretMutable: boolean;
  /** A create takes over an object that exists already. */
  upsertExistingObjects: boolean;
}

/** A setting that this provider does not take. */
export class SettingError extends UserError {
  constructor(
    readonly property: string,
    reason: string,
  ) {
    super(`provider setting ${property}: ${reason}`);
    this.name = 'SettingError';
  }
}

const TEXTS = ['kubeconfig', 'context', 'clusterIdentifier'] as const;
const SWITCHES = ['enableConfigMapMutable', 'enableSecretMutable', 'upsertExistingObjects'] as const;
const KNOWN: readonly string[] = [...TEXTS, ...SWITCHES];

/** Settings of which this provider knows one value only: the SDK sends them unasked, if the environment has them. */
const FIXED: PropertyMap = {
  enableServerSideApply: 'true',
  deleteUnreachable: 'false',
  skipUpdateUnreachable: 'false',
};

/**
 * @throws SettingError naming the first key that is unknown, not supported or malformed
 */
export function readSettings(inputs: PropertyMap): Settings {
  const unknown = Object.keys(inputs).find((key) => !KNOWN.includes(key) && inputs[key] !== FIXED[key]);
  if (unknown !== undefined) {
    throw new SettingError(unknown, 'not supported by this engine; remove it, or use the pulumi CLI');
  }
  const settings: Settings = {
    enableConfigMapMutable: false,
    enableSecretMutable: false,
    upsertExistingObjects: false,
  };
  for (const key of SWITCHES) settings[key] = readBoolean(key, inputs[key]) ?? false;
  for (const key of TEXTS) {
    const text = readText(key, inputs[key]);
    if (text !== undefined && text !== '') settings[key] = text;
  }
  return settings;
}

function readText(key: string, value: Value | undefined): string | undefined {
  const plain = reveal(value ?? null);
  if (plain === null) return undefined;
  if (typeof plain === 'string') return plain;
  if (key === 'kubeconfig' && typeof plain === 'object') return JSON.stringify(plain);
  throw new SettingError(key, 'expected a text');
}

/** The SDK sends what is not a text as JSON in a text; a bare value is understood as well. */
function readBoolean(key: string, value: Value | undefined): boolean | undefined {
  const plain = reveal(value ?? null);
  if (plain === null || plain === '') return undefined;
  if (plain === true || plain === 'true') return true;
  if (plain === false || plain === 'false') return false;
  throw new SettingError(key, `${JSON.stringify(plain)} is neither true nor false`);
}
