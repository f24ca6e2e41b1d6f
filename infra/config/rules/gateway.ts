import { GATEWAY_ENV_SETTINGS } from '../gateway-environment';
import { requestsAboveLimits } from './resources';
import type { Rule } from './rule';

/** What must hold for the gateway's settings. */
export const gatewayRules: Rule = ({ sections: { gateway } }) => {
  if (gateway === undefined) return [];
  const typed = Object.keys(gateway.env).flatMap((name) => {
    const setting = GATEWAY_ENV_SETTINGS.get(name);
    if (setting === undefined) return [];
    return [
      { path: ['gateway', 'env', name], rule: 'has a setting of its own', fix: `remove it here and use ${setting}` },
    ];
  });
  return [...typed, ...requestsAboveLimits(['gateway', 'resources'], gateway.resources ?? {})];
};
