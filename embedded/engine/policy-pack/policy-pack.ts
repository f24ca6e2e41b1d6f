import { setTimeout } from 'node:timers/promises';
import { type ClientUnaryCall, Metadata, type ServiceError, credentials, status } from '@grpc/grpc-js';
import { AnalyzerClient } from '@pulumi/pulumi/proto/analyzer_grpc_pb';
import { type AnalyzerInfo, type AnalyzeResponse, EnforcementLevel } from '@pulumi/pulumi/proto/analyzer_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { onAbort } from '../../../kubernetes-api';
import { UserError } from '../../shared/errors';
import {
  ORGANIZATION,
  type StackInfo,
  type Subject,
  analyzeRequest,
  analyzeStackRequest,
  configureRequest,
} from './messages';
import { PackThread, type PackThreadOptions, titleOf } from './pack-thread';

/** How long a pack may think about one question. */
const ANSWER_SECONDS = 60;

/** How long the end of a pack may take to be known, in milliseconds. */
const EXIT_MS = 2000;

/** As in the CLI: all resources of a stack are more than gRPC's default of 4 MB. */
const maxMessageBytes = 400 * 1024 * 1024;

export interface PolicyPackOptions extends StackInfo, Omit<PackThreadOptions, 'environment'> {
  /** Default: {@link ANSWER_SECONDS}. */
  answerSeconds?: number;
}

/** What a policy does not let pass. */
export interface Violation {
  policy: string;
  pack: string;
  version: string;
  level: 'advisory' | 'mandatory';
  message: string;
  /** Of the resource, where the policy names one. */
  urn: string;
}

/** A running policy pack. */
export class PolicyPack {
  private info: AnalyzerInfo.AsObject | undefined;
  private readonly client: AnalyzerClient;

  private constructor(
    private readonly thread: PackThread,
    private readonly options: PolicyPackOptions,
  ) {
    this.client = new AnalyzerClient(thread.address, credentials.createInsecure(), {
      'grpc.max_receive_message_length': maxMessageBytes,
      'grpc.max_send_message_length': maxMessageBytes,
      'grpc.enable_retries': 0,
    });
  }

  /**
   * Starts the pack, which is told of the stack in its environment and by a call, as the CLI does.
   *
   * @throws UserError if it does not start, or wants what this engine does not do
   */
  static async start(options: PolicyPackOptions): Promise<PolicyPack> {
    const thread = await PackThread.start({ ...options, environment: environmentOf(options) });
    const pack = new PolicyPack(thread, options);
    try {
      await pack.introduce();
      return pack;
    } catch (error) {
      await pack.close();
      throw error;
    }
  }

  /** What it calls itself, and its version. */
  get identity(): { name: string; version: string; path: string } {
    const { name = '', version = '' } = this.info ?? {};
    return { name, version, path: this.options.name };
  }

  async analyze(subject: Subject): Promise<Violation[]> {
    const request = analyzeRequest(subject);
    const { client } = this;
    return violationsOf(await this.ask((...args) => client.analyze(request, ...args)));
  }

  /** Of a pack without policies for stacks nothing is asked. */
  async analyzeStack(subjects: readonly Subject[]): Promise<Violation[]> {
    const request = analyzeStackRequest(subjects);
    const { client } = this;
    const response = await this.ask<AnalyzeResponse>((...args) => client.analyzeStack(request, ...args));
    return violationsOf(response);
  }

  async close(): Promise<void> {
    this.client.close();
    await this.thread.close();
  }

  private async introduce(): Promise<void> {
    const { client } = this;
    await this.ask((...args) => client.configureStack(configureRequest(this.options), ...args)).catch(unlessUnknown);
    const message = await this.ask<AnalyzerInfo>((...args) => client.getAnalyzerInfo(new Empty(), ...args));
    this.info = message.toObject();
    const refused = unsupported(this.info);
    if (refused === undefined) return;
    throw new UserError(
      `${titleOf(this.options.name)} has ${refused}, which the embedded engine does not support: use the pulumi CLI`,
    );
  }

  private async ask<Response>(call: Call<Response>): Promise<Response> {
    const { name, signal, answerSeconds = ANSWER_SECONDS } = this.options;
    try {
      return await Promise.race([answerOf(call, answerSeconds, signal), this.thread.ended]);
    } catch (error) {
      if (error instanceof UserError) throw error;
      const { code } = error as ServiceError;
      // The connection is the first to break.
      if (code === status.UNAVAILABLE && !signal.aborted) await Promise.race([this.thread.ended, setTimeout(EXIT_MS)]);
      throw explain(error as ServiceError, titleOf(name), answerSeconds);
    }
  }
}

/** @returns an error with the pack's words for it, without where in its code that was; or one of ours where it has none */
function explain(error: ServiceError, title: string, answerSeconds: number): UserError {
  const isLate = error.code === status.DEADLINE_EXCEEDED;
  const words = error.details.split('\n').filter((line) => !/^\s+at /.test(line));
  const reason = isLate
    ? `did not answer within ${answerSeconds} s`
    : `failed: ${words.map((line) => line.trim()).join(' ')}`;
  return Object.assign(new UserError(`${title} ${reason}`), { cause: error });
}

type Answer<Response> = (error: ServiceError | null, response: Response) => void;
type Call<Response> = (metadata: Metadata, options: { deadline: Date }, answer: Answer<Response>) => ClientUnaryCall;

function answerOf<Response>(call: Call<Response>, seconds: number, signal: AbortSignal): Promise<Response> {
  return new Promise((resolve, reject) => {
    const deadline = new Date(Date.now() + seconds * 1000);
    const running = call(new Metadata(), { deadline }, (error, response) => {
      forget();
      if (error) reject(error);
      else resolve(response);
    });
    const forget = onAbort(signal, () => running.cancel());
  });
}

/** A pack need not know the call. */
function unlessUnknown(error: unknown): void {
  const { cause } = error as { cause?: Partial<ServiceError> };
  if (cause?.code !== status.UNIMPLEMENTED) throw error;
}

/** The variables in which the CLI tells a pack of its stack. */
function environmentOf({ project, stack, preview, config }: StackInfo): NodeJS.ProcessEnv {
  const { PULUMI_CONFIG } = config.environment;
  const told = { ORGANIZATION, PROJECT: project, STACK: stack, DRY_RUN: String(preview) };
  const names = Object.entries(told).flatMap(([name, value]) => [
    [`PULUMI_${name}`, value],
    [`PULUMI_NODEJS_${name}`, value],
  ]);
  return { PULUMI_CONFIG, ...(Object.fromEntries(names) as NodeJS.ProcessEnv) };
}

/** What a pack has that would be left out, if anything. */
function unsupported({ policiesList, initialconfigMap }: AnalyzerInfo.AsObject): string | undefined {
  const remediating = policiesList.find(({ enforcementlevel }) => enforcementlevel === EnforcementLevel.REMEDIATE);
  if (remediating) return `the policy ${remediating.name}, which remediates`;
  const configured = policiesList.find(({ configschema }) => configschema !== undefined);
  if (configured) return `the policy ${configured.name}, which has a configuration of its own`;
  return initialconfigMap.length > 0 ? 'a configuration of its own' : undefined;
}

function violationsOf(response: AnalyzeResponse): Violation[] {
  return response.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    pack: diagnostic.getPolicypackname(),
    version: diagnostic.getPolicypackversion(),
    level: diagnostic.getEnforcementlevel() === EnforcementLevel.ADVISORY ? 'advisory' : 'mandatory',
    message: diagnostic.getMessage(),
    urn: diagnostic.getUrn(),
  }));
}
