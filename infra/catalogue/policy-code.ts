/** The static policy-code server: upstream's port of every node, which onboarded policies name. */
export const POLICY_CODE = { name: 'policy-code', nodePort: 32555 } as const;
