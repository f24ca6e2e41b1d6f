import { randomUUID } from 'node:crypto';
import {
  CheckRequest,
  CreateRequest,
  CreateResult,
  DiffRequest,
  Provider,
  ReadResult,
  UpdateRequest,
  UpdateResult,
} from '../providers/provider';
import { ResourceState } from '../state/resource-state';
import { PropertyMap } from '../values/value';
import { packageOf, parseProviderReference, providerReference } from './urn';

/** Makes an unconfigured provider of a package: one built in, or a plugin that the project names. */
export type LoadProvider = (packageName: string) => Promise<Provider>;

/**
 * The providers of a run by reference (`urn::id`), and how provider resources themselves are checked, created and
 * updated: to the rest of the engine a provider resource is a resource like any other.
 */
export class ProviderRegistry {
  private readonly configured = new Map<string, { provider: Promise<Provider>; inputs: PropertyMap }>();
  private readonly loaded: Promise<Provider>[] = [];
  private readonly checkers = new Map<string, Promise<Provider>>();

  /** @param stored finds a provider resource of the state by URN and id: a delete may need one the program no longer has */
  constructor(
    private readonly load: LoadProvider,
    private readonly stored: (urn: string, id: string) => ResourceState | undefined,
  ) {}

  /** The configured provider that a resource's state or goal refers to. */
  async get(reference: string): Promise<Provider> {
    const known = this.configured.get(reference);
    if (known) return known.provider;
    const { urn, id } = parseProviderReference(reference);
    const resource = this.stored(urn, id);
    if (!resource) throw new Error(`the provider ${reference} is not in the state`);
    return this.configure(reference, packageOf(resource.type), resource.inputs);
  }

  /** The configuration of a provider of this run or of the state. */
  inputsOf(reference: string): PropertyMap | undefined {
    const { urn, id } = parseProviderReference(reference);
    return this.configured.get(reference)?.inputs ?? this.stored(urn, id)?.inputs;
  }

  /** Puts an unchanged provider resource to work. */
  async use(resource: ResourceState): Promise<void> {
    const reference = providerReference(resource.urn, resource.id ?? '');
    await this.configure(reference, packageOf(resource.type), resource.inputs);
  }

  /** The provider of a package's provider resources. */
  asResource(packageName: string): Provider {
    const checker = () => this.checker(packageName);
    const configureAs = (urn: string, id: string, inputs: PropertyMap) =>
      this.configure(providerReference(urn, id), packageName, inputs);
    const notApplicable = () => Promise.reject(new Error(`a provider resource cannot be read or invoked`));
    return {
      checkConfig: notApplicable,
      diffConfig: notApplicable,
      configure: notApplicable,
      check: async (request: CheckRequest) => (await checker()).checkConfig(request),
      diff: async (request: DiffRequest) => (await checker()).diffConfig(request),
      create: async ({ urn, inputs }: CreateRequest): Promise<CreateResult> => {
        const id = randomUUID();
        await configureAs(urn, id, inputs);
        return { id, outputs: inputs };
      },
      update: async ({ urn, id, newInputs }: UpdateRequest): Promise<UpdateResult> => {
        await configureAs(urn, id, newInputs);
        return { outputs: newInputs };
      },
      read: notApplicable as () => Promise<ReadResult>,
      delete: () => Promise.resolve(),
      invoke: notApplicable,
      close: () => Promise.resolve(),
    };
  }

  /** Frees every provider's connections and processes. */
  async close(): Promise<void> {
    await Promise.allSettled(this.loaded.map(async (provider) => (await provider).close()));
  }

  /** An instance that answers questions about configurations; it stays unconfigured. */
  private checker(packageName: string): Promise<Provider> {
    const known = this.checkers.get(packageName);
    if (known) return known;
    const provider = this.track(this.load(packageName));
    this.checkers.set(packageName, provider);
    return provider;
  }

  private configure(reference: string, packageName: string, inputs: PropertyMap): Promise<Provider> {
    const provider = this.track(
      this.load(packageName).then(async (loaded) => {
        await loaded.configure(inputs);
        return loaded;
      }),
    );
    this.configured.set(reference, { provider, inputs });
    return provider;
  }

  private track(provider: Promise<Provider>): Promise<Provider> {
    // A failure is reported by whoever awaits the provider.
    provider.catch(() => undefined);
    this.loaded.push(provider);
    return provider;
  }
}
