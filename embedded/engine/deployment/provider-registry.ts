import { randomUUID } from 'node:crypto';
import type {
  CheckRequest,
  CreateRequest,
  CreateResult,
  DiffRequest,
  Provider,
  UpdateRequest,
  UpdateResult,
} from '../providers/provider';
import type { ResourceState } from '../state/resource-state';
import { packageOf, parseProviderReference, providerReference } from '../state/urn';
import { type PropertyMap, containsUnknown } from '../values/value';

/** What becomes of a resource in the program, whether a provider is to do it or is what is made. */
export type ResourceActions = Pick<Provider, 'check' | 'diff' | 'create' | 'update'>;

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

  /** Gets a package's provider ready while nobody waits for it yet. */
  warmUp(packageName: string): void {
    void this.checker(packageName).then(
      (provider) => provider.warmUp?.(),
      () => undefined,
    );
  }

  /** The provider of a package's provider resources. */
  asResource(packageName: string): ResourceActions {
    const checker = () => this.checker(packageName);
    const configureAs = (urn: string, id: string, inputs: PropertyMap) =>
      this.configure(providerReference(urn, id), packageName, inputs);
    return {
      check: async (request: CheckRequest) => {
        const oldInputs = forProvider(request.oldInputs);
        const newInputs = forProvider(request.newInputs);
        const unknowns = Object.keys(newInputs).filter((key) => containsUnknown(newInputs[key] ?? null));
        if (unknowns.length > 0) return { inputs: newInputs, failures: unknowns.map(tooLate) };
        const { inputs, failures } = await (await checker()).checkConfig({ ...request, oldInputs, newInputs });
        return { inputs: { ...forEngine(request.newInputs), ...inputs }, failures };
      },
      diff: async (request: DiffRequest) => {
        const [oldInputs, newInputs] = [forProvider(request.oldInputs), forProvider(request.newInputs)];
        return (await checker()).diffConfig({ ...request, oldInputs, newInputs });
      },
      create: async ({ urn, inputs }: CreateRequest): Promise<CreateResult> => {
        const id = randomUUID();
        await configureAs(urn, id, inputs);
        return { id, outputs: forState(inputs) };
      },
      update: async ({ urn, id, newInputs }: UpdateRequest): Promise<UpdateResult> => {
        await configureAs(urn, id, newInputs);
        return { outputs: forState(newInputs) };
      },
    };
  }

  /** Frees every provider's connections and processes. */
  async close(): Promise<void> {
    await Promise.allSettled(this.loaded.map(async (provider) => (await provider).close()));
  }

  /** An instance that answers questions about configurations. */
  private checker(packageName: string): Promise<Provider> {
    const known = this.checkers.get(packageName);
    if (known) return known;
    const provider = this.track(this.load(packageName));
    this.checkers.set(packageName, provider);
    return provider;
  }

  private configure(reference: string, packageName: string, inputs: PropertyMap): Promise<Provider> {
    // What has only answered questions so far is put to work: a plugin's process takes a while to start.
    const unconfigured = this.checkers.get(packageName) ?? this.track(this.load(packageName));
    this.checkers.delete(packageName);
    const provider = unconfigured.then(async (loaded) => {
      await loaded.configure(forProvider(inputs));
      return loaded;
    });
    // A failure is reported by whoever awaits the provider.
    provider.catch(() => undefined);
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

const tooLate = (property: string) => ({
  property,
  reason: 'is known only when another resource is made: the embedded engine needs it before. Use the pulumi CLI',
});

/** Keys of a provider resource's inputs that speak to the engine, not to the provider. */
const ENGINE_KEYS: ReadonlySet<string> = new Set(['__internal', 'version', 'pluginDownloadURL', 'pluginChecksums']);

const forEngine = (inputs: PropertyMap) => pick(inputs, (key) => ENGINE_KEYS.has(key));
/** As the CLI has them: what it keeps to itself among the inputs is no output. */
const forState = (inputs: PropertyMap) => pick(inputs, (key) => key !== '__internal');
const forProvider = (inputs: PropertyMap) => pick(inputs, (key) => !ENGINE_KEYS.has(key));

function pick(map: PropertyMap, wanted: (key: string) => boolean): PropertyMap {
  return Object.fromEntries(Object.entries(map).filter(([key]) => wanted(key)));
}
