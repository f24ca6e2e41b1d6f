import { diff } from '../../values/diff';
import { type PropertyMap, Secret, isPropertyMap, reveal, unknown } from '../../values/value';
import type * as engine from '../provider';
import { complete, drawPassword, findProblems } from './password';

const PASSWORD_TYPE = 'random:index/randomPassword:RandomPassword';

/**
 * Passwords that are drawn once and kept in the state: any other input makes another one. Of the package this is all that
 * there is, with its length and classes of characters, and without the output `bcryptHash`, which the real provider adds to
 * what it finds in the state.
 */
export class RandomProvider implements engine.Provider {
  checkConfig({ newInputs }: engine.CheckRequest): Promise<engine.CheckResult> {
    const reason = 'the random provider has no settings';
    const failures = Object.keys(newInputs).map((property) => ({ property, reason }));
    return Promise.resolve({ inputs: newInputs, failures });
  }

  diffConfig({ oldInputs, newInputs }: engine.DiffRequest): Promise<engine.DiffResult> {
    const detailed = diff(oldInputs, newInputs);
    const changes = Object.keys(detailed).length > 0;
    return Promise.resolve({ changes, replaces: [], deleteBeforeReplace: false, detailed });
  }

  configure(): Promise<void> {
    return Promise.resolve();
  }

  check({ type, newInputs }: engine.CheckRequest): Promise<engine.CheckResult> {
    if (type !== PASSWORD_TYPE) {
      const reason = `${type} is not known here: of the random package there is RandomPassword. Use that, or the pulumi CLI with the official random provider`;
      return Promise.resolve({ inputs: newInputs, failures: [{ property: '', reason }] });
    }
    const failures = Object.entries(findProblems(newInputs)).map(([property, reason]) => ({ property, reason }));
    return Promise.resolve({ inputs: newInputs, failures });
  }

  diff({ oldInputs, newInputs }: engine.DiffRequest): Promise<engine.DiffResult> {
    const changed = diff(complete(oldInputs), complete(newInputs));
    const paths = Object.keys(changed);
    return Promise.resolve({
      changes: paths.length > 0,
      replaces: paths,
      deleteBeforeReplace: false,
      detailed: Object.fromEntries(Object.entries(changed).map(([path, change]) => [path, `${change}-replace`])),
    });
  }

  create({ inputs, preview }: engine.CreateRequest): Promise<engine.CreateResult> {
    const completed = complete(inputs);
    if (preview) return Promise.resolve({ id: '', outputs: { ...completed, result: new Secret(unknown) } });
    const result = new Secret(drawPassword(plainOf(completed)));
    // The id is not secret: it must not be the password.
    return Promise.resolve({ id: 'none', outputs: { ...completed, ...inputs, id: 'none', result } });
  }

  /** A password lives in the state alone. */
  read({ id, inputs, outputs }: engine.ReadRequest): Promise<engine.ReadResult> {
    return Promise.resolve({ id, inputs, outputs });
  }

  update(): Promise<engine.UpdateResult> {
    return Promise.reject(new Error('a password is never updated, only replaced'));
  }

  delete(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function plainOf(inputs: PropertyMap): PropertyMap {
  const plain = reveal(inputs);
  return isPropertyMap(plain) ? plain : {};
}
