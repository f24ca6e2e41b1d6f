import { RunError } from '@pulumi/pulumi/errors';

/** Where a value stands: the section's key, then keys and indices. */
export type Path = readonly (string | number)[];

/** Something in the configuration that has to be put right. */
export interface Problem {
  path: Path;
  /** The value given, where showing it helps. */
  value?: unknown;
  /** The value is no secret, whatever its key may hold otherwise. */
  isPublic?: true;
  /** What the value breaks; completes a sentence whose subject is the value. */
  rule: string;
  /** What to do about it. */
  fix: string;
  /** Further keys that the rule looked at: had one of them a problem of its own, this one would be guesswork. */
  reads?: readonly Path[];
}

/** Tells which strings must not be shown. */
export type IsSecret = (path: Path) => boolean;

/** The path as one finds it in the stack's file: `aios-network:registry.nodes[1]`. */
function formatPath(project: string, path: Path): string {
  const [section = '', ...rest] = path;
  return `${project}:${section}${rest.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')}`;
}

function formatValue(problem: Problem, isSecret: IsSecret): string {
  const { value, path } = problem;
  if (value === undefined) return '';
  if (typeof value === 'string')
    return ` ${isSecret(path) && problem.isPublic !== true ? '[secret]' : JSON.stringify(value)}`;
  if (value === null) return ' (empty)';
  if (Array.isArray(value)) return ' (a list)';
  return typeof value === 'object' ? ' (an object)' : ` ${JSON.stringify(value)}`;
}

function overlaps(one: Path, other: Path): boolean {
  const length = Math.min(one.length, other.length);
  return one.slice(0, length).every((step, index) => step === other[index]);
}

/** Leaves out what follows from a problem that is reported already. */
export function withoutConsequences(found: readonly Problem[], reported: readonly Problem[]): Problem[] {
  return found.filter(({ path, reads = [] }) =>
    [path, ...reads].every((read) => reported.every((problem) => !overlaps(read, problem.path))),
  );
}

/** One error that tells all problems. Pulumi shows its message alone, without a stack trace. */
export function configError(
  problems: readonly Problem[],
  { project, stack, isSecret }: { project: string; stack: string; isSecret: IsSecret },
): RunError {
  const count = `${problems.length} problem${problems.length === 1 ? '' : 's'}`;
  const blocks = problems.map(
    (problem) =>
      `${formatPath(project, problem.path)}:${formatValue(problem, isSecret)}\n  ${problem.rule}\n  fix: ${problem.fix}`,
  );
  return new RunError(
    [
      `the configuration of stack ${stack} cannot be used; nothing was changed`,
      ...blocks,
      `${count}; edit stacks/Pulumi.${stack}.yaml`,
    ].join('\n\n'),
  );
}
