import { NodePatch } from '@pulumi/kubernetes/core/v1';
import type { types } from '@pulumi/kubernetes';
import { selectorLabels } from '../workload/metadata';
import { HOST, spread, ZONE } from '../workload/pod';
import type { Database } from './identity';

/**
 * Labels the configured nodes, for the members to be placed there.
 *
 * The metadata is not `objectMeta`'s: the nodes belong to somebody else, and two databases may label the same one. Each
 * patch has a field manager of its own and owns its labels alone; the annotation is the same in all of them.
 */
export function labelNodes({ name, config, parent }: Database, labels: Record<string, string>): NodePatch[] {
  return [...new Set(config.nodes)].map(
    (node) =>
      new NodePatch(
        `${name}-${node}`,
        { metadata: { name: node, labels, annotations: { 'pulumi.com/patchForce': 'true' } } },
        { parent },
      ),
  );
}

type Placement = Pick<
  types.input.core.v1.PodSpec,
  'affinity' | 'nodeSelector' | 'priorityClassName' | 'tolerations' | 'topologySpreadConstraints'
>;

/**
 * Where members may run: on labelled nodes, no two on one host, and in as many zones as there are. Where hosts may be shared, no
 * two are on one while another has none.
 */
export function placement({ name, config }: Database, nodeLabels: Record<string, string>): Placement {
  const { tolerations = [], priorityClass, sharedHosts = false } = config;
  return {
    nodeSelector: nodeLabels,
    ...(tolerations.length > 0 && { tolerations }),
    ...(priorityClass !== undefined && { priorityClassName: priorityClass }),
    ...(!sharedHosts && { affinity: { podAntiAffinity: apart(name) } }),
    topologySpreadConstraints: [
      // Nodes without the labels are no hosts that could take a member.
      ...(sharedHosts ? [{ ...spread(name, HOST, 'DoNotSchedule'), nodeAffinityPolicy: 'Honor' }] : []),
      // Volumes may bind members to a zone: better there than nowhere.
      { ...spread(name, ZONE, 'ScheduleAnyway'), nodeAffinityPolicy: 'Honor' },
    ],
  };
}

/** Unlike a spread of one at most, it does not depend on how many hosts, or members, there are. */
function apart(name: string): types.input.core.v1.PodAntiAffinity {
  const labelSelector = { matchLabels: selectorLabels(name) };
  return { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: HOST }] };
}
