import { setMaxListeners } from 'node:events';
import type { Call, Existing } from '../../../../policies/provider/resource-handler';
import { handlers } from '../../../../policies/provider/handlers';
import { PartialFailure } from '../../../../policies/provider/errors';
import type { Timing } from '../../../../policies/provider/http/timing';
import { type Services, connectServices } from '../../../../policies/provider/services/services';
import { type Properties, isProperties } from '../../../../policies/provider/wire/value';
import type { Addresses } from '../../../../embedded/network';

/** Simulated time passes twenty times as fast: the 30 s of an outage take 1.5 s. */
export const timeScale = 0.05;

/** The plugin's, with pauses that are next to none; a busy machine is no outage. */
export const timing: Timing = {
  timeoutMs: 20_000,
  slowMs: 10_000,
  infrastructureMs: 2_000,
  reminderMs: 100,
  backoffMs: 2,
  settleMs: 5,
};

type ShortName = 'PreCheckPolicies' | 'ClusterPreCheckPolicies' | 'Policy' | 'PolicyExecutor';

/** What the tests let resources do, as an engine would: check, then whatever the diff says. */
export class Engine {
  readonly warnings: string[] = [];
  readonly statuses: string[] = [];
  readonly services: Services;
  private readonly timing: Timing;
  private readonly cancelling = new AbortController();

  constructor(addresses: Addresses, options: { concurrency?: number; timing?: Partial<Timing> } = {}) {
    setMaxListeners(0, this.cancelling.signal);
    const { gateway, policiesSystem, clustersRegistry } = addresses;
    const connections = {
      gateway: { url: gateway },
      policiesSystem: { url: policiesSystem },
      clustersRegistry: { url: clustersRegistry },
      concurrency: options.concurrency ?? 8,
    };
    this.timing = { ...timing, ...options.timing };
    this.services = connectServices(connections, this.timing);
  }

  /** Of the resource that calls are about: the program's, whichever run makes it. */
  urn = 'urn:pulumi:dev::aios-network::aios:governance:Any::mine';

  resource(kind: ShortName): Managed {
    return new Managed(this, kind);
  }

  /** From now on has as little patience, at the speed of simulated time, as the plugin in a network. */
  hurry(): void {
    Object.assign(this.timing, { timeoutMs: 1_000, slowMs: 300 } satisfies Partial<Timing>);
  }

  cancel(): void {
    this.cancelling.abort(new Error('cancelled'));
  }

  call(): Call {
    return {
      urn: this.urn,
      services: this.services,
      signal: this.cancelling.signal,
      status: (message) => this.statuses.push(message),
      warn: (message) => this.warnings.push(message),
    };
  }
}

/** One resource and what the engine's state knows of it. */
export class Managed {
  state: Existing | undefined;
  private unfinished = false;

  constructor(
    private readonly engine: Engine,
    private readonly shortName: ShortName,
  ) {}

  /** @returns what was done */
  async up(news: Properties): Promise<'created' | 'updated' | 'replaced' | 'same'> {
    const inputs = this.checked(news);
    if (!this.state) {
      await this.create(inputs);
      return 'created';
    }
    const changes = this.kind.changes(this.state, inputs);
    if (changes.size === 0 && !this.unfinished) return 'same';
    if (this.kind.identity.some((key) => changes.has(key))) {
      const old = this.state;
      await this.create(inputs);
      await this.kind.delete(this.engine.call(), old);
      return 'replaced';
    }
    const outputs = await this.kind.update(this.engine.call(), this.state, inputs);
    this.state = { id: this.state.id, inputs, outputs };
    this.unfinished = false;
    return 'updated';
  }

  /** Paths that an update would change. */
  changesTo(news: Properties): string[] {
    if (!this.state) throw new Error('there is no resource yet');
    return [...this.kind.changes(this.state, this.checked(news)).keys()];
  }

  async refresh(): Promise<'gone' | 'read'> {
    if (!this.state) throw new Error('there is no resource yet');
    this.state = await this.kind.read(this.engine.call(), this.state.id, this.state);
    return this.state ? 'read' : 'gone';
  }

  async import(id: string): Promise<Existing | undefined> {
    this.state = await this.kind.read(this.engine.call(), id);
    return this.state;
  }

  async destroy(): Promise<void> {
    if (!this.state) return;
    await this.kind.delete(this.engine.call(), this.state);
    this.state = undefined;
  }

  /** What is wrong with inputs: property and reason, one line each. */
  failures(news: Properties): string[] {
    return this.kind.check(news, this.state?.inputs).failures.map(({ property, reason }) => `${property}: ${reason}`);
  }

  output(key: string): unknown {
    return this.state?.outputs[key];
  }

  private get kind() {
    const kind = handlers[`aios:governance:${this.shortName}`];
    if (!kind) throw new Error(`no kind ${this.shortName}`);
    return kind;
  }

  private checked(news: Properties): Properties {
    const { inputs, failures } = this.kind.check(news, this.state?.inputs);
    if (failures.length > 0)
      throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join('\n'));
    return inputs;
  }

  private async create(inputs: Properties): Promise<void> {
    try {
      this.state = { inputs, ...(await this.kind.create(this.engine.call(), inputs)) };
      this.unfinished = false;
    } catch (error) {
      if (error instanceof PartialFailure) {
        this.state = { inputs, id: error.id, outputs: error.outputs };
        this.unfinished = true;
      }
      throw error;
    }
  }
}

/** The bindings that a refresh found. */
export function boundIn({ state }: Managed): unknown {
  const bindings = state?.inputs.bindings;
  return isProperties(bindings) ? bindings : undefined;
}
