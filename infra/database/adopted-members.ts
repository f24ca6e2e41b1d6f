import { Deployment } from '@pulumi/kubernetes/apps/v1';
import type { types } from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';
import { commonLabels, objectMeta, selectorLabels } from '../workload/metadata';
import { HOST, podSpec } from '../workload/pod';
import { adoptedNames } from './adopted-claims';
import { GRACE_SECONDS, members, mongod } from './containers';
import { type Database, dataOptions, hasUsers, memberLabels, ordinals, podName, PORT, REPLICA_SET } from './identity';
import { placement } from './placement';
import { podSecurity } from './pod-security';
import { initContainers, keyfileRotation, type PodParts, podVolumes } from './stateful-set';
import { DATA_VOLUME } from './storage';

type PodTemplate = types.input.core.v1.PodTemplateSpec;

/**
 * The Deployments that upstream's installer made, one a member.
 *
 * Each waits for the one before to be ready, which a member is that has the data: an update restarts one member at a time.
 */
export function adoptedMembers(database: Database, parts: PodParts, dependsOn: pulumi.Resource[]): pulumi.Resource[] {
  return ordinals(database).reduce<pulumi.Resource[]>(
    (before, ordinal) => [...before, member(database, ordinal, parts, [...dependsOn, ...before])],
    [],
  );
}

function member(database: Database, ordinal: number, parts: PodParts, dependsOn: pulumi.Resource[]): Deployment {
  const { namespace, config, parent } = database;
  const name = podName(database, ordinal);
  const template = hasUsers(database) ? managedPod(database, ordinal, parts) : upstreamPod(database, ordinal);
  return new Deployment(
    name,
    {
      metadata: objectMeta(name, { namespace }),
      spec: {
        replicas: config.stopped === true ? 0 : 1,
        revisionHistoryLimit: 3,
        selector: { matchLabels: selectorLabels(name) },
        // Two would open the same files.
        strategy: { type: 'Recreate' },
        template,
      },
    },
    // As for the StatefulSet of other sets: ready is who has the data.
    { parent, dependsOn, ...dataOptions(database), customTimeouts: { create: '30m', update: '4h' } },
  );
}

/** The pod as upstream has it, to the letter: to take it over restarts nothing. */
function upstreamPod(database: Database, ordinal: number): PodTemplate {
  return {
    metadata: { labels: selectorLabels(podName(database, ordinal)) },
    spec: {
      containers: [
        {
          name: 'mongo',
          image: database.config.image,
          command: ['mongod', '--replSet', REPLICA_SET, '--bind_ip_all'],
          ports: [{ containerPort: PORT }],
          volumeMounts: [{ name: DATA_VOLUME, mountPath: '/data/db' }],
        },
      ],
      volumes: [dataVolume(database, ordinal)],
    },
  };
}

/** The pod as that of every other set, on the node where its data is. */
function managedPod(database: Database, ordinal: number, parts: PodParts): PodTemplate {
  const name = podName(database, ordinal);
  const identity = { account: parts.membership.account.metadata.name, imagePullSecrets: parts.imagePullSecrets };
  const self = [
    { name: 'MEMBER', value: name },
    { name: 'MEMBERS', value: `${database.config.replicas}` },
  ];
  return {
    metadata: {
      labels: { ...commonLabels(name), ...memberLabels(database) },
      annotations: { 'aios-network/members-checksum': parts.membership.checksum, ...keyfileRotation(database) },
    },
    spec: podSpec(identity, {
      enableServiceLinks: false,
      terminationGracePeriodSeconds: GRACE_SECONDS,
      securityContext: podSecurity,
      ...place(database, ordinal, parts.nodeLabels),
      initContainers: initContainers(database),
      containers: [mongod(database), members(database, self)],
      volumes: [dataVolume(database, ordinal), ...podVolumes(database, parts)],
    }),
  };
}

/** Upstream's volume is on any node with the label, and with it a pod that moves begins anew: this one does not move. */
function place(database: Database, ordinal: number, nodeLabels: Record<string, string>) {
  const { storage } = database.config;
  const hostname = 'directories' in storage ? storage.directories[ordinal]?.hostname : undefined;
  const { tolerations, priorityClassName } = placement(database, nodeLabels);
  return {
    nodeSelector: { ...nodeLabels, ...(hostname !== undefined && { [HOST]: hostname }) },
    ...(tolerations && { tolerations }),
    ...(priorityClassName !== undefined && { priorityClassName }),
  };
}

function dataVolume(database: Database, ordinal: number): types.input.core.v1.Volume {
  return { name: DATA_VOLUME, persistentVolumeClaim: { claimName: adoptedNames(database, ordinal).claim } };
}
