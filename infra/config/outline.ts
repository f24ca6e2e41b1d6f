import { z } from 'zod';
import type { Path } from './problems';
import { SECTIONS, type SectionName } from './sections';

/** The part of a JSON schema that error messages draw on. */
export interface Outline {
  properties?: Record<string, Outline>;
  additionalProperties?: Outline | boolean;
  propertyNames?: { enum?: string[] };
  items?: Outline;
  anyOf?: Outline[];
  examples?: unknown[];
  /** What the keys of an open object name, such as `service`. */
  keysAre?: string;
  /** The value is never shown. */
  secret?: boolean;
}

function member(outline: Outline, step: string | number): Outline | undefined {
  const here =
    typeof step === 'number' ? outline.items : (outline.properties?.[step] ?? openMember(outline.additionalProperties));
  if (here !== undefined) return here;
  for (const choice of outline.anyOf ?? []) {
    const there = member(choice, step);
    if (there !== undefined) return there;
  }
  return undefined;
}

const openMember = (members: Outline | boolean | undefined) => (typeof members === 'object' ? members : undefined);

/** What the schema says about the value at a path; undefined where it knows no such key. */
export function outlineAt([section, ...steps]: Path): Outline | undefined {
  if (section === undefined || !(section in SECTIONS)) return undefined;
  const root = z.toJSONSchema(SECTIONS[section as SectionName], { io: 'input' }) as Outline;
  return steps.reduce<Outline | undefined>((outline, step) => outline && member(outline, step), root);
}

/** The keys that an object may have, as far as they are a closed list. */
export function knownKeys(outline: Outline | undefined): string[] {
  if (outline === undefined) return [];
  const own = [...Object.keys(outline.properties ?? {}), ...(outline.propertyNames?.enum ?? [])];
  return [...own, ...(outline.anyOf ?? []).flatMap(knownKeys)];
}
