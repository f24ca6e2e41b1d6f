import { credentials, status } from '@grpc/grpc-js';
import { ResourceProviderClient } from '@pulumi/pulumi/proto/provider_grpc_pb';
import { ProviderHandshakeRequest, type ProviderHandshakeResponse } from '@pulumi/pulumi/proto/provider_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { UserError } from '../../../shared/errors';
import type { PropertyMap } from '../../values/value';
import { decode } from '../../values/wire';
import { InitError } from '../provider';
import { type PluginOptions, PluginProcess } from './plugin-process';
import { type CallName, type Calls, initFailure, isServiceError, isUnimplemented, send, sendUntil } from './rpc';

/** How long a call may still answer after Ctrl-C. */
const CANCEL_GRACE_MS = 10_000;

/** As in the CLI: a state can be larger than gRPC's default of 4 MB. */
const maxMessageBytes = 400 * 1024 * 1024;

/** What a plugin tells of an object that is not well, which may include the inputs that would describe it. */
export class PluginInitError extends InitError {
  constructor(
    id: string,
    outputs: PropertyMap,
    reasons: string[],
    readonly inputs: PropertyMap | undefined,
  ) {
    super(id, outputs, reasons);
  }
}

/** A running plugin and the gRPC connection to it. */
export class Connection {
  private cancelling: Promise<unknown> | undefined;

  private constructor(
    private readonly process: PluginProcess,
    private readonly client: ResourceProviderClient,
    /** Undefined from a plugin that knows no handshake: most. */
    readonly handshake: ProviderHandshakeResponse | undefined,
  ) {}

  static async open(options: PluginOptions): Promise<Connection> {
    const process = await PluginProcess.start(options);
    const client = new ResourceProviderClient(process.address, credentials.createInsecure(), {
      'grpc.max_receive_message_length': maxMessageBytes,
      'grpc.max_send_message_length': maxMessageBytes,
      'grpc.enable_retries': 0,
    });
    try {
      return new Connection(process, client, await shakeHands(client, options));
    } catch (error) {
      client.close();
      await process.close();
      throw await explain(error, process);
    }
  }

  /** @throws Error with the plugin's message and the ServiceError as its cause; UserError if the plugin has ended */
  async send<K extends CallName>(name: K, message: Calls[K]['request']): Promise<Calls[K]['response']> {
    try {
      return await send(this.client, name, message);
    } catch (error) {
      throw await explain(error, this.process);
    }
  }

  /** As `send`, for calls about a resource: the signal cancels them, and they may fail with a PluginInitError. */
  async sendUntil<K extends CallName>(
    signal: AbortSignal,
    name: K,
    message: Calls[K]['request'],
  ): Promise<Calls[K]['response']> {
    try {
      const cancel = () => this.cancel();
      return await sendUntil(this.client, name, message, { signal, cancel, graceMs: CANCEL_GRACE_MS });
    } catch (error) {
      throw await explain(error, this.process);
    }
  }

  async close(): Promise<void> {
    this.client.close();
    await this.process.close();
  }

  /** Tells the plugin once, whatever the number of its running calls. A plugin need not know the call. */
  private cancel(): void {
    this.cancelling ??= send(this.client, 'cancel', new Empty()).catch(() => undefined);
  }
}

async function shakeHands(client: ResourceProviderClient, { engineAddress, folder }: PluginOptions) {
  const request = new ProviderHandshakeRequest()
    .setEngineAddress(engineAddress)
    .setRootDirectory(folder)
    .setProgramDirectory(folder);
  try {
    return await send(client, 'handshake', request);
  } catch (error) {
    if (isUnimplemented(error)) return undefined;
    throw error;
  }
}

async function explain(error: unknown, process: PluginProcess): Promise<unknown> {
  if (!isServiceError(error)) return error;
  const failure = initFailure(error);
  if (failure) {
    const inputs = failure.hasInputs() ? decode(failure.getInputs()) : undefined;
    return new PluginInitError(failure.getId(), decode(failure.getProperties()), failure.getReasonsList(), inputs);
  }
  const broken = ofTransport[error.code];
  if (broken === undefined) return new Error(error.details, { cause: error });
  const ended = error.code === status.UNAVAILABLE ? await process.reasonOfEnd() : undefined;
  return ended ?? Object.assign(new UserError(`provider plugin "${process.name}": ${broken}`), { cause: error });
}

/** What the library's own errors mean; all others are the plugin's, in its words. */
const ofTransport: Partial<Record<status, string>> = {
  [status.CANCELLED]: 'the call was broken off',
  [status.DEADLINE_EXCEEDED]: 'it did not answer in time',
  [status.INTERNAL]: 'the connection to it broke',
  [status.RESOURCE_EXHAUSTED]: `a message is larger than ${maxMessageBytes / 1024 / 1024} MB`,
  [status.UNAVAILABLE]: 'the connection to it broke',
  [status.UNIMPLEMENTED]: 'it does not know a call of the protocol that this engine needs',
};
