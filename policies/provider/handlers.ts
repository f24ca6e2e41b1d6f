import { PullSecretCopy } from './cluster/pull-secret-copy';
import { TargetCluster } from './cluster/target-cluster';
import { DatabaseNodes } from './database/database-nodes';
import { DataPlacement } from './database/data-placement';
import { PolicyExecutor } from './executor/executor';
import type { ResourceHandler } from './resource-handler';
import { Policy } from './policy/policy';
import { ClusterPreCheckPolicies } from './pre-check/cluster-pre-check-policies';
import { PreCheckPolicies } from './pre-check/pre-check-policies';

/** The kinds of resources by their types. */
export const handlers: Readonly<Record<string, ResourceHandler>> = {
  'aios:governance:PreCheckPolicies': new PreCheckPolicies(),
  'aios:governance:ClusterPreCheckPolicies': new ClusterPreCheckPolicies(),
  'aios:governance:Policy': new Policy(),
  'aios:governance:PolicyExecutor': new PolicyExecutor(),
  'aios:database:DataPlacement': new DataPlacement(),
  'aios:database:DatabaseNodes': new DatabaseNodes(),
  'aios:cluster:TargetCluster': new TargetCluster(),
  'aios:cluster:PullSecretCopy': new PullSecretCopy(),
};
