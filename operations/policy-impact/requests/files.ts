import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { RunError } from '@pulumi/pulumi/errors';
import { describeIssue } from '../../../policies/packaging/errors';
import { describe } from './describe';
import { clusterIn, type Request, requestFile } from './request';

/** Where requests are kept that are worth a replay, of all stacks. */
const REQUESTS = 'stacks/requests';

/**
 * The requests of {@link REQUESTS} that come to a stack.
 * @throws RunError that tells every problem of a file
 */
export function requestsInFiles(checkout: string, stack: string): Request[] {
  const folder = path.join(checkout, REQUESTS);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.sort().flatMap((name) => readFile(checkout, `${REQUESTS}/${name}`, stack));
}

function readFile(checkout: string, file: string, stack: string): Request[] {
  const { data, error } = requestFile.safeParse(parse(path.join(checkout, file), file));
  if (!data) {
    const problems = error.issues.flatMap(describeIssue).map(({ key, message }) => `  ${key} ${message}`.trimEnd());
    throw new RunError([`the requests in ${file} cannot be used`, ...problems].join('\n'));
  }
  return data
    .filter(({ stacks }) => stacks?.includes(stack) ?? true)
    .map(({ name, action, input, cluster = clusterIn(input), at, answers, times, recorded }) => ({
      action,
      ...(cluster !== undefined && { cluster }),
      input,
      line: describe(action, input, cluster),
      source: `${file}: ${name}`,
      ...(at !== undefined && { at: Date.parse(at) / 1000 }),
      answers,
      times,
      recorded,
    }));
}

function parse(fullPath: string, file: string): unknown {
  try {
    return JSON.parse(readFileSync(fullPath, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new RunError(`the requests in ${file} cannot be used\n  it is not JSON: ${error.message}`);
  }
}
