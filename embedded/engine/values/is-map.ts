/** Whether parsed JSON or YAML is an object with keys: no list, and not null. */
export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
