export { ClusterPreCheckPolicies, type ClusterPreCheckPoliciesArgs } from './cluster-pre-check-policies';
export { DatabaseNodes, type DatabaseNodesArgs } from './database-nodes';
export { DataPlacement, type DataPlacementArgs } from './data-placement';
export { Policy, type PolicyArgs, type PolicyCode } from './policy';
export { PolicyExecutor, type PolicyExecutorArgs } from './policy-executor';
export { type BindingValue, type Bindings, PreCheckPolicies, type PreCheckPoliciesArgs } from './pre-check-policies';
export { PullSecretCopy, type PullSecretCopyArgs } from './pull-secret-copy';
export { TargetCluster, type TargetClusterArgs } from './target-cluster';
export { AiosProvider, type AiosProviderArgs, type Endpoint } from './provider';
