import { UserError } from '../../shared/errors';
import { Policies } from '../policy-pack/policies';
import type { PolicyPack } from '../policy-pack/policy-pack';
import type { ResourceState, StackState } from '../state/resource-state';
import { isProviderType, makeUrn, packageOf } from '../state/urn';
import { aliasUrns } from './aliases';
import type { Goal } from './goal';
import { type LoadProvider, ProviderRegistry, type ResourceActions } from './provider-registry';
import type { Run } from './run';

/** A provider that a resource will have, and how its state refers to it. */
export interface BoundProvider {
  provider: ResourceActions;
  /** Undefined for provider resources. */
  reference?: string;
}

/** What an operation on a stack knows: the resources of the state and those that the program has registered so far. */
export class Deployment {
  readonly providers: ProviderRegistry;
  readonly policies: Policies;
  /** The state before the run, by URN, without what only waits to be deleted. */
  readonly olds: Map<string, ResourceState>;
  /** Resources of this run by URN. */
  readonly news = new Map<string, ResourceState>();
  /** Old resources that the program still has, under their own or another URN. */
  readonly continued = new Set<ResourceState>();
  /** Deleted in this run ahead of their replacement, by URN: to be created anew. */
  readonly deletedFirst = new Map<string, ResourceState>();
  /** Old halves of this run's replacements, to be deleted at its end. */
  readonly replaced: ResourceState[] = [];
  private readonly goals = new Map<string, Goal>();
  private readonly aliases = new Map<string, string[]>();

  /**
   * @param base the state before the run
   * @param packs default: nobody judges what the program wants
   */
  constructor(
    readonly run: Run,
    readonly base: StackState,
    load: LoadProvider,
    packs?: Promise<readonly PolicyPack[]>,
  ) {
    this.policies = new Policies(packs, run);
    this.olds = new Map(base.resources.filter((r) => !r.delete).map((resource) => [resource.urn, resource]));
    this.providers = new ProviderRegistry(load, (urn, id) =>
      base.resources.find((resource) => resource.urn === urn && resource.id === id),
    );
  }

  /** The URN of a goal; a second resource of the same URN is refused. */
  claim(goal: Goal): string {
    const { stack, project } = this.run.options;
    const urn = makeUrn(stack, project, goal.parent, goal.type, goal.name);
    if (this.goals.has(urn)) {
      throw new UserError(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    }
    this.goals.set(urn, goal);
    return urn;
  }

  /** The state's resource that the goal continues: of the same URN, or of an alias. */
  findOld(urn: string, goal: Goal): ResourceState | undefined {
    const { stack, project } = this.run.options;
    const parentAliases = goal.parent === undefined ? [] : (this.aliases.get(goal.parent) ?? []);
    const aliases = aliasUrns(stack, project, goal, parentAliases);
    this.aliases.set(urn, aliases);
    for (const candidate of [urn, ...aliases]) {
      const old = this.olds.get(candidate);
      if (old && !this.continued.has(old) && !this.deletedFirst.has(candidate)) {
        this.continued.add(old);
        return old;
      }
    }
    return undefined;
  }

  /** An option that children take over from their parents: the nearest one set. */
  inherited(goal: Goal, option: 'protect' | 'retainOnDelete'): boolean {
    const parent = goal.parent === undefined ? undefined : this.goals.get(goal.parent);
    return goal[option] ?? (parent ? this.inherited(parent, option) : false);
  }

  /** @throws UserError for a resource without a provider */
  async providerOf({ type, name, provider: reference }: Goal): Promise<BoundProvider> {
    if (isProviderType(type)) return { provider: this.providers.asResource(packageOf(type)) };
    if (reference !== undefined) return { provider: await this.providers.get(reference), reference };
    throw new UserError(
      `${type} "${name}" has no provider, and the embedded engine makes none by default: pass one to it, or to its ` +
        'parent, with the option "provider" or "providers".',
    );
  }
}
