import * as wire from '@pulumi/pulumi/proto/provider_pb';
import type { PropertyMap } from '../../values/value';
import { encode } from '../../values/wire';
import type {
  CheckRequest,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  ReadRequest,
  ResourceCall,
  UpdateRequest,
} from '../provider';

// The engine's requests as messages of the protocol.

export const checkRequest = ({ oldInputs, newInputs, ...call }: CheckRequest): wire.CheckRequest =>
  about(call, new wire.CheckRequest()).setOlds(encode(oldInputs)).setNews(encode(newInputs));

export const diffRequest = ({ id, oldInputs, oldOutputs, newInputs, ...call }: DiffRequest): wire.DiffRequest =>
  about(call, new wire.DiffRequest())
    .setId(id)
    .setOldInputs(encode(oldInputs))
    .setOlds(encode(oldOutputs))
    .setNews(encode(newInputs));

export const createRequest = ({ inputs, timeout, preview, ...call }: CreateRequest): wire.CreateRequest =>
  about(call, new wire.CreateRequest()).setProperties(encode(inputs)).setTimeout(timeout).setPreview(preview);

export const readRequest = ({ id, inputs, outputs, ...call }: ReadRequest): wire.ReadRequest =>
  about(call, new wire.ReadRequest()).setId(id).setInputs(encode(inputs)).setProperties(encode(outputs));

export const updateRequest = ({ id, oldInputs, oldOutputs, newInputs, ...call }: UpdateRequest): wire.UpdateRequest =>
  about(call, new wire.UpdateRequest())
    .setId(id)
    .setOldInputs(encode(oldInputs))
    .setOlds(encode(oldOutputs))
    .setNews(encode(newInputs))
    .setIgnorechangesList(call.ignoreChanges)
    .setTimeout(call.timeout)
    .setPreview(call.preview);

export const deleteRequest = ({ id, inputs, outputs, timeout, ...call }: DeleteRequest): wire.DeleteRequest =>
  about(call, new wire.DeleteRequest())
    .setId(id)
    .setOldInputs(encode(inputs))
    .setProperties(encode(outputs))
    .setTimeout(timeout);

export const configureRequest = (inputs: PropertyMap): wire.ConfigureRequest =>
  new wire.ConfigureRequest()
    .setArgs(encode(inputs))
    .setAcceptsecrets(true)
    .setAcceptresources(false)
    .setSendsOldInputs(true)
    .setSendsOldInputsToDelete(true);

/** Which resource a message is about. */
interface Subject {
  setUrn(urn: string): unknown;
  setName(name: string): unknown;
  setType(type: string): unknown;
}

function about<Message extends Subject>(
  { urn, name, type }: Pick<ResourceCall, 'urn' | 'name' | 'type'>,
  message: Message,
): Message {
  message.setUrn(urn);
  message.setName(name);
  message.setType(type);
  return message;
}
