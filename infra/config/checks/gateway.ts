import { GATEWAY_ENV_SETTINGS } from '../../catalogue';
import { requestsAboveLimits } from './resources';
import type { Check } from './check';

/** What must hold for the gateway's settings. */
export const gatewayChecks: Check = ({ sections: { gateway } }) => {
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
