/** Objects with keys of the stack's own: what is in them is compared elsewhere. */
const CONTENT = 'config inputs outputs detailedDiff propertyDependencies changeSummary resourceChanges customTimeouts';
/** What the CLI adds where its SDK was asked where a resource stands in the program, and in the middle of a replacement. */
const OPTIONAL = 'sourcePosition stackTrace delete pendingReplacement diagnostics diffReasons';

const content: ReadonlySet<string> = new Set(CONTENT.split(' '));
const optional: ReadonlySet<string> = new Set(OPTIONAL.split(' '));

/** The keys that a reader of JSON finds, with the type of what is there: `steps[].op` to `string`. */
export function shapeOf(value: unknown): ReadonlyMap<string, string> {
  const shape = new Map<string, string>();
  collect(value, '', shape);
  return shape;
}

function collect(value: unknown, path: string, shape: Map<string, string>): void {
  if (Array.isArray(value)) for (const item of value) collect(item, `${path}[]`, shape);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      const inner = path === '' ? key : `${path}.${key}`;
      if (optional.has(key)) continue;
      if (content.has(key)) shape.set(inner, 'an object or null');
      else collect(item, inner, shape);
    }
  } else shape.set(path, value === null ? 'null' : typeof value);
}
