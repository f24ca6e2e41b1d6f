import path from 'node:path';
import { runAttached } from './run-attached';

/** Runs a command of a checkout's operations/, which start faster than whatever runs a program. @returns its exit code */
export function runOperation(checkout: string, name: string, ...args: readonly string[]): Promise<number> {
  const operations = path.join(checkout, 'operations');
  const command = ['--require', path.join(operations, 'start.js'), path.join(operations, name, 'cli.ts')];
  return runAttached(process.execPath, [...command, ...args], { cwd: checkout });
}
