import { UserError } from '../../shared/errors';
import { Provider } from '../providers/provider';
import { ResourceState, StackState } from '../state/resource-state';
import { PropertyMap } from '../values/value';
import { aliasUrns } from './aliases';
import { Goal, goalWith } from './goal';
import { LoadProvider, ProviderRegistry } from './provider-registry';
import { Run } from './run';
import { isProviderType, makeUrn, packageOf, providerReference } from './urn';

/** A provider that a resource will have, and how its state refers to it. */
export interface BoundProvider {
  provider: Provider;
  /** Undefined for provider resources. */
  reference?: string;
}

/** What an operation on a stack knows: the resources of the state and those that the program has registered so far. */
export class Deployment {
  readonly providers: ProviderRegistry;
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
  private readonly defaultProviders = new Map<string, Promise<string>>();

  /** @param base the state before the run */
  constructor(
    readonly run: Run,
    readonly base: StackState,
    load: LoadProvider,
  ) {
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

  async providerOf(
    goal: Pick<Goal, 'type' | 'provider' | 'version'>,
    defaults: RegisterDefault,
  ): Promise<BoundProvider> {
    if (isProviderType(goal.type)) return { provider: this.providers.asResource(packageOf(goal.type)) };
    const reference = goal.provider ?? (await this.defaultProvider(packageOf(goal.type), goal.version, defaults));
    return { provider: await this.providers.get(reference), reference };
  }

  private defaultProvider(
    packageName: string,
    version: string | undefined,
    register: RegisterDefault,
  ): Promise<string> {
    const name = version === undefined ? 'default' : `default_${version.replaceAll(/[.+-]/g, '_')}`;
    const key = `${packageName}::${name}`;
    const known = this.defaultProviders.get(key);
    if (known) return known;
    const inputs: PropertyMap = version === undefined ? {} : { __internal: {}, version };
    const reference = register(defaultProviderGoal(packageName, name, inputs)).then((resource) =>
      providerReference(resource.urn, resource.id ?? ''),
    );
    this.defaultProviders.set(key, reference);
    return reference;
  }
}

/** Registers the provider resource that stands for "no provider given". */
export type RegisterDefault = (goal: Goal) => Promise<ResourceState>;

function defaultProviderGoal(packageName: string, name: string, inputs: PropertyMap): Goal {
  return goalWith({ type: `pulumi:providers:${packageName}`, name, custom: true, inputs });
}
