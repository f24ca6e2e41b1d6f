import * as pulumi from '@pulumi/pulumi';
import type { RegisterResourceOutputsRequest, RegisterResourceRequest } from '@pulumi/pulumi/proto/resource_pb';
import { type Registered, providersStandIn, recordRegistrations } from '../operations/stack-objects/registrations';

/** A resource as the program registered it. */
export interface Registration {
  urn: string;
  type: string;
  name: string;
  /** URN; empty for the stack. */
  parent: string;
  /** URN and id of the provider; empty for components, and where the program left the choice to the engine. */
  provider: string;
  custom: boolean;
  protect: boolean;
  retainOnDelete: boolean;
  /** URNs of the resources that it waits for, through inputs or by dependsOn. */
  dependencies: string[];
  /** Inputs as they go over the wire: secrets are objects with {@link SECRET_KEY}. */
  inputs: Record<string, unknown>;
}

/** What a program did. */
export interface ProgramRun {
  resources: Registration[];
  /** The registrations as they go over the wire, in their order. */
  requests: RegisterResourceRequest[];
  /** Outputs of the stack as they go over the wire. */
  outputs: Record<string, unknown>;
}

/** How the program is run. */
export interface ProgramOptions {
  /** @default 'test' */
  stack?: string;
  /** Configuration by full key, values as the engine passes them. */
  config?: Record<string, string>;
}

/** Key of the object that a secret is wrapped in on the wire. */
export const SECRET_KEY = '4dabf18193072939515e22adb298388d';

/** What the providers' secret outputs hold in a test: found outside of a secret, it has leaked. */
export const MOCK_SECRET = 'mock-secret-value';

/** Runs a program as a stack under mocks, and waits until every resource is registered. */
export async function runProgram(
  program: () => unknown,
  { stack = 'test', config = {} }: ProgramOptions = {},
): Promise<ProgramRun> {
  await pulumi.runtime.setMocks(providersStandIn(MOCK_SECRET), 'aios-network', stack);
  pulumi.runtime.setAllConfig(config);
  const registered = recordRegistrations();
  const recorded = recordOutputs();
  await pulumi.runtime.runInPulumiStack(() => Promise.resolve(program()));
  await pulumi.runtime.disconnect();
  return {
    resources: registered.map(registration),
    requests: registered.map(({ request }) => request),
    outputs: recorded.outputs,
  };
}

/** The resources of a type, in the order of their registration. */
export function ofType(resources: readonly Registration[], type: string): Registration[] {
  return resources.filter((resource) => resource.type === type);
}

/** The inputs with every secret replaced by a word. */
export function maskSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskSecrets);
  if (typeof value !== 'object' || value === null) return value;
  if (SECRET_KEY in value) return '[secret]';
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskSecrets(inner)]));
}

interface Monitor {
  registerResourceOutputs(
    request: RegisterResourceOutputsRequest,
    callback: (error: Error | null, answer?: unknown) => void,
  ): void;
}

function recordOutputs(): { outputs: Record<string, unknown> } {
  const run = { outputs: {} };
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (request, callback) => {
    const isStack = request.getUrn().includes(`::${pulumi.runtime.rootPulumiStackTypeName}::`);
    if (isStack) run.outputs = request.getOutputs()?.toJavaScript() ?? {};
    registerOutputs(request, callback);
  };
  return run;
}

function registration({ request, urn }: Registered): Registration {
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    provider: request.getProvider(),
    custom: request.getCustom(),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    dependencies: request.getDependenciesList(),
    inputs: request.getObject()?.toJavaScript() ?? {},
  };
}
