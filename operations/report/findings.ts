import { z } from 'zod';

const FINDINGS = z.strictObject({
  stack: z.string(),
  findings: z.array(
    z.strictObject({
      /** Name of the guardrail: `images-pinned`. */
      rule: z.string(),
      /** Mandatory findings keep a stack from being updated. */
      enforcement: z.enum(['advisory', 'mandatory']),
      message: z.string(),
      /** Of the resource; absent for a finding about the whole stack. */
      urn: z.string().optional(),
      remedy: z.string().optional(),
    }),
  ),
});

/** What the guardrails say to a stack. */
export type Findings = z.infer<typeof FINDINGS>;

/** The file, in a report's folder, in which the guardrails' findings about a stack are left. */
export const findingsFile = (stack: string) => `guardrails-${stack}.json`;

/** Reads what {@link findingsFile} holds, mandatory findings first. @throws z.ZodError */
export function readFindings(json: unknown): Findings {
  const { stack, findings } = FINDINGS.parse(json);
  const rank = ({ enforcement }: Findings['findings'][number]) => (enforcement === 'mandatory' ? 0 : 1);
  return { stack, findings: findings.toSorted((one, other) => rank(one) - rank(other)) };
}
