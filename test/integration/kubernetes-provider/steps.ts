import type { KubernetesProvider } from '../../../embedded/engine/providers/kubernetes/provider';
import type { PropertyMap } from '../../../embedded/engine/values/value';
import type { ProviderWorld } from './world';

/** What a resource's calls have in common, with what they told the user. */
export function callFor(type: string, signal = new AbortController().signal) {
  const told: string[] = [];
  const tell = (message: string) => {
    told.push(message);
  };
  return { urn: `urn:pulumi:dev::test::${type}::it`, type, name: 'it', signal, status: tell, warn: tell, told };
}

/** A resource as a state has it. */
export interface Resource {
  type: string;
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
}

export interface Options {
  with?: KubernetesProvider;
  preview?: boolean;
  timeout?: number;
  call?: ReturnType<typeof callFor>;
  noteIntent?: (outputs: PropertyMap) => Promise<void>;
  ignoreChanges?: string[];
}

/** What the engine does to a resource. */
export class Steps {
  constructor(private readonly world: ProviderWorld) {}

  async check(type: string, newInputs: PropertyMap): Promise<PropertyMap> {
    const request = { ...callFor(type), oldInputs: {}, newInputs };
    const { inputs, failures } = await this.world.provider.check(request);
    expect(failures).toEqual([]);
    return inputs;
  }

  async create(type: string, wanted: PropertyMap, options: Options = {}): Promise<Resource> {
    const inputs = await this.check(type, wanted);
    const { timeout = 30, preview = false, noteIntent = () => Promise.resolve(), call = callFor(type) } = options;
    const provider = options.with ?? this.world.provider;
    const made = await provider.create({ ...call, inputs, timeout, preview, noteIntent });
    return { type, inputs, ...made };
  }

  async update(resource: Resource, newInputs: PropertyMap, options: Options = {}): Promise<Resource> {
    const { type, id, inputs, outputs } = resource;
    const { timeout = 30, preview = false, ignoreChanges = [], call = callFor(type) } = options;
    const request = { ...call, id, oldInputs: inputs, oldOutputs: outputs, newInputs, ignoreChanges, timeout, preview };
    const provider = options.with ?? this.world.provider;
    return { ...resource, inputs: newInputs, ...(await provider.update(request)) };
  }

  read({ type, id, inputs, outputs }: Resource, call = callFor(type)) {
    return this.world.provider.read({ ...call, id, inputs, outputs });
  }

  remove({ type, id, inputs, outputs }: Resource, call = callFor(type)) {
    return this.world.provider.delete({ ...call, id, inputs, outputs, timeout: 30 });
  }

  /** The paths that an update to the program's inputs would change after a refresh. */
  async drift(resource: Resource): Promise<string[]> {
    const found = await this.read(resource);
    if (!found) throw new Error(`${resource.id} has gone`);
    const { detailed } = await this.world.provider.diff({
      ...callFor(resource.type),
      id: found.id,
      oldInputs: found.inputs,
      oldOutputs: found.outputs,
      newInputs: resource.inputs,
    });
    return Object.keys(detailed);
  }
}
