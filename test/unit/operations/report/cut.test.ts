import { deployment, markdownOf, type RawStep } from './plans';

const LIMIT = 65_536;
const MANY = 400;

/** So many services, each with so large a change that there is no room for all of them. */
const services = Array.from({ length: MANY }, (_, index) => {
  const container = (tag: string) => [{ name: 'main', image: `registry/${index}:${tag}`, args: [tag.repeat(20)] }];
  const spec = (tag: string) => ({ template: { spec: { containers: container(tag) } } });
  return deployment(spec(`v1-${index}`), spec(`v2-${index}`), `service-${index}`);
});
const namespace: RawStep = { op: 'delete', type: 'kubernetes:core/v1:Namespace', name: 'registry', before: {} };
const comment = markdownOf([...services, namespace]);

test('a comment is never longer than GitHub takes', () => {
  expect(comment.length).toBeLessThanOrEqual(LIMIT);
  expect(comment.length).toBeGreaterThan(LIMIT * 0.9);
});

test('the most dangerous comes first and stays', () => {
  const first = comment.indexOf('**data at risk**');
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThan(comment.indexOf('- restart '));
  expect(comment).toContain('- kubernetes:core/v1:Namespace registry');
});

test('what is shown is whole, and what is missing is counted', () => {
  const shown = [...comment.matchAll(/^```diff\n~ \S+ (service-\d+)\n([^]*?)^```$/gm)];
  for (const [, , lines = ''] of shown) expect(lines.split('\n')).toHaveLength(5);
  expect(shown.length).toBeGreaterThan(0);
  expect(comment.match(/^```/gm)).toHaveLength((shown.length + 1) * 2);
  expect(comment).toContain(`${MANY - shown.length} further resources have no room here`);
  expect(comment).toMatch(/<\/details>\n$/);
});
