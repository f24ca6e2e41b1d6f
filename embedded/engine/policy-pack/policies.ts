import { messageOf } from '../../shared/errors';
import type { Run } from '../deployment/run';
import type { ResourceState } from '../state/resource-state';
import { STACK_TYPE, parseProviderReference } from '../state/urn';
import type { Subject } from './messages';
import type { PolicyPack, Violation } from './policy-pack';

type Resources = ReadonlyMap<string, ResourceState>;

/**
 * What the policy packs of a run have to say of its resources. A mandatory violation fails the run: at once where it changes the
 * world, and at its end in a preview, which tells of all that there are.
 */
export class Policies {
  private readonly verdicts: Promise<void>[] = [];

  /** @param packs undefined: there are none. They may take longer to start than the program */
  constructor(
    private readonly packs: Promise<readonly PolicyPack[]> | undefined,
    private readonly run: Run,
  ) {}

  /**
   * Has a resource looked at as the program wants it.
   *
   * @param news the run's resources so far
   * @returns resolves when it may be made so; in a preview, where nothing is, at once
   * @throws RunEnding once the user has been told why not
   */
  analyze(resource: ResourceState, news: Resources): Promise<void> {
    if (this.packs === undefined) return Promise.resolve();
    const subject = withProvider(resource, news);
    const verdict = this.judge(
      (pack) => pack.analyze(subject),
      [subject],
      () => resource.urn,
    );
    verdict.catch(() => undefined);
    this.verdicts.push(verdict);
    return this.run.options.preview ? Promise.resolve() : verdict;
  }

  /**
   * Waits for what is being looked at, and has the stack looked at as a whole.
   *
   * @throws RunEnding once the user has been told of a mandatory violation of a run that is no preview
   */
  async analyzeStack(news: Resources): Promise<void> {
    if (this.packs === undefined) return;
    await Promise.all(this.verdicts);
    const subjects = [...news.values()].map((resource) => withProvider(resource, news));
    const root = [...news.values()].find(({ type }) => type === STACK_TYPE)?.urn ?? '';
    const subjectOf = ({ urn }: Violation) => (news.has(urn) ? urn : root);
    await this.judge((pack) => pack.analyzeStack(subjects), subjects, subjectOf);
  }

  /** @param subjectOf the URN of the resource that a violation is told of */
  private async judge(
    ask: (pack: PolicyPack) => Promise<Violation[]>,
    subjects: readonly Subject[],
    subjectOf: (violation: Violation) => string,
  ): Promise<void> {
    const { run } = this;
    try {
      const violations = (await Promise.all(((await this.packs) ?? []).map(ask))).flat();
      const sensitive =
        violations.length === 0
          ? {}
          : Object.fromEntries(subjects.map(({ resource: { urn, inputs, outputs } }) => [urn, { inputs, outputs }]));
      for (const violation of violations) {
        run.options.emit({ type: 'policy', ...violation, urn: subjectOf(violation), sensitive });
      }
      if (violations.some(({ level }) => level === 'mandatory')) run.breach();
    } catch (error) {
      // One pack that ends ends everything that it was asked.
      if (!run.ending) run.fail(messageOf(error));
    }
    run.refuseIfEnding();
  }
}

function withProvider(resource: ResourceState, news: Resources): Subject {
  const { provider } = resource;
  return { resource, provider: provider === undefined ? undefined : news.get(parseProviderReference(provider).urn) };
}
