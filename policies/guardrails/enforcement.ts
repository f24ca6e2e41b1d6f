import type { GuardrailName } from './names';
import { isObject } from './resource';
import type { GuardrailSettings } from './settings';

// Apart from the schema in settings.ts: to load zod takes as long as all else that the pack loads.

type Enforcement = GuardrailSettings['enforcement'];

const isEnforcement = (value: unknown): value is Enforcement =>
  value === 'advisory' || value === 'mandatory' || value === 'disabled';

/**
 * The settings that a stack's section comes to. What is wrong with it is left out: the program refuses it, and says why.
 *
 * @param text JSON, as Pulumi hands sections over; undefined for a stack without one
 */
export function settingsOf(text: string | undefined): GuardrailSettings {
  const { enforcement, rules, requiredBindings } = sectionIn(text);
  return {
    enforcement: isEnforcement(enforcement) ? enforcement : 'advisory',
    rules: Object.fromEntries(Object.entries(isObject(rules) ? rules : {}).filter(([, level]) => isEnforcement(level))),
    requiredBindings: Array.isArray(requiredBindings)
      ? (requiredBindings as GuardrailSettings['requiredBindings'])
      : [],
  };
}

function sectionIn(text = ''): Readonly<Record<string, unknown>> {
  try {
    const section: unknown = JSON.parse(text);
    return isObject(section) ? section : {};
  } catch {
    return {};
  }
}

/** What a breach of a guardrail comes to in a stack. */
export function enforcementOf({ rules, enforcement }: GuardrailSettings, name: GuardrailName): Enforcement {
  return rules[name] ?? enforcement;
}
