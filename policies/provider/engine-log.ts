import type { EngineClient } from '@pulumi/pulumi/proto/engine_grpc_pb';

/** The engine's log, which shows messages at the resource that they are about. */
export class EngineLog {
  private client: Promise<EngineClient> | undefined;

  /** @param address `host:port` of the engine; absent where the plugin was started by hand */
  constructor(private readonly address: string | undefined) {}

  /** Shown while the call runs, and then gone. */
  status(urn: string, message: string): void {
    void this.write(urn, message, true);
  }

  warn(urn: string, message: string): void {
    void this.write(urn, message, false);
  }

  private async write(urn: string, message: string, ephemeral: boolean): Promise<void> {
    if (this.address === undefined) return;
    const { LogRequest, LogSeverity } = await import('@pulumi/pulumi/proto/engine_pb');
    const request = new LogRequest()
      .setUrn(urn)
      .setMessage(message)
      .setEphemeral(ephemeral)
      .setSeverity(ephemeral ? LogSeverity.INFO : LogSeverity.WARNING);
    const client = await (this.client ??= connect(this.address));
    // A message that does not get through is no reason to fail.
    await new Promise<void>((resolve) => client.log(request, () => resolve()));
  }
}

async function connect(address: string): Promise<EngineClient> {
  const { credentials } = await import('@grpc/grpc-js');
  const { EngineClient: Client } = await import('@pulumi/pulumi/proto/engine_grpc_pb');
  return new Client(address, credentials.createInsecure());
}
