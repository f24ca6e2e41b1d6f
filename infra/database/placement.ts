import { NodePatch } from '@pulumi/kubernetes/core/v1';
import type { types } from '@pulumi/kubernetes';
import { hostSpread } from '../workload/pod';
import type { Database } from './identity';

/**
 * Labels the configured nodes, for the members to be placed there.
 *
 * The metadata is not `objectMeta`'s: the nodes belong to somebody else, and two databases may label the same one. Each
 * patch has a field manager of its own and owns its labels alone; the annotation is the same in all of them.
 */
export function labelNodes({ name, config, parent }: Database, labels: Record<string, string>): NodePatch[] {
  return config.nodes.map(
    (node) =>
      new NodePatch(
        `${name}-${node}`,
        { metadata: { name: node, labels, annotations: { 'pulumi.com/patchForce': 'true' } } },
        { parent },
      ),
  );
}

/** Where members may run: on labelled nodes, and no two on one host while another has none. */
export function placement(
  database: Database,
  nodeLabels: Record<string, string>,
): Pick<types.input.core.v1.PodSpec, 'nodeSelector' | 'topologySpreadConstraints'> {
  return {
    nodeSelector: nodeLabels,
    topologySpreadConstraints: [
      // Nodes without the labels are no hosts that could take a member.
      { ...hostSpread(database.name, 'DoNotSchedule'), nodeAffinityPolicy: 'Honor' },
    ],
  };
}
