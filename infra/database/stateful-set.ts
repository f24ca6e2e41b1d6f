import { StatefulSet } from '@pulumi/kubernetes/apps/v1';
import type { types } from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';
import { commonLabels, objectMeta, selectorLabels } from '../workload/metadata';
import { podSpec } from '../workload/pod';
import type { Access } from './access';
import { governingServiceName } from './addresses';
import { certificateCopy, directoryOwner, GRACE_SECONDS, keyfileCopy, members, mongod, resync } from './containers';
import { type Database, dataOptions } from './identity';
import type { Membership } from './membership';
import { placement } from './placement';
import { rotationName } from './rotation';
import { podSecurity } from './pod-security';
import { claimTemplate, isLocal } from './storage';
import { tlsVolumes } from './tls';

/** What the pods of a database are made from, beside the database. */
export interface PodParts {
  access: Access;
  membership: Membership;
  nodeLabels: Record<string, string>;
  imagePullSecrets: readonly string[];
}

/**
 * The StatefulSet of the members.
 *
 * Its pods start in parallel: in order, a member 0 whose node is lost would keep a majority of healthy members from
 * starting after an outage. They stop in parallel too, and each waits before it does, see `leave` in members/act.js.
 */
export function statefulSet(database: Database, parts: PodParts, dependsOn: pulumi.Resource[]): pulumi.Resource[] {
  const { name, namespace, config, parent } = database;
  const set = new StatefulSet(
    name,
    {
      metadata: objectMeta(name, { namespace }),
      spec: {
        replicas: config.stopped ? 0 : config.replicas,
        serviceName: governingServiceName(database),
        podManagementPolicy: 'Parallel',
        updateStrategy: { type: 'RollingUpdate' },
        selector: { matchLabels: selectorLabels(database.name) },
        template: podTemplate(database, parts),
        volumeClaimTemplates: [claimTemplate(database)],
      },
    },
    {
      parent,
      dependsOn,
      ...dataOptions(database),
      // Cannot be changed, and need not: the claims are resources of their own.
      ignoreChanges: ['spec.volumeClaimTemplates'],
      // Ready is who has the data. New members are filled while this waits, and members are restarted one after the other, each
      // of which may have to catch up. A run that gives up, or is interrupted, undoes nothing: the next one goes on waiting.
      customTimeouts: { create: '30m', update: '4h' },
    },
  );
  return [set];
}

function podTemplate(database: Database, parts: PodParts): types.input.core.v1.PodTemplateSpec {
  const { name } = database;
  const identity = { account: parts.membership.account.metadata.name, imagePullSecrets: parts.imagePullSecrets };
  return {
    metadata: {
      labels: commonLabels(name),
      annotations: { 'aios-network/members-checksum': parts.membership.checksum, ...keyfileRotation(database) },
    },
    spec: podSpec(identity, {
      enableServiceLinks: false,
      terminationGracePeriodSeconds: GRACE_SECONDS,
      securityContext: podSecurity,
      ...placement(database, parts.nodeLabels),
      initContainers: initContainers(database),
      containers: [mongod(database), members(database)],
      volumes: podVolumes(database, parts),
    }),
  };
}

/** mongod reads its keyfile when it starts, and so each rotation restarts the members, one after the other. */
export function keyfileRotation({ config: { rotate = 0 } }: Database): Record<string, string> {
  return rotate === 0 ? {} : { 'aios-network/keyfile-rotation': `${rotate}` };
}

/** What runs before the containers of a member's pod. */
export function initContainers(database: Database): types.input.core.v1.Container[] {
  return [
    ...(isLocal(database) ? [directoryOwner(database)] : []),
    ...[resync(database), keyfileCopy(database)],
    ...(database.config.tls === undefined ? [] : [certificateCopy(database)]),
  ];
}

/** Volumes of a pod beside its data. */
export function podVolumes(database: Database, { access, membership }: PodParts): types.input.core.v1.Volume[] {
  const readable = 0o440;
  return [
    { name: 'keyfile-secret', secret: { secretName: access.keyfile.metadata.name, defaultMode: readable } },
    { name: 'keyfile', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
    ...tlsVolumes(database.config),
    { name: 'credentials', secret: { secretName: access.credentials.metadata.name, defaultMode: readable } },
    // It comes after the clients, and they after the members.
    { name: 'rotation', configMap: { name: rotationName(database), optional: true } },
    { name: 'script', configMap: { name: membership.script.metadata.name } },
    { name: 'token', projected: { sources: tokenSources } },
    { name: 'signals', emptyDir: { sizeLimit: '1Mi' } },
    { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
  ];
}

/** As Kubernetes mounts them by itself into every container; here, only `members` gets them. */
const tokenSources: types.input.core.v1.VolumeProjection[] = [
  { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
  { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
];
