import { LocalBackend } from '../backend/local-backend';
import { type StackReference, parseStackName } from '../backend/stack-reference';
import { STACK_TYPE } from '../state/urn';
import { UserError } from '../../shared/errors';
import { type Project, loadProject } from '../project/project';
import { type StackConfig, configForHistory, resolveConfig } from '../project/stack-config';
import { type StackFile, loadStackFile } from '../project/stack-file';
import { PassphraseSecrets, readPassphrase } from '../secrets/passphrase';
import { saltOf } from '../state/decrypter';
import type { ResourceState, StackState } from '../state/resource-state';
import { StackStore } from '../state/stack-store';
import { exportState, importState } from '../state/transfer';
import { type PropertyMap, Secret } from '../values/value';
import type { OperationEnd } from './operation';

/** How an operation ended, for the stack's history. */
export interface UpdateRecord extends OperationEnd {
  operation: 'update' | 'refresh' | 'destroy';
  started: Date;
}

/**
 * Opens a stack of a project: reads its files, and begins at once to derive the key of its secrets, which takes half a
 * second.
 *
 * @throws UserError if there is no such stack or its files are malformed
 */
export async function openStack(directory: string, name: string): Promise<Stack> {
  const project = await loadProject(directory);
  const reference = parseStackName(name, project.name);
  const file = await loadStackFile(project, reference.stack);
  const backend = await LocalBackend.open(process.env.PULUMI_BACKEND_URL ?? project.backendUrl, project.directory);
  return new Stack(project, reference, file, backend, await readPassphrase());
}

const noKey = {
  decrypt: (): string => {
    throw new Error('there is no salt');
  },
};

/** A stack: its project, configuration and state. */
export class Stack {
  private readonly secrets: Promise<PassphraseSecrets>;
  private opened: Promise<StackStore> | undefined;

  constructor(
    readonly project: Project,
    private readonly reference: StackReference,
    private readonly file: StackFile,
    private readonly backend: LocalBackend,
    private readonly passphrase: string,
  ) {
    this.secrets = this.openSecrets();
    // Whoever needs them hears of a failure.
    this.secrets.catch(() => undefined);
  }

  get name(): string {
    return this.reference.stack;
  }

  /** The right to change the stack, which only one run has at a time. */
  lock(note: (message: string) => void): Promise<{ release: () => Promise<void> }> {
    return this.backend.lock(this.reference, note);
  }

  /** Removes the stack's locks (of runs that are alive only by force); returns who had them. */
  unlock(options: { force: boolean }): Promise<string[]> {
    return this.backend.cancel(this.reference, options);
  }

  async load(): Promise<StackState> {
    return (await this.store()).load();
  }

  async save(state: StackState): Promise<void> {
    await (await this.store()).save(state);
  }

  /** The configuration as the program is given it. Without a salt nothing in it can be encrypted: no key is waited for. */
  async programConfig(): Promise<StackConfig> {
    return resolveConfig(this.file, this.file.encryptionSalt === undefined ? noKey : await this.secrets);
  }

  /** The configuration as a display may be given it: secrets marked. */
  async shownConfig(): Promise<PropertyMap> {
    const { values, secretKeys } = await this.programConfig();
    const shown = Object.entries(values).map(
      ([key, value]) => [key, secretKeys.includes(key) ? new Secret(value) : value] as const,
    );
    return Object.fromEntries(shown);
  }

  async recordUpdate({ operation, started, result, changes }: UpdateRecord): Promise<void> {
    const seconds = (date: Date) => Math.floor(date.getTime() / 1000);
    await this.backend.addToHistory(this.reference, {
      kind: operation,
      startTime: seconds(started),
      endTime: seconds(new Date()),
      result: result === 'succeeded' ? 'succeeded' : 'failed',
      message: '',
      environment: { 'exec.kind': 'embedded-engine' },
      config: configForHistory(this.file),
      resourceChanges: changes,
    });
  }

  /** Outputs of the program, as of the last update. */
  async outputs(): Promise<PropertyMap> {
    return programOutputs((await this.load()).resources);
  }

  async export({ showSecrets }: { showSecrets: boolean }): Promise<string> {
    return exportState(await this.backend.read(this.reference), showSecrets ? await this.secrets : undefined);
  }

  /** Replaces the state. @returns the operations that had begun when it was exported, which are forgotten */
  async import(text: string): Promise<string[]> {
    const { reference, passphrase } = this;
    return this.locked(async () => {
      const { state, dropped } = await importState(text, { reference, secrets: await this.secrets, passphrase });
      await this.save(state);
      return dropped.map(({ type, resource }) => `${type} ${resource.urn}`);
    });
  }

  /**
   * Forgets the stack: its state and history.
   *
   * @param force also where resources are left, which then nobody manages, and whatever is wrong with the state
   * @throws UserError where resources are left
   */
  async remove({ force }: { force: boolean }): Promise<void> {
    await this.locked(async () => {
      if (!force) await this.requireEmpty();
      await this.backend.remove(this.reference);
    });
  }

  private async locked<T>(act: () => Promise<T>): Promise<T> {
    const lock = await this.lock(() => undefined);
    try {
      return await act();
    } finally {
      await lock.release();
    }
  }

  private async requireEmpty(): Promise<void> {
    const count = (await this.load()).resources.length;
    if (count === 0) return;
    throw new UserError(
      `Stack ${this.name} still has ${count} resources: destroy it first, or forget them where they are with --force.`,
    );
  }

  /** One for the whole run: it remembers how unchanged resources are written. */
  private store(): Promise<StackStore> {
    return (this.opened ??= this.secrets.then(
      (secrets) => new StackStore(this.backend, this.reference, secrets, this.passphrase),
    ));
  }

  /**
   * The salt is the stack file's, else the state's. A new one goes into the state only: unlike the CLI this engine does not
   * write into the stack's file, which is under version control, as long as nothing in it is encrypted.
   */
  private async openSecrets(): Promise<PassphraseSecrets> {
    const deployment = await this.backend.read(this.reference);
    const salt = this.file.encryptionSalt ?? (deployment && saltOf(deployment));
    return salt === undefined
      ? PassphraseSecrets.create(this.passphrase)
      : PassphraseSecrets.open(salt, this.passphrase, `stack ${this.name}`);
  }
}

/** What a program has put out: the outputs of its stack's resource. */
export function programOutputs(resources: Iterable<ResourceState>): PropertyMap {
  return [...resources].find(({ type }) => type === STACK_TYPE)?.outputs ?? {};
}
