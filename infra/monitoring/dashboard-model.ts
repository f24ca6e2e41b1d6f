/** A dashboard of Grafana, as far as this one needs its format (schema 39, Grafana 10 and newer). */
export interface Dashboard {
  /** Stays, so that links to the dashboard do. */
  uid: string;
  title: string;
  tags: string[];
  schemaVersion: number;
  refresh: string;
  time: { from: string; to: string };
  templating: { list: DataSourceVariable[] };
  panels: Panel[];
}

interface DataSourceVariable {
  name: string;
  label: string;
  type: 'datasource';
  query: 'prometheus';
}

interface Panel {
  id: number;
  type: PanelType;
  title: string;
  description: string;
  datasource: { type: 'prometheus'; uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets: { refId: string; expr: string; legendFormat: string }[];
  fieldConfig: { defaults: FieldDefaults; overrides: [] };
}

type PanelType = 'timeseries' | 'state-timeline' | 'stat';

interface FieldDefaults {
  unit?: string;
  min?: number;
  mappings?: ValueMapping[];
  thresholds?: { mode: 'absolute'; steps: { color: string; value: number | null }[] };
}

interface ValueMapping {
  type: 'value';
  options: Record<string, { text: string; color: string }>;
}

/** What a panel shows. */
export interface PanelDefinition {
  title: string;
  description: string;
  type?: PanelType;
  /** Unit of Grafana, such as s, bytes or percentunit. */
  unit?: string;
  /** Value from which on it is bad. */
  limit?: number;
  /** Whether what lies below the limit is the bad part. */
  isFloor?: boolean;
  mappings?: Record<string, { text: string; color: string }>;
  /** PromQL by its legend. */
  queries: Record<string, string>;
}

/** Name of the variable that chooses the data source. */
const DATASOURCE = 'datasource';

const COLUMNS = 2;
const WIDTH = 24 / COLUMNS;
const HEIGHT = 8;

/** A dashboard with its panels in two columns. */
export function dashboardOf(uid: string, title: string, panels: readonly PanelDefinition[]): Dashboard {
  return {
    uid,
    title,
    tags: ['aios-network'],
    schemaVersion: 39,
    refresh: '1m',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: [{ name: DATASOURCE, label: 'Data source', type: 'datasource', query: 'prometheus' }] },
    panels: panels.map(panelOf),
  };
}

function panelOf(definition: PanelDefinition, index: number): Panel {
  const { title, description, type = 'timeseries', queries } = definition;
  const [x, y] = [(index % COLUMNS) * WIDTH, Math.floor(index / COLUMNS) * HEIGHT];
  return {
    id: index + 1,
    type,
    title,
    description,
    datasource: { type: 'prometheus', uid: `\${${DATASOURCE}}` },
    gridPos: { x, y, w: WIDTH, h: HEIGHT },
    targets: Object.entries(queries).map(([legendFormat, expr], target) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + target),
      expr,
      legendFormat,
    })),
    fieldConfig: { defaults: fieldDefaults(definition), overrides: [] },
  };
}

function fieldDefaults({ unit, limit, isFloor = false, mappings }: PanelDefinition): FieldDefaults {
  const [below, above] = isFloor ? ['red', 'green'] : ['green', 'red'];
  const steps = [
    { color: below, value: null },
    { color: above, value: limit ?? 0 },
  ];
  return {
    min: 0,
    ...(unit !== undefined && { unit }),
    ...(limit !== undefined && { thresholds: { mode: 'absolute', steps } }),
    ...(mappings && { mappings: [{ type: 'value', options: mappings }] }),
  };
}
