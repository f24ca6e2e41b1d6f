import * as wire from '@pulumi/pulumi/proto/provider_pb';
import type { PropertyMap } from '../../values/value';
import { type EncodeOptions, encode } from '../../values/wire';
import type { CheckRequest, CreateRequest, DeleteRequest, DiffRequest, ReadRequest, UpdateRequest } from '../provider';

/** The engine's requests as messages of the protocol, with their values in the form that the plugin accepts. */
export class Requests {
  constructor(private readonly options: EncodeOptions) {}

  check({ urn, name, type, oldInputs, newInputs, randomSeed }: CheckRequest): wire.CheckRequest {
    return new wire.CheckRequest()
      .setUrn(urn)
      .setName(name)
      .setType(type)
      .setOlds(this.encode(oldInputs))
      .setNews(this.encode(newInputs))
      .setRandomseed(randomSeed);
  }

  diff({ urn, name, type, id, oldInputs, oldOutputs, newInputs, ignoreChanges }: DiffRequest): wire.DiffRequest {
    return new wire.DiffRequest()
      .setUrn(urn)
      .setName(name)
      .setType(type)
      .setId(id)
      .setOldInputs(this.encode(oldInputs))
      .setOlds(this.encode(oldOutputs))
      .setNews(this.encode(newInputs))
      .setIgnorechangesList(ignoreChanges);
  }

  create({ urn, name, type, inputs, timeout, preview }: CreateRequest): wire.CreateRequest {
    return new wire.CreateRequest()
      .setUrn(urn)
      .setName(name)
      .setType(type)
      .setProperties(this.encode(inputs))
      .setTimeout(timeout)
      .setPreview(preview);
  }

  read({ urn, name, type, id, inputs, outputs }: ReadRequest): wire.ReadRequest {
    return new wire.ReadRequest()
      .setUrn(urn)
      .setName(name)
      .setType(type)
      .setId(id)
      .setInputs(this.encode(inputs))
      .setProperties(this.encode(outputs));
  }

  update(request: UpdateRequest): wire.UpdateRequest {
    return new wire.UpdateRequest()
      .setUrn(request.urn)
      .setName(request.name)
      .setType(request.type)
      .setId(request.id)
      .setOldInputs(this.encode(request.oldInputs))
      .setOlds(this.encode(request.oldOutputs))
      .setNews(this.encode(request.newInputs))
      .setIgnorechangesList(request.ignoreChanges)
      .setTimeout(request.timeout)
      .setPreview(request.preview);
  }

  delete({ urn, name, type, id, inputs, outputs, timeout }: DeleteRequest): wire.DeleteRequest {
    return new wire.DeleteRequest()
      .setUrn(urn)
      .setName(name)
      .setType(type)
      .setId(id)
      .setOldInputs(this.encode(inputs))
      .setProperties(this.encode(outputs))
      .setTimeout(timeout);
  }

  private encode(map: PropertyMap) {
    return encode(map, this.options);
  }
}

/**
 * @param packageName prefixes the keys of `variables`, the older form of the configuration: strings, all else as JSON
 */
export function configureRequest(packageName: string, inputs: PropertyMap): wire.ConfigureRequest {
  const request = new wire.ConfigureRequest()
    .setArgs(encode(inputs, { keepSecrets: true }))
    .setAcceptsecrets(true)
    .setAcceptresources(true)
    .setSendsOldInputs(true)
    .setSendsOldInputsToDelete(true);
  const variables = request.getVariablesMap();
  const plain = encode(inputs, { keepSecrets: false, keepResources: false }).toJavaScript();
  for (const [key, value] of Object.entries(plain)) {
    variables.set(`${packageName}:${key}`, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return request;
}
