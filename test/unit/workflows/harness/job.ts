import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import { type Context, evaluate, interpolate } from './expressions';

export interface Step {
  id?: string;
  if?: string;
  uses?: string;
  run?: string;
  shell?: string;
  with?: Record<string, string | number | boolean>;
  env?: Record<string, string | number | boolean>;
}

interface Job {
  if?: string;
  outputs?: Record<string, string>;
  steps: Step[];
}

export interface Workflow {
  on: unknown;
  permissions?: unknown;
  jobs: Record<string, Job>;
}

/** What a test says instead of GitHub. */
export interface Surroundings {
  /** Where the steps run. */
  readonly checkout: string;
  /** `github`, `secrets`, `vars`, `matrix`, `needs`. */
  readonly context: Context;
  /** Stand-ins of actions by name without version; others do nothing. Given the evaluated `with`. */
  readonly actions?: Readonly<Record<string, (inputs: Record<string, string>) => Promise<void>>>;
  /** Added to the steps' environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What became of a job. */
export interface Outcome {
  readonly skipped: boolean;
  readonly failed: boolean;
  readonly outputs: Readonly<Record<string, string>>;
  /** All that its steps said. */
  readonly log: string;
  /** What they wrote to GITHUB_STEP_SUMMARY. */
  readonly summary: string;
}

export async function readWorkflow(file: string): Promise<Workflow> {
  return parse(await readFile(file, 'utf8'), { merge: true }) as Workflow;
}

/** Runs the steps of a job as they stand in the workflow's file, as a runner of GitHub does. */
export async function runJob({ jobs }: Workflow, name: string, surroundings: Surroundings): Promise<Outcome> {
  const job = jobs[name];
  if (job === undefined) throw new Error(`there is no job ${name}`);
  const temp = await mkdtemp(path.join(tmpdir(), 'aios-workflow-'));
  try {
    return await new JobRun(job, name, temp, surroundings).run();
  } finally {
    await rm(temp, { recursive: true, force: true });
  }
}

class JobRun {
  private log = '';
  private failed = false;
  private readonly steps: Record<string, { outputs: Record<string, string> }> = {};
  private exported: Record<string, string> = {};

  constructor(
    private readonly job: Job,
    private readonly name: string,
    private readonly temp: string,
    private readonly surroundings: Surroundings,
  ) {}

  async run(): Promise<Outcome> {
    const skipped = this.job.if !== undefined && !this.isTrue(this.job.if);
    await writeFile(this.file('summary'), '');
    for (const step of skipped ? [] : this.job.steps) await this.step(step, {});
    const outputs = Object.entries(this.job.outputs ?? {}).map(([key, value]) => [key, this.interpolated(value)]);
    return {
      skipped,
      failed: this.failed,
      log: this.log,
      outputs: Object.fromEntries(outputs) as Record<string, string>,
      summary: await readFile(this.file('summary'), 'utf8'),
    };
  }

  private async step(step: Step, inputs: Record<string, string>): Promise<void> {
    const isWanted =
      step.if === undefined
        ? !this.failed
        : this.isTrue(step.if, inputs) && (!this.failed || step.if.includes('always()'));
    if (!isWanted) return;
    const given = Object.fromEntries(
      Object.entries(step.with ?? {}).map(([key, value]) => [key, this.interpolated(String(value), inputs)]),
    );
    if (step.run !== undefined) await this.runShell(step, inputs);
    else if (step.uses?.startsWith('./')) await this.composite(step.uses, given);
    else await this.surroundings.actions?.[step.uses?.split('@')[0] ?? '']?.(given);
  }

  private async composite(folder: string, given: Record<string, string>): Promise<void> {
    const text = await readFile(path.join(this.surroundings.checkout, folder, 'action.yml'), 'utf8');
    const { inputs = {}, runs } = parse(text) as {
      inputs?: Record<string, { default?: string }>;
      runs: { steps: Step[] };
    };
    const defaults = Object.entries(inputs).map(([key, input]) => [key, input.default ?? ''] as const);
    for (const step of runs.steps) await this.step(step, { ...Object.fromEntries(defaults), ...given });
  }

  private async runShell(step: Step, inputs: Record<string, string>): Promise<void> {
    const [script, output, environment] = ['script.sh', 'output', 'environment'].map((name) => this.file(name)) as [
      string,
      string,
      string,
    ];
    await Promise.all([
      writeFile(script, this.interpolated(step.run ?? '', inputs)),
      writeFile(output, ''),
      writeFile(environment, ''),
    ]);
    const env = Object.entries(step.env ?? {}).map(([key, value]) => [key, this.interpolated(String(value), inputs)]);
    const options = step.shell === 'bash' ? ['--noprofile', '--norc', '-eo', 'pipefail'] : ['-e'];
    const child = spawn('bash', [...options, script], {
      cwd: this.surroundings.checkout,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...this.surroundings.environment,
        ...this.exported,
        ...(Object.fromEntries(env) as Record<string, string>),
        CI: 'true',
        GITHUB_OUTPUT: output,
        GITHUB_ENV: environment,
        GITHUB_STEP_SUMMARY: this.file('summary'),
        RUNNER_TEMP: this.temp,
      },
    });
    const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
    const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    this.log += out + err;
    this.failed ||= code !== 0;
    if (step.id !== undefined) this.steps[step.id] = { outputs: assignments(await readFile(output, 'utf8')) };
    this.exported = { ...this.exported, ...assignments(await readFile(environment, 'utf8')) };
  }

  private isTrue(expression: string, inputs = {}): boolean {
    return Boolean(evaluate(expression.replace(/^\$\{\{|\}\}$/g, ''), this.contextWith(inputs)));
  }

  private interpolated(text: string, inputs = {}): string {
    return interpolate(text, this.contextWith(inputs));
  }

  private contextWith(inputs: Record<string, string>): Context {
    const { context } = this.surroundings;
    const github = { ...(context.github as object), job: this.name };
    return { ...context, github, inputs, steps: this.steps, runner: { temp: this.temp, os: 'Linux', arch: 'X64' } };
  }

  private file(name: string): string {
    return path.join(this.temp, name);
  }
}

/** Lines of the form name=value. */
function assignments(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.includes('='));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
