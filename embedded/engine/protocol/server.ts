import { Server, ServerCredentials } from '@grpc/grpc-js';
import { EngineService, IEngineServer } from '@pulumi/pulumi/proto/engine_grpc_pb';
import { IResourceMonitorServer, ResourceMonitorService } from '@pulumi/pulumi/proto/resource_grpc_pb';

export interface RunningServer {
  /** `127.0.0.1:port`. */
  address: string;
  close(): void;
}

/** Serves both of the engine's services on one port of the loopback interface. */
export async function serve(engine: IEngineServer, monitor: IResourceMonitorServer): Promise<RunningServer> {
  // A resource's properties may be larger than gRPC's default of 4 MB; the CLI allows 400 MB.
  const limit = 400 * 1024 * 1024;
  const server = new Server({ 'grpc.max_receive_message_length': limit, 'grpc.max_send_message_length': limit });
  server.addService(ResourceMonitorService, monitor);
  server.addService(EngineService, engine);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}
