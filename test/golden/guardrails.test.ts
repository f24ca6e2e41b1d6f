import { enforcementOf } from '../../policies/guardrails/enforcement';
import { GUARDRAIL_NAMES } from '../../policies/guardrails/names';
import type { Resource } from '../../policies/guardrails/resource';
import { RESOURCE_GUARDRAILS, STACK_GUARDRAILS } from '../../policies/guardrails/rules';
import { guardrailSettings } from '../../policies/guardrails/settings';
import { runStack, stackConfiguration, stacks } from './stack-program';

jest.setTimeout(60_000);

/** The breaches of a stack as it is shipped, by guardrail; those that it does not look for are left out. */
async function breachesOf(stack: string) {
  const settings = guardrailSettings.parse(
    JSON.parse(stackConfiguration(stack).config['aios-network:guardrails'] ?? '{}'),
  );
  const { resources } = await runStack(stack);
  const all = resources.map(({ type, name, inputs, protect }): Resource => ({ type, name, props: inputs, protect }));
  const found = GUARDRAIL_NAMES.filter((name) => enforcementOf(settings, name) !== 'disabled').map((name) => {
    const single =
      name in RESOURCE_GUARDRAILS ? RESOURCE_GUARDRAILS[name as keyof typeof RESOURCE_GUARDRAILS] : undefined;
    const whole = name in STACK_GUARDRAILS ? STACK_GUARDRAILS[name as keyof typeof STACK_GUARDRAILS] : undefined;
    const texts = [
      ...all.flatMap((one) => single?.check(one) ?? []),
      ...(whole?.check(all, settings) ?? []).map(({ what }) => what),
    ];
    return [name, { level: enforcementOf(settings, name), texts }] as const;
  });
  return new Map(found.filter(([, { texts }]) => texts.length > 0));
}

test.each(stacks)('stack %s breaches nothing that would fail it', async (stack) => {
  const mandatory = [...(await breachesOf(stack))].filter(([, { level }]) => level === 'mandatory');
  expect(mandatory).toEqual([]);
});

test('what the stacks are told of is what they mean to go without', async () => {
  const told = await Promise.all(stacks.map(async (stack) => [stack, [...(await breachesOf(stack)).keys()]] as const));
  expect(Object.fromEntries(told)).toEqual({ dev: [], prod: [], staging: ['databases-kept'] });
});
