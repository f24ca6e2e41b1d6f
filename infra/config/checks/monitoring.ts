import type { Check } from './check';

/** What needs the exporters is not asked for without them. */
export const monitoringChecks: Check = ({ sections: { monitoring } }) => {
  if (monitoring === undefined || monitoring.enabled || !monitoring.prometheusOperator) return [];
  return [
    {
      path: ['monitoring', 'prometheusOperator'],
      value: true,
      rule: 'needs monitoring.enabled: without exporters there is nothing to scrape',
      fix: 'set monitoring.enabled: true, or remove the key',
      reads: [['monitoring', 'enabled']],
    },
  ];
};
