import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { EngineService } from '@pulumi/pulumi/proto/engine_grpc_pb';
import { ResourceMonitorService } from '@pulumi/pulumi/proto/resource_grpc_pb';

export interface RunningServer {
  /** `unix:` and the path of a socket, in a folder that only its owner can enter. */
  address: string;
  close(): Promise<void>;
}

/** A socket's path must be shorter than 108 bytes. */
const LONGEST_FOLDER = 70;

/**
 * Serves both of the engine's services on one Unix socket. Pulumi's protocol knows no password: on a port, whoever is on
 * the machine could register resources and read secrets while a run lasts.
 */
export async function serve(
  engine: UntypedServiceImplementation,
  monitor: UntypedServiceImplementation,
): Promise<RunningServer> {
  // A resource's properties may be larger than gRPC's default of 4 MB; the CLI allows 400 MB.
  const limit = 400 * 1024 * 1024;
  const server = new Server({ 'grpc.max_receive_message_length': limit, 'grpc.max_send_message_length': limit });
  server.addService(ResourceMonitorService, monitor);
  server.addService(EngineService, engine);
  const folder = await mkdtemp(join(tmpdir().length > LONGEST_FOLDER ? '/tmp' : tmpdir(), 'pulumi-engine-'));
  const address = `unix:${join(folder, 'engine.sock')}`;
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve()));
  });
  return {
    address,
    close: async () => {
      server.forceShutdown();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
