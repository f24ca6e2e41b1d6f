import { existsSync } from 'node:fs';
import path from 'node:path';
import { type DecidingConfig, type OnboardedRule, parsePolicies } from '../../infra/config';
import { toGatewayMap } from '../../policies/actions';
import { packageRule } from '../../policies/packaging';
import { readRawConfig } from '../verify/stack-file';

/** A stack's policies at one time. */
export interface Side {
  readonly config: DecidingConfig;
  /** What the gateway asks: by the keys that it looks up. */
  readonly networkMap: Readonly<Record<string, unknown>>;
  /** What the membership servers of clusters ask, by the clusters' ids. */
  readonly clusterMaps: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** The policies that can be asked here, by URI. */
  readonly rules: ReadonlyMap<string, OnboardedRule>;
}

/** A stack that is not there: nothing is asked. */
const NOTHING: DecidingConfig = {
  execution: { mode: 'local' },
  unlisted: 'keep',
  onDelete: 'restore',
  rules: [],
  bindings: {},
  clusters: {},
};

/** Whether a state of the project has the stack. */
export function hasStack(checkout: string, stack: string): boolean {
  return existsSync(path.join(checkout, 'stacks', `Pulumi.${stack}.yaml`));
}

/**
 * Reads a stack's policies and their rules. Where there is no such stack, nothing is asked.
 * @throws RunError that tells what cannot be used
 */
export function readSide(checkout: string, stack: string): Side {
  const config = hasStack(checkout, stack)
    ? parsePolicies(readRawConfig(checkout, stack), path.join(checkout, 'policies/rules'))
    : NOTHING;
  const clusters = Object.entries(config.clusters);
  return {
    config,
    networkMap: toGatewayMap(config.bindings),
    clusterMaps: new Map(clusters.map(([id, bindings]) => [id, toGatewayMap(bindings)])),
    rules: new Map(config.rules.map((rule) => [rule.uri, rule])),
  };
}

const archives = new WeakMap<object, ReturnType<typeof packageRule>>();

/** A rule's archive, packed once. */
export function archiveOf({ rule }: OnboardedRule): ReturnType<typeof packageRule> {
  const packed = archives.get(rule) ?? packageRule(rule);
  archives.set(rule, packed);
  return packed;
}
