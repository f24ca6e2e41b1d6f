import { problems, raw } from './subject';

const MISSING = 'needs monitoring.enabled: without exporters there is nothing to scrape';
const LATEST = 'must name a version other than latest, because services.pinned is true';

test.each([
  [{ prometheusOperator: true }, 'prometheusOperator: true', MISSING],
  [
    { enabled: true, selectorLabels: { 'a b': 'c' } },
    'selectorLabels',
    expect.stringContaining('must be that of a label'),
  ],
  [{ enabled: true, selectorLabels: { a: 'b c' } }, 'selectorLabels.a: "b c"', 'must be the value of a label'],
  [
    { enabled: true, thresholds: { diskPercent: 100 } },
    'thresholds.diskPercent: 100',
    'must be a percentage from 1 to 99',
  ],
  [
    { enabled: true, scraper: { namespace: 'A' } },
    'scraper.namespace: "A"',
    expect.stringContaining('must be the name'),
  ],
])('%j is refused', (monitoring, key, rule) => {
  const found = problems(raw({ monitoring }));
  expect(found).toHaveLength(1);
  expect(found[0]?.[0]).toContain(`aios-network:monitoring.${key}`);
  expect(found[0]?.[1]).toEqual(rule);
});

test('where every image is pinned, those of exporters are, if there are any', () => {
  const services = { imageRegistry: 'registry.example.org', pinned: true, tag: 'v1' };
  const monitoring = { mongodbExporterImage: 'percona/mongodb_exporter', redisExporterImage: 'redis_exporter:latest' };
  const database = { image: 'mongo:6.0.27' };
  const sections = { services, registry: database, metrics: database };
  const refused = problems(raw({ ...sections, monitoring: { enabled: true, ...monitoring } }));
  expect(refused.map(([key, rule]) => [key?.split('.')[1]?.split(':')[0], rule])).toEqual([
    ['mongodbExporterImage', LATEST],
    ['redisExporterImage', LATEST],
  ]);
  expect(() => problems(raw({ ...sections, monitoring }))).toThrow('was accepted');
});
