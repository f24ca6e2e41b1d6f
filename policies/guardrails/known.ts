import { UNKNOWN } from './resource';

/**
 * A value that @pulumi/policy hands over, as plain data: reading what a preview cannot know throws there, and ends a rule in
 * "can't run"; here it is {@link UNKNOWN}.
 */
export function known(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => read(value, index));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.keys(value).map((key) => [key, read(value as Record<string, unknown>, key)]));
}

function read<Key extends PropertyKey>(holder: Readonly<Record<Key, unknown>>, key: Key): unknown {
  try {
    return known(holder[key]);
  } catch (error) {
    // The class itself is not exported. Any other error is a fault of ours.
    if ((error as Error).constructor.name === 'UnknownValueError') return UNKNOWN;
    throw error;
  }
}
