import * as wire from '@pulumi/pulumi/proto/analyzer_pb';
import type { StackConfig } from '../project/stack-config';
import type { ResourceState } from '../state/resource-state';
import { parseUrn } from '../state/urn';
import { type PropertyMap, Secret, type Value, isPropertyMap } from '../values/value';
import { encode } from '../values/wire';

// What packs are asked, as messages of the protocol.

/** A resource, and the provider that it has, if it has one. */
export interface Subject {
  resource: ResourceState;
  provider?: ResourceState | undefined;
}

/** The stack that a pack is to look at. */
export interface StackInfo {
  project: string;
  stack: string;
  preview: boolean;
  config: StackConfig;
}

/** Nobody has a name in a backend of files. */
export const ORGANIZATION = 'organization';

export function configureRequest({ project, stack, preview, config }: StackInfo): wire.AnalyzerStackConfigureRequest {
  const request = new wire.AnalyzerStackConfigureRequest()
    .setProject(project)
    .setStack(stack)
    .setOrganization(ORGANIZATION)
    .setDryRun(preview)
    .setConfigSecretKeysList(config.secretKeys);
  for (const [key, value] of Object.entries(config.values)) request.getConfigMap().set(key, value);
  return request;
}

/** A resource by itself, before anything is done to it: what the program wants of it. */
export function analyzeRequest({ resource, provider }: Subject): wire.AnalyzeRequest {
  const request = about(new wire.AnalyzeRequest(), resource, resource.inputs);
  return request.setProvider(provider && providerMessage(provider));
}

/** All resources of a stack as they are when its program has run, or would be: their outputs. */
export function analyzeStackRequest(subjects: readonly Subject[]): wire.AnalyzeStackRequest {
  return new wire.AnalyzeStackRequest().setResourcesList(subjects.map(stackResource));
}

function stackResource({ resource, provider }: Subject): wire.AnalyzerResource {
  const { outputs, parent = '', dependencies = [], propertyDependencies = {} } = resource;
  const message = about(new wire.AnalyzerResource(), resource, outputs)
    .setProvider(provider && providerMessage(provider))
    .setParent(parent)
    .setDependenciesList(dependencies);
  for (const [property, urns] of Object.entries(propertyDependencies)) {
    if (urns.length > 0) {
      message
        .getPropertydependenciesMap()
        .set(property, new wire.AnalyzerPropertyDependencies().setUrnsList([...urns]));
    }
  }
  return message;
}

interface Describable {
  setUrn(urn: string): unknown;
  setType(type: string): unknown;
  setName(name: string): unknown;
  setProperties(properties: ReturnType<typeof encode>): unknown;
  setOptions(options: wire.AnalyzerResourceOptions): unknown;
}

function about<Message extends Describable>(message: Message, resource: ResourceState, properties: PropertyMap) {
  const { urn, type } = resource;
  message.setUrn(urn);
  message.setType(type);
  message.setName(parseUrn(urn).name);
  message.setProperties(encode(withoutInternals(properties)));
  message.setOptions(optionsOf(resource));
  return message;
}

function optionsOf(resource: ResourceState): wire.AnalyzerResourceOptions {
  const { create = 0, update = 0, delete: remove = 0 } = resource.customTimeouts ?? {};
  return new wire.AnalyzerResourceOptions()
    .setProtect(resource.protect ?? false)
    .setIgnorechangesList(resource.ignoreChanges ?? [])
    .setAdditionalsecretoutputsList(resource.additionalSecretOutputs ?? [])
    .setAliasesList(resource.aliases ?? [])
    .setParent(resource.parent ?? '')
    .setCustomtimeouts(
      new wire.AnalyzerResourceOptions.CustomTimeouts().setCreate(create).setUpdate(update).setDelete(remove),
    );
}

/** One provider has hundreds of resources. */
const providerMessages = new WeakMap<ResourceState, wire.AnalyzerProviderResource>();

function providerMessage(provider: ResourceState): wire.AnalyzerProviderResource {
  const known = providerMessages.get(provider);
  if (known) return known;
  const { urn, type, inputs } = provider;
  const message = new wire.AnalyzerProviderResource().setUrn(urn).setType(type).setName(parseUrn(urn).name);
  message.setProperties(encode(withoutInternals(inputs)));
  providerMessages.set(provider, message);
  return message;
}

/** What engine and providers tell each other among the properties is nobody else's. */
function withoutInternals(map: PropertyMap): PropertyMap {
  const entries = Object.entries(map).filter(([key]) => !key.startsWith('__'));
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutInternal(value)]));
}

function withoutInternal(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutInternal);
  if (value instanceof Secret) return new Secret(withoutInternal(value.value));
  return isPropertyMap(value) ? withoutInternals(value) : value;
}
