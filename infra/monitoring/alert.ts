/** A rule by which Prometheus raises an alert, as a PrometheusRule object holds it. */
export interface AlertRule {
  alert: string;
  /** PromQL; the alert is raised for each series that it returns. */
  expr: string;
  /** How long it has to be so, such as 10m. */
  for: string;
  labels: { severity: Severity; database?: string };
  annotations: { summary: string; description: string };
}

/** `critical`: nothing can be written, or data is about to be lost. `warning`: one more thing must not happen. */
type Severity = 'critical' | 'warning';

/** An alert by its parts. @param wait how long it has to be so, such as 10m */
export function alertRule(
  alert: string,
  { severity, database, expr, wait }: { severity: Severity; database?: string; expr: string; wait: string },
  summary: string,
  description: string,
): AlertRule {
  return {
    alert,
    expr,
    for: wait,
    labels: { severity, ...(database !== undefined && { database }) },
    annotations: { summary, description },
  };
}
