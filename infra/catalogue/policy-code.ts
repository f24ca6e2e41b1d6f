/** The static policy-code server: upstream's port of every node, which onboarded policies name; the rest is ours. */
export const POLICY_CODE = { name: 'policy-code', namespace: 'registries', port: 8080, nodePort: 32555 } as const;
