import type { NetworkConfig, OnboardedRule } from '../../infra/config';
import { effectiveParameters, packageRule } from '../../policies/packaging';
import { ResponseError } from '../../policies/provider/errors';
import type { RequestContext } from '../../policies/provider/http/service';
import type { Services } from '../../policies/provider/services/services';
import { isJsonObject, type JsonObject } from '../../policies/provider/wire/value';
import { callRule, RuleFailure } from '../../policies/runner';
import type { Finding } from './bound-policies';

const SUBJECT = 'add_node, dry run';

/**
 * Whether the gateway decides on nodes as the rule bound to add_node does here, on the nodes of the rule's own cases and a
 * cluster that is registered.
 *
 * @returns nothing where there is no such rule, no cluster, or no such call of the gateway
 */
export async function dryRunFindings(
  services: Services,
  context: RequestContext,
  { policies }: NetworkConfig,
): Promise<Finding[]> {
  const binding = policies.bindings.add_node;
  const rule = policies.rules.find(({ uri }) => uri === binding?.policy);
  const clusters = rule ? await services.clustersRegistry.clusters(context) : [];
  const cluster = clusters.find(hasId);
  if (!binding || !rule || !cluster) return [];
  const given = Object.keys(binding.parameters).length === 0 ? undefined : binding.parameters;
  const parameters = effectiveParameters(rule, given, policies.execution.mode);
  for (const node of nodesOf(rule)) {
    const finding = await compareOn(services, context, { cluster, node, rule, parameters });
    if (finding !== 'same') return finding === 'not offered' ? [] : [finding];
  }
  return [
    { subject: SUBJECT, text: `of ${rule.name} decides as it does here, on cluster ${cluster.id}`, state: 'good' },
  ];
}

interface Question {
  cluster: JsonObject & { id: string };
  node: JsonObject;
  rule: OnboardedRule;
  parameters: Record<string, unknown>;
}

async function compareOn(
  services: Services,
  context: RequestContext,
  { cluster, node, rule, parameters }: Question,
): Promise<Finding | 'same' | 'not offered'> {
  const { id } = cluster;
  try {
    const decided = await services.gateway.dryRunAddNode(context, id, node);
    if (decided === undefined) return 'not offered';
    const input = { node_data: node, cluster_data: cluster, cluster_metrics: {} };
    const here = await callRule(packageRule(rule.rule).content, { settings: rule.settings, parameters, input });
    if (isJsonObject(here) && here.allowed === decided) return 'same';
    const answer = decided ? 'allows' : 'denies';
    return {
      subject: SUBJECT,
      text: `the gateway ${answer} a node of cluster ${id} that ${rule.name} does not, as it stands here`,
      state: 'bad',
    };
  } catch (error) {
    if (!(error instanceof ResponseError) && !(error instanceof RuleFailure)) throw error;
    // The metrics of a cluster, or its membership server, may be what is missing.
    return { subject: SUBJECT, text: `on cluster ${id} fails: ${error.message}`, state: 'unknown' };
  }
}

function hasId(cluster: JsonObject): cluster is JsonObject & { id: string } {
  return typeof cluster.id === 'string';
}

/** One node that the rule's cases allow, and one that they deny. */
function nodesOf({ rule }: OnboardedRule): JsonObject[] {
  return [true, false].flatMap((allowed) => {
    const found = rule.cases.find(
      ({ input, expected, malformed }) =>
        expected.allowed === allowed && malformed.length === 0 && isJsonObject(input) && isJsonObject(input.node_data),
    );
    return found && isJsonObject(found.input) && isJsonObject(found.input.node_data) ? [found.input.node_data] : [];
  });
}
