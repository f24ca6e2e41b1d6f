import type { ConfigureResponse, ProviderHandshakeResponse } from '@pulumi/pulumi/proto/provider_pb';
import { type PropertyMap, containsUnknown } from '../../values/value';
import { decode } from '../../values/wire';
import type * as engine from '../provider';
import { Connection, PluginInitError } from './connection';
import type { PluginOptions } from './plugin-process';
import { Requests, configureRequest } from './requests';
import { checkResult, diffOfInputs, diffResult, restoreSecrets } from './responses';
import { type CallName, type Calls, isUnimplemented } from './rpc';

/** What a plugin said of itself when it was configured. */
interface Acceptances {
  secrets: boolean;
  resources: boolean;
  preview: boolean;
}

/**
 * A provider that runs as a process of its own: a folder with PulumiPlugin.yaml, named in Pulumi.yaml, that serves Pulumi's
 * ResourceProvider. The process starts with the first call and ends with `close`, or with this process.
 */
export class PluginProvider implements engine.Provider {
  private connection: Promise<Connection> | undefined;
  private accepts: Acceptances = { secrets: true, resources: true, preview: false };
  private requests = new Requests({ keepSecrets: true });
  /** In a preview, the configuration may hang on a resource that doesn't exist yet: then the plugin cannot be asked. */
  private configurationUnknown = false;

  constructor(private readonly options: PluginOptions) {}

  warmUp(): void {
    // A failure is reported by the first call, if there is one.
    this.connect().catch(() => undefined);
  }

  async checkConfig(request: engine.CheckRequest): Promise<engine.CheckResult> {
    const response = await this.sendOptional('checkConfig', this.requests.check(request));
    return response ? checkResult(response, request.newInputs) : { inputs: request.newInputs, failures: [] };
  }

  async diffConfig(request: engine.DiffRequest): Promise<engine.DiffResult> {
    const response = await this.sendOptional('diffConfig', this.requests.diff(request));
    return response ? diffResult(response, request) : diffOfInputs(request);
  }

  async configure(inputs: PropertyMap): Promise<void> {
    this.configurationUnknown = containsUnknown(inputs);
    if (this.configurationUnknown) return;
    const connection = await this.connect();
    const message = configureRequest(this.options.name, inputs);
    const response = await connection.send('configure', message);
    this.accepts = acceptances(response, connection.handshake);
    this.requests = new Requests({ keepSecrets: this.accepts.secrets, keepResources: this.accepts.resources });
  }

  async check(request: engine.CheckRequest): Promise<engine.CheckResult> {
    const { newInputs } = request;
    if (this.configurationUnknown) return { inputs: newInputs, failures: [] };
    const response = await this.send(request, 'check', this.requests.check(request));
    const { inputs, failures } = checkResult(response, newInputs);
    return { inputs: this.received(inputs, newInputs), failures };
  }

  async diff(request: engine.DiffRequest): Promise<engine.DiffResult> {
    if (this.configurationUnknown) return diffOfInputs(request);
    const response = await this.send(request, 'diff', this.requests.diff(request));
    return diffResult(response, request);
  }

  async create(request: engine.CreateRequest): Promise<engine.CreateResult> {
    const { inputs } = request;
    if (request.preview && !this.canPreview) return { id: '', outputs: this.outputsUnasked(inputs) };
    const message = this.requests.create(request);
    const response = await this.send(request, 'create', message, inputs);
    return { id: response.getId(), outputs: this.received(decode(response.getProperties()), inputs) };
  }

  async read(request: engine.ReadRequest): Promise<engine.ReadResult | undefined> {
    const { id, inputs, outputs } = request;
    if (this.configurationUnknown) return { id, inputs, outputs };
    const found = await this.readEvenIfUnwell(request);
    if (found.id === '') return undefined;
    return {
      id: found.id,
      inputs: found.inputs ? this.received(found.inputs, inputs) : inputs,
      outputs: this.received(found.outputs, inputs),
    };
  }

  async update(request: engine.UpdateRequest): Promise<engine.UpdateResult> {
    const { newInputs } = request;
    if (request.preview && !this.canPreview) return { outputs: this.outputsUnasked(newInputs) };
    const message = this.requests.update(request);
    const response = await this.send(request, 'update', message, newInputs);
    return { outputs: this.received(decode(response.getProperties()), newInputs) };
  }

  async delete(request: engine.DeleteRequest): Promise<void> {
    await this.send(request, 'delete', this.requests.delete(request));
  }

  async close(): Promise<void> {
    const connection = await this.connection?.catch(() => undefined);
    await connection?.close();
  }

  private get canPreview() {
    return this.accepts.preview && !this.configurationUnknown;
  }

  /**
   * What a preview shows of a resource whose plugin isn't asked: its inputs, as outputs of the same names mostly equal them;
   * to the SDK every other output is unknown. With an unknown configuration not even that much is known.
   */
  private outputsUnasked(inputs: PropertyMap): PropertyMap {
    return this.configurationUnknown ? {} : inputs;
  }

  private received(values: PropertyMap, inputs: PropertyMap): PropertyMap {
    return this.accepts.secrets ? values : restoreSecrets(values, inputs);
  }

  /** An object that exists but isn't well can be read all the same; what ails it is told as warnings. */
  private async readEvenIfUnwell(
    request: engine.ReadRequest,
  ): Promise<Partial<engine.ReadResult> & engine.CreateResult> {
    try {
      const response = await this.send(request, 'read', this.requests.read(request));
      const outputs = decode(response.getProperties());
      const id = response.getId();
      return response.hasInputs() ? { id, outputs, inputs: decode(response.getInputs()) } : { id, outputs };
    } catch (error) {
      if (!(error instanceof PluginInitError)) throw error;
      for (const reason of error.reasons) request.warn(reason);
      const { id, outputs, inputs } = error;
      return inputs ? { id, outputs, inputs } : { id, outputs };
    }
  }

  /** @param inputs whose secrets to find again in the outputs of a resource that did not come up */
  private async send<K extends CallName>(
    { signal }: engine.ResourceCall,
    name: K,
    message: Calls[K]['request'],
    inputs: PropertyMap = {},
  ) {
    try {
      return await (await this.connect()).sendUntil(signal, name, message);
    } catch (error) {
      if (!(error instanceof PluginInitError)) throw error;
      throw new PluginInitError(error.id, this.received(error.outputs, inputs), error.reasons, error.inputs);
    }
  }

  /** Undefined from a plugin that doesn't know the call. */
  private async sendOptional<K extends CallName>(name: K, message: Calls[K]['request']) {
    try {
      return await (await this.connect()).send(name, message);
    } catch (error) {
      if (error instanceof Error && isUnimplemented(error.cause)) return undefined;
      throw error;
    }
  }

  private connect(): Promise<Connection> {
    this.connection ??= Connection.open(this.options);
    return this.connection;
  }
}

/** A plugin that shakes hands speaks the newer protocol, to which previews belong. */
function acceptances(response: ConfigureResponse, handshake: ProviderHandshakeResponse | undefined): Acceptances {
  if (handshake) {
    return { secrets: handshake.getAcceptSecrets(), resources: handshake.getAcceptResources(), preview: true };
  }
  return {
    secrets: response.getAcceptsecrets(),
    resources: response.getAcceptresources(),
    preview: response.getSupportspreview(),
  };
}
