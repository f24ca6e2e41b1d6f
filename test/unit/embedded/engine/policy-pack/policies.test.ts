import { Run, RunEnding } from '../../../../../embedded/engine/deployment/run';
import type { DisplayEvent } from '../../../../../embedded/engine/display/events';
import { Policies } from '../../../../../embedded/engine/policy-pack/policies';
import type { PolicyPack, Violation } from '../../../../../embedded/engine/policy-pack/policy-pack';
import { StateWriter } from '../../../../../embedded/engine/state/journal';
import type { ResourceState } from '../../../../../embedded/engine/state/resource-state';

const STACK = 'urn:pulumi:s::p::pulumi:pulumi:Stack::p-s';
const URN = 'urn:pulumi:s::p::a:b:C::one';

const resource = (urn: string, type: string): ResourceState => ({ urn, type, custom: true, inputs: {}, outputs: {} });
const one = resource(URN, 'a:b:C');
const news = new Map([one, resource(STACK, 'pulumi:pulumi:Stack')].map((state) => [state.urn, state]));

const violation = (level: Violation['level'], urn = ''): Violation => ({
  ...{ level, urn, policy: 'small', pack: 'sample', version: '1.0.0', message: 'it is large' },
});

/** A run whose one pack finds this in everything. */
function judgedBy(find: () => Promise<Violation[]>, preview: boolean) {
  const events: DisplayEvent[] = [];
  const run = new Run({
    ...{ project: 'p', stack: 's', preview, parallel: 2, signal: new AbortController().signal },
    emit: (event) => events.push(event),
    writer: new StateWriter({ resources: [], pending: [], metadata: {} }, () => Promise.resolve()),
  });
  const pack = { analyze: find, analyzeStack: find } as unknown as PolicyPack;
  return { run, events, policies: new Policies(Promise.resolve([pack]), run) };
}

test('what is mandatory keeps a resource from being made, and ends the run', async () => {
  const { run, events, policies } = judgedBy(() => Promise.resolve([violation('mandatory')]), false);
  await expect(policies.analyze(one, news)).rejects.toBeInstanceOf(RunEnding);
  expect([run.failed, run.breached]).toEqual([true, true]);
  expect(events).toMatchObject([{ type: 'policy', policy: 'small', level: 'mandatory', urn: URN }]);
});

test('a preview waits for no verdict, goes on whatever it is, and has failed in the end', async () => {
  let tell: (found: Violation[]) => void = () => undefined;
  const verdict = new Promise<Violation[]>((resolve) => (tell = resolve));
  const { run, policies } = judgedBy(() => verdict, true);
  await policies.analyze(one, news);
  tell([violation('mandatory')]);
  await policies.analyzeStack(news);
  expect([run.ending, run.breached]).toEqual([false, true]);
});

test('what is advisory is told and stops nothing; of the stack as a whole it is told of the stack', async () => {
  const { run, events, policies } = judgedBy(() => Promise.resolve([violation('advisory', 'of nothing here')]), false);
  await policies.analyze(one, news);
  await policies.analyzeStack(news);
  expect(events).toMatchObject([{ urn: URN }, { urn: STACK }]);
  expect([run.failed, run.breached]).toEqual([false, false]);
});

test('a pack that fails is told of once, whatever it was asked', async () => {
  const { run, events, policies } = judgedBy(() => Promise.reject(new Error('it is gone')), false);
  const verdicts = [policies.analyze(one, news), policies.analyze(one, news)];
  for (const verdict of verdicts) await expect(verdict).rejects.toBeInstanceOf(RunEnding);
  await expect(policies.analyzeStack(news)).rejects.toBeInstanceOf(RunEnding);
  expect(events).toEqual([{ type: 'diagnostic', severity: 'error', message: 'it is gone' }]);
  expect(run.failed).toBe(true);
});
