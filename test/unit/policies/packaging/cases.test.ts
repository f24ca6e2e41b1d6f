import { effectiveParameters } from '../../../../policies/packaging';

const policy = { parameters: { max: 3, region: 'eu' } };

test.each([
  ['local', 'the binding wins, key by key', { max: 5 }, { max: 5, region: 'eu' }],
  ['local', 'a binding without any leaves the onboarded ones', undefined, { max: 3, region: 'eu' }],
  ['remote', "only the binding's count", { max: 5 }, { max: 5 }],
  ['remote', 'even where it has none of them', {}, {}],
  ['remote', 'a binding without any leaves the onboarded ones', undefined, { max: 3, region: 'eu' }],
] as const)('in mode %s %s', (mode, _, binding, expected) => {
  expect(effectiveParameters(policy, binding, mode)).toEqual(expected);
});
