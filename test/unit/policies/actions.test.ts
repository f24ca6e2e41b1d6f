import { ACTION_NAMES, toGatewayMap } from '../../../policies/actions';

const uri = 'a.b:v1-stable';

test('writes each action in the form in which the gateway reads it', () => {
  const parameters = { max: 3 };
  expect(toGatewayMap({ add_node: { policy: uri, parameters }, remove_node: uri, remove_cluster: uri })).toEqual({
    add_node: { policyRuleURI: uri, parameters },
    remove_node: { policyRuleURI: uri, parameters: null },
    remove_cluster: uri,
  });
});

test('gives no parameters as null, for which alone an executor keeps those that the policy was onboarded with', () => {
  const none = { policyRuleURI: uri, parameters: null };
  expect(toGatewayMap({ add_node: { policy: uri, parameters: {} } })).toEqual({ add_node: none });
});

test('binds add_cluster to the key that the gateway looks up, too', () => {
  expect(toGatewayMap({ add_cluster: uri })).toEqual({ add_cluster: uri, create_cluster: uri });
});

test('leaves out actions without a policy: an empty value would deny them', () => {
  expect(toGatewayMap({ add_node: null, remove_cluster: null })).toEqual({});
});

test('gives equal bindings in another order the same text', () => {
  const bindings = ACTION_NAMES.map((action) => [action, uri]);
  const forth = toGatewayMap(Object.fromEntries(bindings) as Parameters<typeof toGatewayMap>[0]);
  const back = toGatewayMap(Object.fromEntries(bindings.toReversed()) as Parameters<typeof toGatewayMap>[0]);
  expect(JSON.stringify(back)).toBe(JSON.stringify(forth));
  expect(Object.keys(forth)).toHaveLength(11);
});
