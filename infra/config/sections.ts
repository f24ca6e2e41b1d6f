import type * as pulumi from '@pulumi/pulumi';
import type { z } from 'zod';
import { clusterSchema } from './cluster';
import { type DatabaseConfig, databaseSchema } from './database';
import { type GatewayConfig, gatewaySchema } from './gateway';
import { type NetworkIdentity, networkSchema } from './network';
import { type PoliciesConfig, policiesSchema } from './policies';
import { servicesSchema } from './services';

/** The schema of every section, by its configuration key. */
export const SECTIONS = {
  network: networkSchema.describe('What this network is called, and where other clusters find it.'),
  registry: databaseSchema.prefault({}).describe('The registry database, in namespace registries.'),
  metrics: databaseSchema.prefault({}).describe('The metrics database, in namespace metrics-system.'),
  services: servicesSchema.prefault({}).describe('Settings for all services, and overrides for single ones.'),
  gateway: gatewaySchema.prefault({}).describe('The cluster controller gateway.'),
  policies: policiesSchema.prefault({}).describe('Pre-check policies: which decides on what, and where they run.'),
  cluster: clusterSchema.prefault({}).describe('The Kubernetes cluster that the stack is applied to.'),
} as const;

/** Configuration key of a section. */
export type SectionName = keyof typeof SECTIONS;

/** The sections as the schemas leave them: defaults applied, secrets still plain. */
export type Sections = { [name in SectionName]: z.output<(typeof SECTIONS)[name]> };

/** Section `services`, with its defaults applied. */
export type ServicesConfig = Omit<Sections['services'], 'registryCredentials'> & {
  registryCredentials?: RegistryCredentials;
};

/** User and password of the image registry. */
export interface RegistryCredentials {
  username: string;
  /** Always a secret. */
  password: pulumi.Output<string>;
}

/** The cluster that a stack is applied to. */
export interface ClusterConfig {
  context: string;
  /** Path of a kubeconfig, or its contents as a secret. Without it the client looks where kubectl does. */
  kubeconfig?: pulumi.Input<string>;
}

/** The configuration of a stack: checked, and with every default applied. */
export interface NetworkConfig {
  stack: string;
  network: NetworkIdentity;
  registry: DatabaseConfig;
  metrics: DatabaseConfig;
  services: ServicesConfig;
  gateway: GatewayConfig;
  policies: PoliciesConfig;
  cluster: ClusterConfig;
}
