import { setMaxListeners } from 'node:events';
import type { Struct } from 'google-protobuf/google/protobuf/struct_pb';
import * as wire from '@pulumi/pulumi/proto/provider_pb';
import type { CheckFailure } from '../check/fields';
import { checkConfiguration, connectionsOf } from '../configuration';
import type { EngineLog } from '../engine-log';
import type { Timing } from '../http/timing';
import type { Call, ResourceHandler, State } from '../resource-handler';
import { handlers } from '../handlers';
import { Redaction } from '../redaction';
import { type Services, connectServices } from '../services/services';
import { difference } from '../wire/difference';
import { decode, encode } from '../wire/struct';
import type { Properties } from '../wire/value';
import { diffResponse } from './diff-response';
import { toServiceError } from './error';

/** A request about one resource. */
interface ResourceRequest {
  getUrn(): string;
  getType(): string;
}

/** Pulumi's ResourceProvider service, with promises. */
export class Provider {
  private configuration: Properties = {};
  private services: Services | undefined;
  private readonly cancelling = new AbortController();
  private readonly remarked = new Set<string>();

  constructor(
    private readonly log: EngineLog,
    private readonly timing?: Timing,
  ) {
    // One listener for each running call: no leak.
    setMaxListeners(0, this.cancelling.signal);
  }

  checkConfig(request: wire.CheckRequest): wire.CheckResponse {
    return checkResponse(checkConfiguration(decode(request.getNews())));
  }

  /** Whatever changes, the provider is updated: the same network at another address needs no other resources. */
  diffConfig(request: wire.DiffRequest): wire.DiffResponse {
    const olds = request.hasOldInputs() ? request.getOldInputs() : request.getOlds();
    return diffResponse(difference(decode(olds), decode(request.getNews())), []);
  }

  configure(request: wire.ConfigureRequest): wire.ConfigureResponse {
    this.configuration = decode(request.getArgs());
    this.services = connectServices(connectionsOf(this.configuration), this.timing);
    return new wire.ConfigureResponse()
      .setAcceptsecrets(true)
      .setSupportspreview(true)
      .setAcceptresources(false)
      .setAcceptoutputs(false);
  }

  check(request: wire.CheckRequest): wire.CheckResponse {
    const olds = decode(request.getOlds());
    const known = Object.keys(olds).length > 0 ? olds : undefined;
    return checkResponse(handlerOf(request).check(decode(request.getNews()), known));
  }

  async diff(request: wire.DiffRequest): Promise<wire.DiffResponse> {
    const kind = handlerOf(request);
    const [old, inputs] = [stateIn(request, request.getOlds()), decode(request.getNews())];
    const changes = kind.changes(old, inputs);
    if (kind.examine === undefined) return diffResponse(changes, kind.identity);
    const again = await this.call(request, [inputs, old.inputs], 0, async (call) => kind.examine?.(call, old, inputs));
    return diffResponse(new Map([...(again ?? []), ...changes]), kind.identity);
  }

  async create(request: wire.CreateRequest): Promise<wire.CreateResponse> {
    const kind = handlerOf(request);
    const inputs = decode(request.getProperties());
    const response = new wire.CreateResponse();
    if (request.getPreview()) {
      this.remark(request.getUrn(), kind, inputs);
      await this.foresee(request, kind, inputs);
      return response.setProperties(encode(kind.planned(inputs)));
    }
    const { id, outputs } = await this.call(request, [inputs], request.getTimeout(), (call) =>
      kind.create(call, inputs),
    );
    return response.setId(id).setProperties(encode(outputs));
  }

  async read(request: wire.ReadRequest): Promise<wire.ReadResponse> {
    const kind = handlerOf(request);
    const state = { inputs: decode(request.getInputs()), outputs: decode(request.getProperties()) };
    const isKnown = Object.keys(state.inputs).length > 0;
    const found = await this.call(request, [state.inputs], request.getTimeout(), (call) =>
      kind.read(call, request.getId(), isKnown ? state : undefined),
    );
    const response = new wire.ReadResponse();
    if (!found) return response;
    return response.setId(found.id).setInputs(encode(found.inputs)).setProperties(encode(found.outputs));
  }

  async update(request: wire.UpdateRequest): Promise<wire.UpdateResponse> {
    const kind = handlerOf(request);
    const inputs = decode(request.getNews());
    const old = { id: request.getId(), ...stateIn(request, request.getOlds()) };
    const response = new wire.UpdateResponse();
    if (request.getPreview()) {
      this.remark(request.getUrn(), kind, inputs);
      await this.foresee(request, kind, inputs, old);
      return response.setProperties(encode(kind.planned(inputs, old)));
    }
    const secrets = [inputs, old.inputs];
    const outputs = await this.call(request, secrets, request.getTimeout(), (call) => kind.update(call, old, inputs));
    return response.setProperties(encode(outputs));
  }

  async delete(request: wire.DeleteRequest): Promise<void> {
    const kind = handlerOf(request);
    const old = { id: request.getId(), ...stateIn(request, request.getProperties()) };
    await this.call(request, [old.inputs], request.getTimeout(), (call) => kind.delete(call, old));
  }

  /** Ctrl-C: every running call comes to an end. */
  cancel(): void {
    this.cancelling.abort(new Error('cancelled'));
  }

  /**
   * Makes a call that reaches the services.
   *
   * @param secrets what holds values that no message may show
   * @param timeout in seconds, 0: none
   */
  private async call<T>(
    request: ResourceRequest,
    secrets: Properties[],
    timeout: number,
    work: (call: Call) => Promise<T>,
  ): Promise<T> {
    const redaction = new Redaction(this.configuration, ...secrets);
    const urn = request.getUrn();
    const limit = deadline(this.cancelling.signal, timeout);
    try {
      if (!this.services) throw new Error('the provider is not configured');
      return await work({
        urn,
        services: this.services,
        signal: limit.signal,
        status: (message) => this.log.status(urn, redaction.apply(message)),
        warn: (message) => this.log.warn(urn, redaction.apply(message)),
      });
    } catch (error) {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- what gRPC takes is not an Error
      throw toServiceError(error, redaction);
    } finally {
      limit.end();
    }
  }

  private async foresee(
    request: ResourceRequest,
    kind: ResourceHandler,
    inputs: Properties,
    old?: State,
  ): Promise<void> {
    if (!kind.foresee) return;
    await this.call(request, [inputs], 0, async (call) => kind.foresee?.(call, inputs, old));
  }

  /** Says once what holds for every resource that has it. */
  private remark(urn: string, kind: ResourceHandler, inputs: Properties): void {
    for (const remark of kind.remarks?.(inputs) ?? []) {
      if (this.remarked.has(remark)) continue;
      this.remarked.add(remark);
      this.log.warn(urn, remark);
    }
  }
}

function handlerOf(request: ResourceRequest): ResourceHandler {
  // Older engines send the type only as a part of the URN.
  const type = request.getType() || (request.getUrn().split('::')[2]?.split('$').pop() ?? '');
  const kind = handlers[type];
  if (!kind) throw new Error(`there is no resource type ${type}; there are ${Object.keys(handlers).join(', ')}`);
  return kind;
}

/** Engines that do not send old inputs still send outputs, which hold most of them. */
function stateIn(request: { hasOldInputs(): boolean; getOldInputs(): Struct | undefined }, outputs?: Struct): State {
  const known = decode(outputs);
  return { inputs: request.hasOldInputs() ? decode(request.getOldInputs()) : known, outputs: known };
}

function checkResponse({ inputs, failures }: { inputs: Properties; failures: CheckFailure[] }): wire.CheckResponse {
  const messages = failures.map(({ property, reason }) =>
    new wire.CheckFailure().setProperty(property).setReason(reason),
  );
  return new wire.CheckResponse().setInputs(encode(inputs)).setFailuresList(messages);
}

/** The signal, aborted as well when the time is up. */
function deadline(cancelled: AbortSignal, seconds: number): { signal: AbortSignal; end: () => void } {
  if (seconds <= 0) return { signal: cancelled, end: () => undefined };
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  const cancel = () => controller.abort(cancelled.reason);
  cancelled.addEventListener('abort', cancel, { once: true });
  const reason = new Error(`not done within the ${seconds} s that customTimeouts give it`);
  const timer = setTimeout(() => controller.abort(reason), seconds * 1000);
  const end = () => {
    clearTimeout(timer);
    cancelled.removeEventListener('abort', cancel);
  };
  return { signal: controller.signal, end };
}
