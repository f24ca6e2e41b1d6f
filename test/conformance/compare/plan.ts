/** What a preview is about to do, by resource: `update spec.replicas`. */
export type Plan = ReadonlyMap<string, string>;

/** What `preview --json` of either engine writes, of which this looks at a part. */
interface PreviewDocument {
  steps?: readonly Step[];
  diagnostics?: readonly Diagnostic[];
}

interface Step {
  op: string;
  urn: string;
  replaceReasons?: readonly string[] | null;
  detailedDiff?: Readonly<Record<string, { kind: string }>> | null;
}

interface Diagnostic {
  urn?: string;
  message: string;
  severity: string;
}

/** Steps that change nothing: the CLI leaves them out. */
const UNCHANGED = new Set(['same', 'read', 'refresh']);

/** What is going to happen, by resource, with the reasons for replacements and the paths of all properties. */
export function planOf(json: string): Plan {
  const { steps = [] } = JSON.parse(json) as PreviewDocument;
  const plan = new Map<string, string>();
  for (const step of steps.filter(({ op }) => !UNCHANGED.has(op))) {
    const subject = shortUrn(step.urn);
    // A replacement is several steps of one resource.
    plan.set(subject, [...(plan.get(subject)?.split('; ') ?? []), describe(step)].sort().join('; '));
  }
  return plan;
}

function describe({ op, replaceReasons, detailedDiff }: Step): string {
  const paths = Object.entries(detailedDiff ?? {}).map(([path, { kind }]) => `${SIGNS[kind] ?? kind}${path}`);
  const reasons = [...(replaceReasons ?? [])].sort();
  return [op, ...paths.sort(), ...(reasons.length > 0 ? [`because of ${reasons.join(', ')}`] : [])].join(' ');
}

const SIGNS: Readonly<Record<string, string>> = {
  add: '+',
  'add-replace': '+!',
  delete: '-',
  'delete-replace': '-!',
  update: '~',
  'update-replace': '~!',
};

/** What the CLI says of plugins that were built here and come from the PATH: where it downloads them it says nothing. */
const OF_PLUGINS_FROM_THE_PATH =
  /^(using [\w-]+ from \$PATH at |resource plugin \w+ is expected to have version |Updating the resource plugins? )/;

/** Errors and warnings of a preview, by resource. */
export function diagnosticsOf(json: string): ReadonlyMap<string, string> {
  const { diagnostics = [] } = JSON.parse(json) as PreviewDocument;
  const said = new Map<string, string>();
  const spoken = diagnostics.filter(
    ({ message, severity }) => /^(error|warning)$/.test(severity) && !OF_PLUGINS_FROM_THE_PATH.test(plain(message)),
  );
  for (const { urn, message, severity } of spoken) {
    const subject = `said of ${urn === undefined || urn === '' ? 'the stack' : shortUrn(urn)}`;
    said.set(subject, [...(said.get(subject)?.split('\n') ?? []), `${severity}: ${plain(message)}`].sort().join('\n'));
  }
  return said;
}

/** A text without the colours that the CLI marks in JSON, and without what surrounds it. */
export function plain(text: string): string {
  // eslint-disable-next-line no-control-regex
  const colours = /<\{%[^%]*%\}>|\u001b\[[\d;]*m/g;
  return text
    .replace(colours, '')
    .replace(/^(error|warning): /, '')
    .trim();
}

/** `kubernetes:apps/v1:Deployment parser` of a URN: its type without its parents', and its name. */
export function shortUrn(urn: string): string {
  const [, , types = '', ...name] = urn.split('::');
  return `${types.split('$').at(-1) ?? ''} ${name.join('::')}`;
}
