import { runtime, secret } from '@pulumi/pulumi';
import type { RegisterResourceRequest } from '@pulumi/pulumi/proto/resource_pb';

/** A resource as the program registered it, as it went over the wire. */
export interface Registered {
  request: RegisterResourceRequest;
  urn: string;
}

interface Answer {
  getUrn(): string;
}
type Callback = (error: Error | null, answer?: Answer) => void;

interface Monitor {
  registerResource(request: RegisterResourceRequest, callback: Callback): Promise<void>;
}

/**
 * Stands in for all providers: whatever is registered exists at once, with its inputs as its outputs.
 * @param generated what the provider `random` generates, always the same
 */
export function providersStandIn(generated: string): runtime.Mocks {
  const text = () => secret(generated);
  const outputs: Partial<Record<string, () => Record<string, unknown>>> = {
    'random:index/randomPassword:RandomPassword': () => ({ result: text() }),
    'random:index/randomBytes:RandomBytes': () => ({ base64: text(), hex: text() }),
  };
  return {
    newResource: ({ type, name, inputs, custom }) => ({
      id: custom === true ? `${name}-id` : undefined,
      state: { ...(inputs as object), ...outputs[type]?.() },
    }),
    call: ({ token }) => {
      throw new Error(`the program calls ${token}, which nobody answers here`);
    },
  };
}

/**
 * What is registered from here on, in its order. Mocks are told a resource's inputs, but neither its place nor which of them
 * are secret: that is read off the requests.
 */
export function recordRegistrations(): readonly Registered[] {
  const registered: Registered[] = [];
  const monitor = runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) =>
    register(request, (error, answer) => {
      if (answer !== undefined) registered.push({ request, urn: answer.getUrn() });
      callback(error, answer);
    });
  return registered;
}
