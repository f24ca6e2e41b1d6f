import type { LocalBackend } from '../backend/local-backend';
import type { StackReference } from '../backend/stack-reference';
import type { PassphraseSecrets } from '../secrets/passphrase';
import { StateCodec } from './codec';
import { decrypterOf } from './decrypter';
import { findDamage } from './integrity';
import { inDependencyOrder } from './order';
import { repairReferences } from './references';
import type { StackState } from './resource-state';

/** The state of one stack in a backend, decoded. */
export class StackStore {
  private readonly codec: StateCodec;

  /**
   * @param secrets what the state is written with
   * @param passphrase for a state that was written with another salt
   */
  constructor(
    private readonly backend: LocalBackend,
    readonly reference: StackReference,
    private readonly secrets: PassphraseSecrets,
    private readonly passphrase: string,
  ) {
    this.codec = new StateCodec(secrets);
  }

  /**
   * The state for a run: empty for a new stack, and without resources that a killed run of the CLI had deleted already.
   *
   * @throws UserError if there is a state that cannot be used
   */
  async load(): Promise<StackState> {
    const deployment = await this.backend.read(this.reference);
    if (!deployment) {
      await this.backend.refuseLost(this.reference);
      return { resources: [], pending: [], metadata: {} };
    }
    const where = `the state of stack ${this.reference.stack}`;
    const state = this.codec.decode(deployment, await decrypterOf(deployment, this.secrets, this.passphrase, where));
    const damage = findDamage(state.resources);
    if (damage !== undefined) {
      throw await this.backend.damaged(this.reference, damage);
    }
    return { ...state, resources: state.resources.filter((resource) => !resource.pendingReplacement) };
  }

  /** Makes a state durable: what a StateWriter persists with. References to resources that it lacks are left out. */
  async save(state: StackState): Promise<void> {
    const resources = inDependencyOrder(repairReferences(state.resources));
    await this.backend.write(this.reference, this.codec.encode({ ...state, resources }));
  }
}
