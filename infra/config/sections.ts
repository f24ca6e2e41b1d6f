import type { z } from 'zod';
import { guardrailSettings } from '../../policies/guardrails/settings';
import { clusterSchema } from './cluster';
import { databaseSchema } from './database';
import { gatewaySchema } from './gateway';
import { monitoringSchema } from './monitoring';
import { networkSchema } from './network';
import { policiesSchema } from './policies';
import { servicesSchema } from './services';

/** The schema of every section, by its configuration key. */
export const SECTIONS = {
  network: networkSchema.describe('What this network is called, and where other clusters find it.'),
  registry: databaseSchema.prefault({}).describe('The registry database, in namespace registries.'),
  metrics: databaseSchema.prefault({}).describe('The metrics database, in namespace metrics-system.'),
  services: servicesSchema.prefault({}).describe('Settings for all services, and overrides for single ones.'),
  gateway: gatewaySchema.prefault({}).describe('The cluster controller gateway.'),
  policies: policiesSchema.prefault({}).describe('Pre-check policies: which decides on what, and where they run.'),
  monitoring: monitoringSchema.prefault({}).describe('Metrics, alerts and a dashboard of the databases and of redis.'),
  guardrails: guardrailSettings.prefault({}).describe('What no preview and no update of the stack may bring about.'),
  cluster: clusterSchema.prefault({}).describe('The Kubernetes cluster that the stack is applied to.'),
} as const;

/** Configuration key of a section. */
export type SectionName = keyof typeof SECTIONS;

/** The sections as the schemas leave them: defaults applied, secrets still plain. */
export type Sections = { [name in SectionName]: z.output<(typeof SECTIONS)[name]> };
