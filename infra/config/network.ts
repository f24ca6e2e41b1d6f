import { z } from 'zod';
import { exposureSchema, sourceKeys } from './exposure';
import { dnsLabel, host } from './scalars';

/** Section `network`: what this network is called, and where and by whom it is reached. */
export const networkSchema = z.strictObject({
  name: dnsLabel.describe('Name of the network.'),
  advertisedHost: host.describe(
    "Host name or IPv4 address at which other clusters reach this one's nodePorts (upstream's fixed 34.58.1.86). With network.exposure the domain that services have names in: <service>.<advertisedHost>.",
  ),
  exposure: exposureSchema
    .exactOptional()
    .describe('How other clusters reach services instead of by nodePorts. Default: nodePorts, as upstream.'),
  ...sourceKeys,
});

/** Section `network`. */
export type NetworkIdentity = z.infer<typeof networkSchema>;
