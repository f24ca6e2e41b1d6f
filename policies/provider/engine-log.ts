import { credentials } from '@grpc/grpc-js';
import { EngineClient } from '@pulumi/pulumi/proto/engine_grpc_pb';
import { LogRequest, LogSeverity } from '@pulumi/pulumi/proto/engine_pb';

/** The engine's log, which shows messages at the resource that they are about. */
export class EngineLog {
  private client: EngineClient | undefined;

  /** @param address `host:port` of the engine; absent where the plugin was started by hand */
  constructor(private readonly address: string | undefined) {}

  /** Shown while the call runs, and then gone. */
  status(urn: string, message: string): void {
    this.write(urn, message, true);
  }

  warn(urn: string, message: string): void {
    this.write(urn, message, false);
  }

  private write(urn: string, message: string, ephemeral: boolean): void {
    if (this.address === undefined) return;
    const request = new LogRequest()
      .setUrn(urn)
      .setMessage(message)
      .setEphemeral(ephemeral)
      .setSeverity(ephemeral ? LogSeverity.INFO : LogSeverity.WARNING);
    const client = (this.client ??= new EngineClient(this.address, credentials.createInsecure()));
    // A message that does not get through is no reason to fail.
    client.log(request, () => undefined);
  }
}
