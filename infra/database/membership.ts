import { createHash } from 'node:crypto';
import { ConfigMap, ServiceAccount } from '@pulumi/kubernetes/core/v1';
import { Role, RoleBinding } from '@pulumi/kubernetes/rbac/v1';
import type * as pulumi from '@pulumi/pulumi';
import { objectMeta } from '../workload/metadata';
import { type Database, ordinals, podName } from './identity';
import { membersScript } from './members/script';
import { markNameOf } from './signals';

/** File of the ConfigMap that mongosh runs. */
export const SCRIPT = 'members.js';

/** What the container that looks after the membership runs, and as whom. */
export interface Membership {
  script: ConfigMap;
  /** Digest of the script: a new one has to reach running pods. */
  checksum: string;
  account: ServiceAccount;
  /** Without them, members cannot learn how many are wanted, nor whether there was a replica set before. */
  prerequisites: pulumi.Resource[];
}

/**
 * Creates the script that manages the members, and an account that may read the StatefulSet, note that there is a replica set,
 * and make events, and nothing else.
 *
 * The wanted number comes from there because a change of it must restart no member, as environment variables would, and
 * must be known at once when a pod is stopped, which the delayed update of a mounted ConfigMap would miss.
 */
export function membership(database: Database): Membership {
  const { name, namespace, parent } = database;
  const source = membersScript();
  const scriptName = `${name}-members`;
  const script = new ConfigMap(
    scriptName,
    { metadata: objectMeta(scriptName, { namespace }), data: { [SCRIPT]: source } },
    { parent },
  );
  const account = new ServiceAccount(
    name,
    { metadata: objectMeta(name, { namespace }), automountServiceAccountToken: false },
    { parent },
  );
  const checksum = createHash('sha256').update(source).digest('hex');
  return { script, checksum, account, prerequisites: [initiatedMark(database), permission(database, account)] };
}

/**
 * What remembers, outside of the members' disks, that there is a replica set: members annotate it with its replicaSetId, and
 * initiate none on empty disks while it says so. It is made here, and not by them, to go with the stack.
 */
function initiatedMark({ name, namespace, parent }: Database): ConfigMap {
  const markName = markNameOf(name);
  return new ConfigMap(markName, { metadata: objectMeta(markName, { namespace }) }, { parent });
}

function permission(database: Database, account: ServiceAccount): RoleBinding {
  const { name, namespace, parent } = database;
  const roleName = `${name}-members`;
  const role = new Role(
    roleName,
    {
      metadata: objectMeta(roleName, { namespace }),
      rules: [
        { apiGroups: ['apps'], ...workloads(database), verbs: ['get'] },
        { apiGroups: [''], resources: ['configmaps'], resourceNames: [markNameOf(name)], verbs: ['get', 'patch'] },
        { apiGroups: [''], resources: ['events'], verbs: ['create'] },
      ],
    },
    { parent },
  );
  return new RoleBinding(
    roleName,
    {
      metadata: objectMeta(roleName, { namespace }),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role.metadata.name },
      subjects: [{ kind: 'ServiceAccount', name: account.metadata.name, namespace }],
    },
    { parent },
  );
}

/** What tells whether a member is to stop, and how many there are to be. */
function workloads(database: Database) {
  if (database.config.adopted !== true) return { resources: ['statefulsets'], resourceNames: [database.name] };
  const resourceNames = ordinals(database).map((ordinal) => podName(database, ordinal));
  return { resources: ['deployments'], resourceNames };
}
