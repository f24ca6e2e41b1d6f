import { GroupCommit } from './group-commit';
import { findDamage } from './integrity';
import { inDependencyOrder } from './order';
import { repairReferences } from './references';
import type { PendingOperation, ResourceState, StackState } from './resource-state';
import { sameState } from './same-state';

/** What a step has done to the state. Resources are immutable: a step puts another object in place of the old one. */
export type StateChange =
  /** Created, updated, imported, read, refreshed: `new` takes the place of `old`, or is new. */
  | { kind: 'put'; old?: ResourceState; new: ResourceState }
  /** Replaced, the new half created first: `old` stays, marked to be deleted, until it is dropped. */
  | { kind: 'replace'; old: ResourceState; new: ResourceState }
  /** Deleted, discarded, found gone by a refresh. */
  | { kind: 'drop'; old: ResourceState }
  /** The step failed and changed nothing. */
  | { kind: 'none' };

/** A step that has begun and not yet ended. */
export interface PendingHandle {
  operation: PendingOperation;
}

/** A resource of the state, whatever object stands for it at the moment. */
interface Slot {
  resource: ResourceState;
}

/**
 * The state of a stack during a run. Every step is written before it begins and when it has ended; steps that run at the
 * same time share writes, and nothing is written when nothing has changed.
 *
 * Resources of this run stand first, in the order in which they were put; then what is left of the base. Old resources
 * are found by identity, or else by URN and id, so a copy of one names it as well.
 */
export class StateWriter {
  private readonly base: Set<Slot>;
  private readonly fresh = new Set<Slot>();
  private readonly slots = new Map<ResourceState, Slot>();
  private readonly renamed = new Map<string, string>();
  private readonly running = new Set<PendingHandle>();
  private readonly commit = new GroupCommit(() => this.write());
  private changes = 0;
  private written = 0;

  /**
   * @param initial what an interrupted earlier run left undecided is settled in it already
   * @param persist makes a state durable; called once at a time
   */
  constructor(
    private readonly initial: StackState,
    private readonly persist: (state: StackState) => Promise<void>,
  ) {
    this.base = new Set(initial.resources.map((resource) => this.remember(resource, { resource })));
  }

  /** Notes that a step begins. Resolves when that is durable: only then may a provider be called. */
  async begin(operation: PendingOperation): Promise<PendingHandle> {
    const handle = { operation };
    this.running.add(handle);
    await this.save();
    return handle;
  }

  /** Changes what is noted about a step that has begun; resolves when that is durable. */
  async updatePending(handle: PendingHandle, resource: ResourceState): Promise<void> {
    handle.operation = { ...handle.operation, resource };
    await this.save();
  }

  /** Records what came of a step; resolves when that is durable. */
  async end(handle: PendingHandle, change: StateChange): Promise<void> {
    this.running.delete(handle);
    this.apply(change);
    await this.save();
  }

  /**
   * Records a resource without a step of its own: a `same` step, a component, outputs registered later. Returns at once;
   * written along with the next step or by `flush`, and soon, unless the resource is as it was.
   */
  put(old: ResourceState | undefined, resource: ResourceState): void {
    const before = old && this.find(old)?.resource;
    this.apply({ kind: 'put', ...(old && { old }), new: resource });
    // The failure of a write that nobody waits for is met again by whoever waits next.
    if (!before || !sameState(before, resource)) this.save().catch(() => undefined);
  }

  /** Resolves when all that was recorded is durable. */
  async flush(): Promise<void> {
    while (this.written !== this.changes) await this.commit.request();
  }

  /** The state as it would be written now. */
  get state(): StackState {
    const resources = [...this.fresh, ...this.base].map(({ resource }) => resource);
    return {
      ...this.initial,
      resources: inDependencyOrder(repairReferences(resources, this.renamed)),
      pending: [...this.running].map(({ operation }) => operation),
    };
  }

  private apply(change: StateChange): void {
    if (change.kind === 'none') return;
    const slot = change.old && this.find(change.old);
    if (change.kind === 'drop') {
      if (slot) this.remove(slot);
      return;
    }
    if (change.old && change.old.urn !== change.new.urn) this.renamed.set(change.old.urn, change.new.urn);
    if (change.kind === 'replace') {
      if (slot) this.become(slot, { ...slot.resource, delete: true });
      this.fresh.add(this.remember(change.new, { resource: change.new }));
    } else {
      this.place(slot, change.new);
    }
  }

  private place(slot: Slot | undefined, resource: ResourceState): void {
    const target = slot ?? { resource };
    // An unchanged resource keeps its object, and with it the text that it was written as.
    if (sameState(target.resource, resource)) this.remember(resource, target);
    else this.become(target, resource);
    this.base.delete(target);
    this.fresh.add(target);
  }

  private become(slot: Slot, resource: ResourceState): void {
    slot.resource = resource;
    this.remember(resource, slot);
  }

  private remember(resource: ResourceState, slot: Slot): Slot {
    this.slots.set(resource, slot);
    return slot;
  }

  private remove(slot: Slot): void {
    this.base.delete(slot);
    this.fresh.delete(slot);
  }

  private find(resource: ResourceState): Slot | undefined {
    const known = this.slots.get(resource);
    if (known && (this.fresh.has(known) || this.base.has(known))) return known;
    return [...this.fresh, ...this.base].find(
      ({ resource: { urn, id, delete: doomed } }) =>
        urn === resource.urn && id === resource.id && (doomed ?? false) === (resource.delete ?? false),
    );
  }

  private save(): Promise<void> {
    this.changes += 1;
    return this.commit.request();
  }

  private async write(): Promise<void> {
    const { changes, state } = this;
    await this.persist(state);
    this.written = changes;
    const damage = findDamage(state.resources);
    // Written all the same: a resource that exists and is in no state would be worse.
    if (damage !== undefined) throw new Error(`the state was written, but the Pulumi CLI will refuse it: ${damage}`);
  }
}
