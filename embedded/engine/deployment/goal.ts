import type { RegisterResourceRequest } from '@pulumi/pulumi/proto/resource_pb';
import type { Alias } from '@pulumi/pulumi/proto/alias_pb';
import { UserError } from '../../shared/errors';
import { isProviderType } from '../state/urn';
import { parsePath } from '../values/paths';
import type { PropertyMap } from '../values/value';
import { decode } from '../values/wire';

/** An earlier identity of a resource: a whole URN, or the parts in which it differed. */
export type AliasGoal =
  | { urn: string }
  | { name?: string; type?: string; stack?: string; project?: string; parent?: string; noParent?: true };

/** What the program wants of one resource: a RegisterResourceRequest, decoded. */
export interface Goal {
  type: string;
  name: string;
  custom: boolean;
  parent?: string;
  inputs: PropertyMap;
  /** Undefined: as the parent has it. */
  protect?: boolean;
  retainOnDelete?: boolean;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  provider?: string;
  /** Paths of keys. */
  ignoreChanges: string[];
  additionalSecretOutputs: string[];
  aliases: AliasGoal[];
  customTimeouts: { create?: number; update?: number; delete?: number };
}

/** Reads a request; what this engine does not do is refused by name rather than ignored. */
export function goalOf(request: RegisterResourceRequest): Goal {
  refuseUnsupported(request);
  const timeouts = request.getCustomtimeouts();
  const parent = request.getParent();
  const provider = request.getProvider();
  const protect = request.getProtect();
  const retainOnDelete = request.getRetainondelete();
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    inputs: isProviderType(request.getType()) ? providerInputs(request) : decode(request.getObject()),
    dependencies: request.getDependenciesList(),
    propertyDependencies: propertyDependenciesOf(request),
    ignoreChanges: request.getIgnorechangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: [...request.getAliasurnsList().map((urn) => ({ urn })), ...request.getAliasesList().map(aliasOf)],
    customTimeouts: {
      ...duration('create', timeouts?.getCreate()),
      ...duration('update', timeouts?.getUpdate()),
      ...duration('delete', timeouts?.getDelete()),
    },
    ...(parent !== '' && { parent }),
    ...(provider !== '' && { provider }),
    ...(request.hasProtect() && protect !== undefined && { protect }),
    ...(request.hasRetainondelete() && retainOnDelete !== undefined && { retainOnDelete }),
  };
}

/** A provider resource's version is one of its inputs in the state: the CLI finds the plugin by it. */
function providerInputs(request: RegisterResourceRequest): PropertyMap {
  const version = request.getVersion();
  return { ...(version !== '' && { __internal: {}, version }), ...decode(request.getObject()) };
}

function propertyDependenciesOf(request: RegisterResourceRequest): Record<string, string[]> {
  const dependencies: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((of, property) => {
    dependencies[property] = of.getUrnsList();
  });
  return dependencies;
}

function refuseUnsupported(request: RegisterResourceRequest): void {
  const unsupported = {
    'a remote component': request.getRemote(),
    import: request.getImportid() !== '',
    deletedWith: request.getDeletedwith() !== '',
    'ignoreChanges with an index or a wildcard': !request.getIgnorechangesList().every(isPathOfKeys),
    replaceOnChanges: request.getReplaceonchangesList().length > 0,
    deleteBeforeReplace: request.getDeletebeforereplacedefined(),
    replaceWith: request.getReplaceWithList().length > 0,
    replacementTrigger: request.getReplacementTrigger() !== undefined,
    transforms: request.getTransformsList().length > 0,
    'a parameterized package': request.getPackageref() !== '',
    envVarMappings: request.getEnvvarmappingsMap().getLength() > 0,
    hooks: Object.values(request.getHooks()?.toObject() ?? {}).some((names) => names.length > 0),
  };
  const found = Object.entries(unsupported).find(([, used]) => used);
  if (found) {
    throw new UserError(
      `${request.getType()} "${request.getName()}" uses ${found[0]}, which the embedded engine does not support: ` +
        'use the pulumi CLI for this program.',
    );
  }
}

const isPathOfKeys = (path: string) => !path.includes('*') && parsePath(path).every((part) => typeof part === 'string');

function aliasOf(alias: Alias): AliasGoal {
  const spec = alias.getSpec();
  if (spec === undefined) return { urn: alias.getUrn() };
  const { name, type, stack, project, parenturn: parent, noparent } = spec.toObject();
  const given = Object.entries({ name, type, stack, project, parent }).filter(([, text]) => text !== '');
  return { ...Object.fromEntries(given), ...(noparent && { noParent: true }) };
}

const UNITS: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** Seconds of a Go duration such as `1h30m`. */
function duration<Key extends string>(key: Key, text: string | undefined): Partial<Record<Key, number>> {
  if (!text) return {};
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (parts.map(([part]) => part).join('') !== text) {
    throw new UserError(`customTimeouts.${key}: "${text}" is not a duration; write it like "10m" or "1h30m".`);
  }
  const seconds = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? 's'] ?? 1), 0);
  return { [key]: seconds } as Record<Key, number>;
}
