import type { OnboardedRule } from '../../infra/config';
import { ACTIONS } from '../../policies/actions';
import { effectiveParameters } from '../../policies/packaging';
import { decideOnNode, type LoadPolicy, PreChecks } from '../../policies/pre-checks';
import type { Questions } from './questions';
import type { Request } from './requests/request';
import type { Verdict } from './result';
import type { Side } from './side';

/** As the deployed code (6b2b17a) is: embedded/network/behaviour.ts. */
const OBSERVED = { plainUriBreaksNodes: true, emptyUriDenies: true };

/** A decision, and what goes on in place of the request where it is allowed. */
export interface Decision extends Verdict {
  readonly forwarded: unknown;
}

type Input = Readonly<Record<string, unknown>>;

/** Decides on requests as a network does whose gateway has the maps of one side. */
export class Network {
  /**
   * @param trusted URIs of policies of elsewhere that both sides ask alike: they are taken to let everything through
   * @param now for requests that do not say when they came
   */
  constructor(
    private readonly side: Side,
    private readonly questions: Questions,
    private readonly trusted: ReadonlySet<string>,
    private readonly now: number,
  ) {}

  /** First the gateway asks its own map; of nodes, the membership server of the cluster then asks that of its cluster. */
  async decide(request: Request): Promise<Decision> {
    const decision = await this.check(this.side.networkMap, request, request.input);
    const own = this.side.clusterMaps.get(request.cluster ?? '');
    const part = subjectOf(request);
    if (decision.outcome !== 'allowed' || part === undefined || own === undefined) return decision;
    const below = await this.check(own, request, { ...request.input, [part]: decision.forwarded });
    return below.policy === undefined ? { ...decision, forwarded: below.forwarded } : below;
  }

  private async check(map: Readonly<Record<string, unknown>>, request: Request, input: Input): Promise<Decision> {
    let policy: string | undefined;
    let failure: Error | undefined;
    const load: LoadPolicy = (uri, parameters) => {
      policy = this.side.rules.get(uri)?.name ?? uri;
      return Promise.resolve((given) =>
        this.evaluate(uri, parameters, given as Input, request).catch((error: unknown) => {
          failure = error as Error;
          throw error;
        }),
      );
    };
    const checks = new PreChecks(OBSERVED, load);
    const part = subjectOf(request);
    const key = ACTIONS[request.action].keys.at(-1) ?? request.action;
    const verdict =
      part === undefined
        ? await checks.checkByUri(map, key, input)
        : await checkNode(checks, map, {
            action: part === 'node_data' ? 'add_node' : 'remove_node',
            input,
            subject: input[part],
          });
    if ('failure' in verdict) failure ??= verdict.failure as Error | undefined;
    const asked = policy !== undefined && { policy };
    if (failure instanceof Unseen) return { outcome: 'unseen', ...asked, forwarded: undefined };
    if (failure) return { outcome: 'failed', reason: failure.message, ...asked, forwarded: undefined };
    if (verdict.allowed) return { outcome: 'allowed', ...asked, forwarded: verdict.data };
    return { outcome: 'denied', reason: textOf(verdict.data), ...asked, forwarded: undefined };
  }

  private async evaluate(uri: string, given: unknown, input: Input, request: Request): Promise<unknown> {
    const rule = this.side.rules.get(uri);
    if (rule === undefined) {
      if (!this.trusted.has(uri)) throw new Unseen();
      const part = subjectOf(request);
      return { allowed: true, input_data: part === undefined ? input : input[part] };
    }
    const parameters = (given ?? undefined) as Record<string, unknown> | undefined;
    const answer = await this.questions.ask(rule, {
      settings: rule.settings,
      parameters: effectiveParameters(rule, parameters, this.side.config.execution.mode),
      input,
      stubs: answersTo(rule, request),
      now: request.at ?? this.now,
    });
    if ('failure' in answer) throw answer.failure;
    return answer.result;
  }
}

/** The policy is of elsewhere. */
class Unseen extends Error {}

interface NodeCheck {
  readonly action: 'add_node' | 'remove_node';
  readonly input: Input;
  readonly subject: unknown;
}

async function checkNode(
  checks: PreChecks,
  map: unknown,
  { action, input, subject }: NodeCheck,
): Promise<{ allowed: boolean; data: unknown; failure?: Error }> {
  try {
    const evaluate = await checks.loadForNodes(map, action);
    return evaluate ? await decideOnNode(evaluate, input, subject) : { allowed: true, data: subject };
  } catch (error) {
    return { allowed: false, data: undefined, failure: error as Error };
  }
}

/** The part of a node's request that goes on. */
function subjectOf({ action }: Request): 'node_data' | 'node_id' | undefined {
  if (action === 'add_node') return 'node_data';
  return action === 'remove_node' ? 'node_id' : undefined;
}

/** What other services answer, as far as the rule asks by functions of these names. */
function answersTo({ rule }: OnboardedRule, { answers }: Request): Record<string, unknown> {
  const source = rule.files.find(({ path }) => path === 'code/function.py')?.content.toString('utf8') ?? '';
  const defined = Object.entries(answers).filter(([name]) => new RegExp(`^def ${name}\\(`, 'm').test(source));
  return Object.fromEntries(defined);
}

const textOf = (data: unknown) => (typeof data === 'string' ? data : JSON.stringify(data ?? null));
