import path from 'node:path';
import { parseConfig } from '../../infra/config';
import { UserError } from '../command-line';
import { DIAGRAM_ENVIRONMENT } from '../diagram/environment';
import { type Topology, topologyOf } from '../diagram/topology';
import { rawConfigIn, readStack } from '../verify/stack-file';
import { decisionsFile, readDecisions } from './decisions';
import { jsonIn } from './files';
import { findingsFile, readFindings } from './findings';
import { failedPlan, type Plan, PlanError, readPlan } from './plan';
import { bySection, changedKeys, type StackFiles } from './stack-files';
import { reportOn, type StackReport } from './stack-report';

/** A plan's file. */
export interface Source {
  file: string;
  text: string;
  /** Undefined: the plan has to tell. */
  stack: string | undefined;
}

/** Where the rest is found that a report needs. */
export interface Place {
  /** The project's folder. */
  project: string;
  files: StackFiles;
  /** Folder where decisions and findings are looked for, after the plan's own. */
  output: string;
}

/** The report on a plan, with all that lies beside it. @throws UserError if something of it cannot be read */
export function assemble(source: Source, { project, files, output }: Place): StackReport {
  const plan = planOf(source);
  const { stack, config } = plan;
  const keys = changedKeys(files, stack, config);
  const baseText = files.baseText(stack);
  const topology =
    (config && unlessBroken(() => parseConfig({ stack, values: bySection(config) }, DIAGRAM_ENVIRONMENT))) ??
    unlessBroken(() => readStack(project, stack, DIAGRAM_ENVIRONMENT));
  const baseTopology =
    baseText === undefined
      ? undefined
      : unlessBroken(() => parseConfig(rawConfigIn(baseText, stack), DIAGRAM_ENVIRONMENT));
  const beside = <Value>(name: string, read: (json: unknown) => Value) =>
    jsonIn(path.join(path.dirname(source.file), name), read) ?? jsonIn(path.join(output, name), read);
  const decisions = beside(decisionsFile(stack), readDecisions);
  const findings = beside(findingsFile(stack), readFindings);
  return reportOn(plan, {
    ...(topology && { topology }),
    ...(baseTopology && { baseTopology }),
    ...(keys && { keys }),
    ...(decisions && { decisions }),
    ...(findings && { findings }),
  });
}

function planOf({ file, text, stack }: Source): Plan {
  try {
    return readPlan(text, stack);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    if (stack === undefined) throw new UserError(`${file}: ${error.message}: --plan STACK=${file} names the stack`);
    return failedPlan(stack, text);
  }
}

/** A file that cannot be used is the preview's to report; the picture is left out. */
function unlessBroken(read: () => Parameters<typeof topologyOf>[0]): Topology | undefined {
  try {
    return topologyOf(read());
  } catch {
    return undefined;
  }
}
