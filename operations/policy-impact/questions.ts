import { availableParallelism } from 'node:os';
import type { OnboardedRule } from '../../infra/config';
import { callRuleOften, type Python, type RuleAnswer, RuleFailure } from '../../policies/runner';
import { groupBy } from '../group-by';
import { archiveOf } from './side';

/** What a rule is asked; always at a given time, so that both sides are asked at the same. */
export interface Call {
  readonly settings: unknown;
  readonly parameters: unknown;
  readonly input: unknown;
  readonly stubs: Readonly<Record<string, unknown>>;
  /** In seconds since 1970. */
  readonly now: number;
}

/** A question that was asked, and what came of it. */
export interface Asked {
  /** The rule's name; two sides can ask the same. */
  readonly rule: string;
  /** Tells the code. */
  readonly sha256: string;
  readonly archive: Buffer;
  readonly call: Call;
  readonly answer: RuleAnswer;
}

interface Waiting {
  readonly rule: OnboardedRule;
  readonly call: Call;
  readonly tell: (answer: RuleAnswer) => void;
}

/** How a replay runs rules. */
export interface RunLimits {
  readonly python: Python;
  /** Of a call, in milliseconds. */
  readonly timeLimit: number;
}

/** After so many calls without an answer a rule is not asked any more: each costs the time limit. */
const PATIENCE = 3;

/** Fewer calls than these are not worth a process of their own. */
const LEAST = 200;

/** Questions to rules, gathered and asked a process for each rule's code; what is equal is asked once. */
export class Questions {
  readonly asked: Asked[] = [];
  private readonly known = new Map<string, Promise<RuleAnswer>>();
  private waiting: Waiting[] = [];

  constructor(private readonly limits: RunLimits) {}

  /** What the rule answers, once {@link settle} has asked it. */
  ask(rule: OnboardedRule, call: Call): Promise<RuleAnswer> {
    const key = `${archiveOf(rule).sha256} ${JSON.stringify(call)}`;
    const answer = this.known.get(key) ?? new Promise<RuleAnswer>((tell) => this.waiting.push({ rule, call, tell }));
    this.known.set(key, answer);
    return answer;
  }

  /** Goes on asking until the work that asks is done. */
  async settle<T>(work: Promise<T>): Promise<T> {
    const state = { isDone: false };
    const end = () => (state.isDone = true);
    work.then(end, end);
    while (!state.isDone) {
      // Until then everything that can go on without an answer has asked for one.
      await new Promise((resolve) => setImmediate(resolve));
      await this.flush();
    }
    return work;
  }

  private async flush(): Promise<void> {
    const batches = [...groupBy(this.waiting.splice(0), ({ rule }) => archiveOf(rule).sha256).values()].flatMap(pieces);
    const workers = Array.from({ length: Math.min(availableParallelism(), batches.length) }, async () => {
      for (let batch = batches.pop(); batch; batch = batches.pop()) await this.run(batch);
    });
    await Promise.all(workers);
  }

  private async run(batch: readonly Waiting[]): Promise<void> {
    const [first] = batch;
    if (!first) return;
    const { content, sha256 } = archiveOf(first.rule);
    const options = { ...this.limits, offline: true, giveUpAfter: PATIENCE };
    const answers = await callRuleOften(
      content,
      batch.map(({ call }) => call),
      options,
    );
    for (const [index, { rule, call, tell }] of batch.entries()) {
      const answer = answers[index] ?? { failure: new RuleFailure('ended', 'was not asked') };
      this.asked.push({ rule: rule.name, sha256, archive: content, call, answer });
      tell(answer);
    }
  }
}

/** A batch in as many parts as there are processors, if they are large enough. */
function pieces(batch: readonly Waiting[]): Waiting[][] {
  const size = Math.max(LEAST, Math.ceil(batch.length / availableParallelism()));
  return Array.from({ length: Math.ceil(batch.length / size) }, (_, index) =>
    batch.slice(index * size, (index + 1) * size),
  );
}
