/** Port of every node on which upstream's static policy-code server listens, and ours: onboarded policies name it. */
export const POLICY_CODE_NODE_PORT = 32555;

/** Where other clusters download archives from, if the program deploys the server. */
export function advertisedPolicyCode(advertisedHost: string): string {
  return `http://${advertisedHost}:${POLICY_CODE_NODE_PORT}`;
}
