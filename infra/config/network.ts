import { z } from 'zod';
import { dnsLabel, host } from './scalars';

/** Section `network`: what this network is called, and where others find it. */
export const networkSchema = z.strictObject({
  name: dnsLabel.describe('Name of the network.'),
  advertisedHost: host.describe(
    "Host name or IPv4 address at which other clusters reach this one's nodePorts (upstream's fixed 34.58.1.86).",
  ),
});

/** Section `network`. */
export type NetworkIdentity = z.infer<typeof networkSchema>;
