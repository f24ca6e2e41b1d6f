import { credentials, status } from '@grpc/grpc-js';
import { ResourceProviderClient } from '@pulumi/pulumi/proto/provider_grpc_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { UserError } from '../../../shared/errors';
import { decode } from '../../values/wire';
import { InitError } from '../provider';
import { type PluginOptions, PluginProcess } from './plugin-process';
import { type CallName, type Calls, initFailure, isServiceError, send } from './rpc';

/** How long a call may still answer after Ctrl-C. */
const CANCEL_GRACE_MS = 10_000;

/** As in the CLI: a state can be larger than gRPC's default of 4 MB. */
const maxMessageBytes = 400 * 1024 * 1024;

/** A running plugin and the gRPC connection to it. */
export class Connection {
  private cancelling: Promise<unknown> | undefined;

  private constructor(
    private readonly process: PluginProcess,
    private readonly client: ResourceProviderClient,
  ) {}

  static async open(options: PluginOptions): Promise<Connection> {
    const process = await PluginProcess.start(options);
    const client = new ResourceProviderClient(process.address, credentials.createInsecure(), {
      'grpc.max_receive_message_length': maxMessageBytes,
      'grpc.max_send_message_length': maxMessageBytes,
      'grpc.enable_retries': 0,
    });
    return new Connection(process, client);
  }

  /**
   * @param signal interrupts the call
   * @throws Error with the plugin's message and the ServiceError as its cause; UserError if the plugin has ended; InitError
   *   for a resource that was made or changed and is not well
   */
  async send<K extends CallName>(
    name: K,
    message: Calls[K]['request'],
    signal?: AbortSignal,
  ): Promise<Calls[K]['response']> {
    try {
      const interruption = signal && { signal, cancel: () => this.cancel(), graceMs: CANCEL_GRACE_MS };
      return await send(this.client, name, message, interruption);
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

async function explain(error: unknown, process: PluginProcess): Promise<unknown> {
  if (!isServiceError(error)) return error;
  const failure = initFailure(error);
  if (failure) return new InitError(failure.getId(), decode(failure.getProperties()), failure.getReasonsList());
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
