import { effectiveParameters, packageRule } from '../packaging';
import { ResponseError } from '../provider/errors';
import type { RequestContext } from '../provider/http/service';
import type { NodeAction } from '../provider/services/gateway';
import type { Services } from '../provider/services/services';
import { isJsonObject, type Json, type JsonObject } from '../provider/wire/value';
import { callRule, RuleFailure } from '../runner';
import type { Finding } from './finding';
import type { Governed, GovernedRule } from './governed';

/** What is asked about, by action, and the part of a rule's input that the gateway takes from elsewhere. */
const QUESTIONS = {
  add_node: { subject: 'node_data', isSubject: isJsonObject, foreign: { cluster_metrics: {} } },
  remove_node: {
    subject: 'node_id',
    isSubject: (value: unknown) => typeof value === 'string' && value !== '',
    foreign: { cluster_metrics: {}, block_instances: [] },
  },
} as const satisfies Record<NodeAction, unknown>;

const ACTIONS = Object.keys(QUESTIONS) as NodeAction[];

/**
 * Whether the gateway decides on nodes as the rules that are bound do here, on the nodes of the rules' own cases and a
 * cluster that is registered. It has such a call for nodes alone.
 *
 * @returns nothing where there is no such rule, no cluster, or no such call of the gateway
 */
export async function dryRunFindings(
  services: Services,
  context: RequestContext,
  governed: Governed,
): Promise<Finding[]> {
  const rules = ACTIONS.flatMap((action) => {
    const rule = governed.rules.find(({ uri }) => uri === governed.bindings[action]?.policy);
    return rule ? [{ action, rule }] : [];
  });
  if (rules.length === 0) return [];
  const cluster = (await services.clustersRegistry.clusters(context)).find(hasId);
  if (!cluster) return [];
  const found = await Promise.all(
    rules.map(({ action, rule }) => compare(services, context, governed, { action, rule, cluster })),
  );
  return found.flat();
}

interface Subject {
  action: NodeAction;
  rule: GovernedRule;
  cluster: JsonObject & { id: string };
}

async function compare(
  services: Services,
  context: RequestContext,
  { bindings, execution }: Governed,
  { action, rule, cluster }: Subject,
): Promise<Finding[]> {
  const subject = `${action}, dry run`;
  const given = bindings[action]?.parameters ?? {};
  const parameters = effectiveParameters(rule, Object.keys(given).length === 0 ? undefined : given, execution.mode);
  const { isKnown, ask } = ruleHere(rule, parameters);
  const isComparable = isKnown(action);
  try {
    const nodes = nodesOf(rule, action);
    for (const node of nodes) {
      const decided = await services.gateway.dryRun(context, action, cluster.id, node);
      if (decided === undefined) return [];
      if (!isComparable) continue;
      const here = await ask(action, node, cluster);
      if (here === decided) continue;
      const text = `the gateway ${decided ? 'allows' : 'denies'} a node of cluster ${cluster.id} that ${rule.name} does not, as it stands here`;
      return [{ subject, text, state: 'bad' }];
    }
    if (nodes.length === 0) return [];
    const text = isComparable
      ? 'decides as it does here'
      : `decides; as it reads ${foreignParts(action)}, nothing is compared`;
    return [{ subject, text: `of ${rule.name} ${text}, on cluster ${cluster.id}`, state: 'good' }];
  } catch (error) {
    if (!(error instanceof ResponseError) && !(error instanceof RuleFailure)) throw error;
    // The metrics of a cluster, or its membership server, may be what is missing.
    return [{ subject, text: `on cluster ${cluster.id} fails: ${error.message}`, state: 'unknown' }];
  }
}

const foreignParts = (action: NodeAction) => Object.keys(QUESTIONS[action].foreign).join(' or ');

function ruleHere(rule: GovernedRule, parameters: Record<string, unknown>) {
  const { content } = packageRule(rule.rule);
  return {
    /** Whether the rule is told everything here that the gateway tells it. */
    isKnown: (action: NodeAction) =>
      Object.keys(QUESTIONS[action].foreign).every((part) =>
        rule.rule.files.every(({ content }) => !content.includes(part)),
      ),
    ask: async (action: NodeAction, node: Json, cluster: JsonObject) => {
      const { subject, foreign } = QUESTIONS[action];
      const input = { [subject]: node, cluster_data: cluster, ...foreign };
      const answer = await callRule(content, { settings: rule.settings, parameters, input });
      return isJsonObject(answer) && answer.allowed === true;
    },
  };
}

function hasId(cluster: JsonObject): cluster is JsonObject & { id: string } {
  return typeof cluster.id === 'string';
}

/** One node that the rule's cases allow, and one that they deny. */
function nodesOf({ rule }: GovernedRule, action: NodeAction): Json[] {
  const { subject, isSubject } = QUESTIONS[action];
  return [true, false].flatMap((allowed) => {
    const nodes = rule.cases
      .filter(({ expected, malformed }) => expected.allowed === allowed && malformed.length === 0)
      .map(({ input }) => (isJsonObject(input) ? input[subject] : undefined));
    const found = nodes.find((node) => isSubject(node));
    return found === undefined ? [] : [found];
  });
}
