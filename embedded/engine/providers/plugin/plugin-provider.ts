import { UserError } from '../../../shared/errors';
import type { PropertyMap } from '../../values/value';
import { decode } from '../../values/wire';
import type * as engine from '../provider';
import { Connection } from './connection';
import type { PluginOptions } from './plugin-process';
import * as requests from './requests';
import { checkResult, diffOfInputs, diffResult } from './responses';
import { type CallName, type Calls, isUnimplemented } from './rpc';

/**
 * A provider that runs as a process of its own: a folder with PulumiPlugin.yaml, named in Pulumi.yaml, that serves Pulumi's
 * ResourceProvider. The process starts with the first call and ends with `close`, or with this process.
 */
export class PluginProvider implements engine.Provider {
  private connection: Promise<Connection> | undefined;

  constructor(private readonly options: PluginOptions) {}

  warmUp(): void {
    // A failure is reported by the first call, if there is one.
    this.connect().catch(() => undefined);
  }

  async checkConfig(request: engine.CheckRequest): Promise<engine.CheckResult> {
    const response = await this.sendOptional('checkConfig', requests.checkRequest(request));
    return response ? checkResult(response, request.newInputs) : { inputs: request.newInputs, failures: [] };
  }

  async diffConfig(request: engine.DiffRequest): Promise<engine.DiffResult> {
    const response = await this.sendOptional('diffConfig', requests.diffRequest(request));
    return response ? diffResult(response, request) : diffOfInputs(request);
  }

  /** @throws UserError if the plugin knows no secrets or no previews */
  async configure(inputs: PropertyMap): Promise<void> {
    const response = await (await this.connect()).send('configure', requests.configureRequest(inputs));
    if (response.getAcceptsecrets() && response.getSupportspreview()) return;
    const lacking = response.getAcceptsecrets() ? 'supports no previews' : 'accepts no secrets';
    throw new UserError(
      `provider plugin "${this.options.name}" ${lacking}, which this engine needs: use the pulumi CLI`,
    );
  }

  async check(request: engine.CheckRequest): Promise<engine.CheckResult> {
    return checkResult(await this.send(request, 'check', requests.checkRequest(request)), request.newInputs);
  }

  async diff(request: engine.DiffRequest): Promise<engine.DiffResult> {
    return diffResult(await this.send(request, 'diff', requests.diffRequest(request)), request);
  }

  async create(request: engine.CreateRequest): Promise<engine.CreateResult> {
    const response = await this.send(request, 'create', requests.createRequest(request));
    return { id: response.getId(), outputs: decode(response.getProperties()) };
  }

  async read(request: engine.ReadRequest): Promise<engine.ReadResult | undefined> {
    const response = await this.send(request, 'read', requests.readRequest(request));
    const id = response.getId();
    if (id === '') return undefined;
    const inputs = response.hasInputs() ? decode(response.getInputs()) : request.inputs;
    return { id, inputs, outputs: decode(response.getProperties()) };
  }

  async update(request: engine.UpdateRequest): Promise<engine.UpdateResult> {
    const response = await this.send(request, 'update', requests.updateRequest(request));
    return { outputs: decode(response.getProperties()) };
  }

  async delete(request: engine.DeleteRequest): Promise<void> {
    await this.send(request, 'delete', requests.deleteRequest(request));
  }

  async close(): Promise<void> {
    const connection = await this.connection?.catch(() => undefined);
    await connection?.close();
  }

  private async send<K extends CallName>({ signal }: engine.ResourceCall, name: K, message: Calls[K]['request']) {
    return (await this.connect()).send(name, message, signal);
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
