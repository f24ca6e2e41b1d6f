import { parser } from '@prometheus-io/lezer-promql';
import { METRICS } from '../../../../infra/monitoring/metrics';

/** What Prometheus would say against an expression: where it is no PromQL, and metrics that nobody exposes. */
export function faultsOf(expr: string): string[] {
  const faults: string[] = [];
  parser.parse(expr).iterate({
    enter({ type, from, to, node }) {
      if (type.isError) faults.push(`no PromQL at ${from}: ${expr.slice(from, to + 10)}`);
      if (type.name !== 'VectorSelector') return;
      const name = node.getChild('Identifier');
      const metric = name === null ? expr.slice(from, to) : expr.slice(name.from, name.to);
      if (!(metric in METRICS)) faults.push(`nobody exposes ${metric}`);
    },
  });
  return faults;
}

/** The metrics that an expression reads. */
export function metricsIn(expr: string): string[] {
  return Object.keys(METRICS).filter((name) => new RegExp(`\\b${name}\\{`).test(expr));
}
