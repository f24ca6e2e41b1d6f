import {
  type EnforcementLevel,
  type PolicyResource,
  PolicyPack,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from '@pulumi/policy';
import { allConfig } from '@pulumi/pulumi/runtime/config';
import { known } from './known';
import { type GuardrailName, GUARDRAILS } from './names';
import type { Resource } from './resource';
import { RESOURCE_GUARDRAILS, STACK_GUARDRAILS } from './rules';
import { enforcementOf, settingsOf } from './enforcement';
import type { GuardrailSettings } from './settings';

type Level = (name: GuardrailName) => { enforcementLevel: EnforcementLevel; description: string };

/**
 * Most guardrails pass over most resources by their types: reading what such a one says would be half of the pack's work.
 *
 * @param resource as the SDK hands it over; inputs that are secret come open, and are told to nobody
 */
function resourceOf({ type, name, props, opts }: Pick<PolicyResource, 'type' | 'name' | 'props' | 'opts'>): Resource {
  let plain: Resource['props'] | undefined;
  return {
    ...{ type, name, protect: opts.protect },
    get props() {
      return (plain ??= known(props) as Resource['props']);
    },
  };
}

function resourcePolicies(level: Level): ResourceValidationPolicy[] {
  return Object.entries(RESOURCE_GUARDRAILS).map(([name, { remedy, check }]) => ({
    name,
    ...level(name as GuardrailName),
    validateResource: (args, report) => {
      for (const what of check(resourceOf(args))) report(`${what}\n  fix: ${remedy}`);
    },
  }));
}

function stackPolicies(given: GuardrailSettings, level: Level): StackValidationPolicy[] {
  return Object.entries(STACK_GUARDRAILS).map(([name, { remedy, check }]) => ({
    name,
    ...level(name as GuardrailName),
    validateStack: ({ resources }, report) => {
      const urns = new Map<Resource, string>();
      for (const resource of resources) urns.set(resourceOf(resource), resource.urn);
      for (const { resource, what } of check([...urns.keys()], given)) {
        const subject = resource === undefined ? '' : `${resource.name} `;
        report(`${subject}${what}\n  fix: ${remedy}`, resource && urns.get(resource));
      }
    },
  }));
}

/** Serves the guardrails to whatever engine has started this process. */
export function serveGuardrails(): PolicyPack {
  const given = settingsOf(allConfig()['aios-network:guardrails']);
  const level: Level = (name) => ({ enforcementLevel: enforcementOf(given, name), description: GUARDRAILS[name] });
  return new PolicyPack('aios-network', { policies: [...resourcePolicies(level), ...stackPolicies(given, level)] });
}
