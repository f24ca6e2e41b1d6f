import { z } from 'zod';
import { cpuQuantity, memoryQuantity } from './quantity';

const amounts = z.strictObject({
  cpu: cpuQuantity.exactOptional().describe('Cores, such as 250m.'),
  memory: memoryQuantity.exactOptional().describe('Bytes, such as 512Mi.'),
});

/** Requests and limits of a container; what is not named keeps its default. */
export const containerResources = z.strictObject({
  requests: amounts.exactOptional().describe('What the scheduler reserves on a node.'),
  limits: amounts.exactOptional().describe('What the container may use at most.'),
});

/** Requests and limits of a container, where a stack overrides them. */
export type ContainerResources = z.infer<typeof containerResources>;
