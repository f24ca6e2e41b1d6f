import type { Colors } from 'picocolors/types';
import { parseUrn } from '../state/urn';
import { safeText } from './describe';
import type { PolicyEvent } from './events';
import type { RunModel } from './run-model';

const LEVELS = ['mandatory', 'advisory'] as const;

/** The policy packs that were run, as the CLI tells of them: each with what it does not let pass, the worst first. */
export function policyLines(model: RunModel, colors: Colors): string[] {
  return (model.summary?.policyPacks ?? []).flatMap(({ name, version, path }) => {
    const violations = model.violations.filter((violation) => violation.pack === name);
    const worst = LEVELS.find((level) => violations.some((violation) => violation.level === level));
    const sign = worst === undefined ? '✅' : worst === 'mandatory' ? '❌' : '⚠️';
    return [
      `    ${sign} ${colors.cyan(`${name}@v${version}`)} (local: ${path})`,
      ...violations.sort(byImportance).flatMap((violation) => violationLines(violation, model, colors)),
    ];
  });
}

function byImportance(a: PolicyEvent, b: PolicyEvent): number {
  const keys = ({ level, policy, urn }: PolicyEvent) => `${LEVELS.indexOf(level)} ${policy} ${urn}`;
  return keys(a).localeCompare(keys(b), 'en');
}

function violationLines({ level, policy, urn, message }: PolicyEvent, model: RunModel, colors: Colors): string[] {
  const paint = level === 'mandatory' ? colors.red : colors.yellow;
  return [
    `        - ${paint(`[${level}]  ${policy}`)}${urn === '' ? '' : `  (${subject(urn)})`}`,
    ...safeText(message, model)
      .trimEnd()
      .split('\n')
      .map((line) => `          ${line}`),
  ];
}

function subject(urn: string): string {
  const { type, name } = parseUrn(urn);
  return `${type}: ${name}`;
}
