import { UserError } from '../../shared/errors';

/** A stack of a project in a local backend. */
export interface StackReference {
  project: string;
  stack: string;
}

/** The CLI's full name of a stack; local backends have the one organization "organization". */
export const qualifiedName = ({ project, stack }: StackReference) => `organization/${project}/${stack}`;

/**
 * The stack that a user names: `dev`, `organization/dev` or `organization/<project>/dev`.
 *
 * @throws UserError if it is no stack name, or names another project
 */
export function parseStackName(name: string, project: string): StackReference {
  const parts = name.split('/');
  const stack = parts.at(-1) ?? '';
  if (!/^[\w.-]{1,100}$/.test(stack)) {
    throw new UserError(`"${name}" is not a stack name: use letters, digits, "-", "_" and ".", at most 100.`);
  }
  if (parts.length > 3 || (parts.length > 1 && parts[0] !== 'organization')) {
    throw new UserError(
      `"${name}" is not a stack of a local backend: use "${stack}" or "organization/${project}/${stack}".`,
    );
  }
  if (parts.length === 3 && parts[1] !== project) {
    throw new UserError(
      `"${name}" is a stack of project "${parts[1] ?? ''}", but Pulumi.yaml here is of "${project}".`,
    );
  }
  return { project, stack };
}
