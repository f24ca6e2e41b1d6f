const STRANGE: readonly unknown[] = [null, true, -1, 'text', [1], { a: 1 }];

/** A value of JSON with one place after the other replaced by something strange, or left out. */
export function* mutations(value: unknown): Generator {
  yield* STRANGE;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
    for (const mutation of mutations(inner)) {
      yield Array.isArray(value) ? value.with(Number(key), mutation) : { ...value, [key]: mutation };
    }
  }
}
