import { PropertyMap, Value } from '../../values/value';

/** What is made at random, with the inputs' defaults filled in. */
export interface Generated {
  id: string;
  outputs: PropertyMap;
}

/** One resource type of the random package. */
export interface RandomKind {
  /** Inputs by name: their type, and the default if they may be left out. */
  inputs: Record<string, InputRule>;
  /** The inputs with what follows from them filled in, beyond the defaults. */
  complete?(inputs: PropertyMap): PropertyMap;
  /** What the rules between inputs forbid: by input, the reason. */
  validate?(inputs: PropertyMap): Record<string, string>;
  /** What an update will draw: names of outputs, and whether they are secret. */
  drawn: Record<string, 'secret' | 'plain'>;
  generate(inputs: PropertyMap): Generated;
  /** What the CLI's import of an existing value takes as the resource. */
  adopt(importId: string): Generated & { inputs: PropertyMap };
}

export interface InputRule {
  type: 'number' | 'boolean' | 'string' | 'map';
  required?: boolean;
  default?: Value;
}

/** Values that stand for the surroundings in which a random value is good: other ones, another value. */
export const keepers: InputRule = { type: 'map' };

export function numberOf(inputs: PropertyMap, key: string): number {
  const value = inputs[key];
  return typeof value === 'number' ? value : 0;
}

export function textOf(inputs: PropertyMap, key: string): string {
  const value = inputs[key];
  return typeof value === 'string' ? value : '';
}
