import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Server, ServerCredentials, type UntypedServiceImplementation, type sendUnaryData } from '@grpc/grpc-js';
import { EngineService } from '@pulumi/pulumi/proto/engine_grpc_pb';
import {
  type LogRequest,
  LogSeverity,
  GetRootResourceResponse,
  SetRootResourceResponse,
} from '@pulumi/pulumi/proto/engine_pb';
import { ResourceMonitorService } from '@pulumi/pulumi/proto/resource_grpc_pb';
import {
  type RegisterResourceRequest,
  RegisterResourceResponse,
  SupportsFeatureResponse,
} from '@pulumi/pulumi/proto/resource_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { stackConfiguration } from '../golden/stack-program';

const CHECKOUT = path.resolve(__dirname, '../..');

interface Call<Request> {
  request: Request;
}

/** An engine that accepts all that a program registers. */
class AcceptingEngine {
  readonly types: string[] = [];
  readonly errors: string[] = [];
  private readonly server = new Server();

  async start(): Promise<string> {
    const answer =
      <Response>(response: () => Response) =>
      (_: unknown, reply: sendUnaryData<Response>) =>
        reply(null, response());
    const engine: UntypedServiceImplementation = {
      getRootResource: answer(() => new GetRootResourceResponse()),
      setRootResource: answer(() => new SetRootResourceResponse()),
      log: ({ request }: Call<LogRequest>, reply: sendUnaryData<Empty>) => {
        if (request.getSeverity() === LogSeverity.ERROR) this.errors.push(request.getMessage());
        reply(null, new Empty());
      },
    };
    const monitor: UntypedServiceImplementation = {
      supportsFeature: answer(() => new SupportsFeatureResponse()),
      registerResourceOutputs: answer(() => new Empty()),
      signalAndWaitForShutdown: answer(() => new Empty()),
      registerResource: (
        { request }: Call<RegisterResourceRequest>,
        reply: sendUnaryData<RegisterResourceResponse>,
      ) => {
        this.types.push(request.getType());
        const response = new RegisterResourceResponse();
        response.setUrn(`urn:pulumi:dev::aios-network::${request.getType()}::${request.getName()}`);
        response.setObject(request.getObject());
        reply(null, response);
      },
    };
    this.server.addService(EngineService, engine);
    this.server.addService(ResourceMonitorService, monitor);
    const port = await promisify(this.server.bindAsync.bind(this.server))(
      '127.0.0.1:0',
      ServerCredentials.createInsecure(),
    );
    return `127.0.0.1:${port}`;
  }

  close(): void {
    this.server.forceShutdown();
  }
}

/**
 * As language hosts run it, by what they tell the SDK. Old ones, such as 3.68, are told the options of Pulumi.yaml in a way that
 * they don't know: no arguments for node, and TypeScript for everybody.
 */
describe.each([
  ['hands over that the program needs no TypeScript of the SDK', 'false'],
  ['hands over nothing, whereupon the SDK registers ts-node', 'true'],
])('under a language host that %s, the program', (_, typescript) => {
  let engine: AcceptingEngine;
  let folder: string;

  beforeEach(async () => {
    engine = new AcceptingEngine();
    folder = await mkdtemp(path.join(tmpdir(), 'aios-program-'));
  });

  afterEach(async () => {
    engine.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('registers its resources, and ts-node compiles none of it', async () => {
    // Whatever ts-node checked with this would end in an error.
    const tsconfig = path.join(folder, 'tsconfig.json');
    await writeFile(tsconfig, JSON.stringify({ compilerOptions: { types: ['nothing-there'] } }));
    const address = await engine.start();
    const { config, environment } = stackConfiguration('dev');
    await promisify(execFile)(
      process.execPath,
      [
        ...[require.resolve('@pulumi/pulumi/cmd/run'), '--monitor', address, '--engine', address, '--dry-run'],
        ...['--project', 'aios-network', '--stack', 'dev', '--pwd', CHECKOUT, '--parallel', '16', '.'],
      ],
      {
        cwd: CHECKOUT,
        env: {
          PATH: process.env.PATH,
          ...environment,
          PULUMI_CONFIG: JSON.stringify(config),
          PULUMI_NODEJS_TYPESCRIPT: typescript,
          PULUMI_NODEJS_TSCONFIG_PATH: tsconfig,
        },
      },
    );
    expect(engine.errors).toEqual([]);
    expect(engine.types).toEqual(
      expect.arrayContaining([
        'pulumi:pulumi:Stack',
        'aios:index:ManagementCluster',
        'aios:governance:PreCheckPolicies',
      ]),
    );
  }, 240_000);
});
