import * as pulumi from '@pulumi/pulumi';
import { RandomPassword } from '@pulumi/random';
import { type Database, dataOptions, FORMER_APPLICATION_USER, ROOT_USER } from './identity';

/** The secrets that one rotation brings. */
export interface Generation {
  readonly number: number;
  /** Key by which members know each other. */
  readonly keyfile: pulumi.Output<string>;
  /** What the passwords of users are made from, see {@link passwordOf}. */
  readonly users: pulumi.Output<string>;
  /** Passwords that only the first generation has by themselves: they are from before there were others. */
  readonly own?: { readonly root: pulumi.Output<string>; readonly application: pulumi.Output<string> };
}

/**
 * The secrets in use, and those that the next rotation will use: these are known to all members in advance, so that a client
 * or a member with the next ones is let in by those that do not have them yet, and the other way round.
 */
export interface Generations {
  readonly current: Generation;
  readonly next: Generation;
}

/**
 * Generates the secrets of a database.
 *
 * The generation before the current one stays in the stack, and nobody uses it: what a protected database has, it is to lose the
 * protection of by one update, before the next one deletes it.
 */
export function generations(database: Database): Generations {
  const { rotate = 0 } = database.config;
  if (rotate > 0) generation(database, rotate - 1, {});
  return {
    current: generation(database, rotate, dataOptions(database)),
    next: generation(database, rotate + 1, dataOptions(database)),
  };
}

function generation(database: Database, number: number, options: pulumi.CustomResourceOptions): Generation {
  const draw = (name: string, length: number) => password(database, name, length, options);
  // A keyfile's keys have 6 to 1024 characters of base64.
  if (number > 0) {
    return { number, keyfile: draw(`keyfile-${number}`, 64), users: draw(`users-password-${number}`, 64) };
  }
  const own = {
    root: draw(`${ROOT_USER}-password`, 32),
    application: draw(`${FORMER_APPLICATION_USER}-password`, 32),
  };
  return { number, own, keyfile: draw('keyfile', 64), users: draw('users-password', 64) };
}

/** Letters and digits only: they need no escaping in connection strings, and are base64 too. */
function password(
  { name, parent }: Database,
  suffix: string,
  length: number,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const resource = new RandomPassword(`${name}-${suffix}`, { length, special: false }, { parent, ...options });
  return pulumi.secret(resource.result);
}
