import { randomBytes, randomUUID } from 'node:crypto';
import { hashSync } from 'bcryptjs';
import { UserError } from '../../../shared/errors';
import { PropertyMap, Secret } from '../../values/value';
import { Generated, RandomKind, keepers, numberOf, textOf } from './kind';
import { randomText, textInputs, validateText, withNumeric } from './text';

const bcryptCost = 10;

const passwordOf = (result: string, inputs: PropertyMap): Generated => ({
  // The id is not secret: it must not be the password.
  id: 'none',
  outputs: {
    ...inputs,
    id: 'none',
    result: new Secret(result),
    bcryptHash: new Secret(hashSync(result, bcryptCost)),
  },
});

const textOfLength = (text: string): PropertyMap => ({
  length: text.length,
  ...Object.fromEntries(
    Object.entries(textInputs).flatMap(([key, rule]) => (rule.default === undefined ? [] : [[key, rule.default]])),
  ),
  number: true,
  numeric: true,
});

const password: RandomKind = {
  inputs: textInputs,
  drawn: { result: 'secret', bcryptHash: 'secret' },
  complete: withNumeric,
  validate: validateText,
  generate: (inputs) => passwordOf(randomText(inputs), inputs),
  adopt: (result) => ({ ...passwordOf(result, textOfLength(result)), inputs: textOfLength(result) }),
};

const stringOf = (result: string, inputs: PropertyMap): Generated => ({
  id: result,
  outputs: { ...inputs, id: result, result },
});

const string: RandomKind = {
  inputs: textInputs,
  drawn: { id: 'plain', result: 'plain' },
  complete: withNumeric,
  validate: validateText,
  generate: (inputs) => stringOf(randomText(inputs), inputs),
  adopt: (result) => ({ ...stringOf(result, textOfLength(result)), inputs: textOfLength(result) }),
};

function idOf(bytes: Buffer, inputs: PropertyMap): Generated {
  const prefix = textOf(inputs, 'prefix');
  const id = bytes.toString('base64url');
  const outputs = {
    ...inputs,
    id,
    b64Url: prefix + id,
    b64Std: prefix + bytes.toString('base64'),
    hex: prefix + bytes.toString('hex'),
    dec: prefix + BigInt(`0x${bytes.toString('hex')}`).toString(),
  };
  return { id, outputs };
}

const id: RandomKind = {
  inputs: { keepers, byteLength: { type: 'number', required: true }, prefix: { type: 'string' } },
  drawn: { id: 'plain', b64Url: 'plain', b64Std: 'plain', hex: 'plain', dec: 'plain' },
  validate: (inputs) => atLeastOne(inputs, 'byteLength'),
  generate: (inputs) => idOf(randomBytes(numberOf(inputs, 'byteLength')), inputs),
  adopt(importId) {
    const comma = importId.lastIndexOf(',');
    const bytes = Buffer.from(importId.slice(comma + 1), 'base64url');
    const prefix = comma < 0 ? {} : { prefix: importId.slice(0, comma) };
    const inputs = { byteLength: bytes.length, ...prefix };
    return { ...idOf(bytes, inputs), inputs };
  },
};

const bytesOf = (value: Buffer, inputs: PropertyMap): Generated => ({
  // As in the real provider, whose id is the value itself: keep states with such resources to yourself.
  id: value.toString('base64'),
  outputs: { ...inputs, base64: new Secret(value.toString('base64')), hex: new Secret(value.toString('hex')) },
});

const bytes: RandomKind = {
  inputs: { keepers, length: { type: 'number', required: true } },
  drawn: { base64: 'secret', hex: 'secret' },
  validate: (inputs) => atLeastOne(inputs, 'length'),
  generate: (inputs) => bytesOf(randomBytes(numberOf(inputs, 'length')), inputs),
  adopt(importId) {
    const value = Buffer.from(importId, 'base64');
    const inputs = { length: value.length };
    return { ...bytesOf(value, inputs), inputs };
  },
};

const uuidOf = (result: string, inputs: PropertyMap): Generated => ({
  id: result,
  outputs: { ...inputs, id: result, result },
});

const uuid: RandomKind = {
  inputs: { keepers },
  drawn: { id: 'plain', result: 'plain' },
  generate: (inputs) => uuidOf(randomUUID(), inputs),
  adopt(importId) {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(importId)) {
      throw new UserError(`cannot import "${importId}": it is not a UUID`);
    }
    return { ...uuidOf(importId, {}), inputs: {} };
  },
};

function atLeastOne(inputs: PropertyMap, key: string): Record<string, string> {
  const value = numberOf(inputs, key);
  return Number.isInteger(value) && value > 0 ? {} : { [key]: `${value} is not a whole number above 0` };
}

const kinds: Record<string, RandomKind> = {
  'random:index/randomPassword:RandomPassword': password,
  'random:index/randomString:RandomString': string,
  'random:index/randomId:RandomId': id,
  'random:index/randomBytes:RandomBytes': bytes,
  'random:index/randomUuid:RandomUuid': uuid,
};

/**
 * @throws UserError for a type that this engine cannot make
 */
export function kindOf(type: string): RandomKind {
  const kind = kinds[type];
  if (kind) return kind;
  const names = Object.keys(kinds).map((name) => name.split(':')[2]);
  throw new UserError(
    `${type} is not supported by this engine; of the random package it has ${names.join(', ')}. Use one, or the pulumi CLI.`,
  );
}
