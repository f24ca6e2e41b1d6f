import { ApiError, isForbidden, isNotFound } from '../../../../kubernetes-api';
import type { ResourceCall } from '../provider';
import { UnknownKindError } from './api/objects';

/**
 * Whether a dry run cannot tell what the real request will come to: what the object needs is made in the same run, or the user
 * may look but not touch, as a preview in CI may. Whatever else is forbidden (by an admission policy, a quota, a limit) is the
 * answer that the real request will get.
 */
export function isUndecidable(error: unknown, call: Pick<ResourceCall, 'warn'>): boolean {
  if (isNotFound(error) || error instanceof UnknownKindError) return true;
  if (isForbidden(error) && lacksRights(error)) {
    call.warn(`not checked by the API server, as rights are missing: ${error.message}`);
    return true;
  }
  return error instanceof ApiError && error.code === 400 && error.message.includes('does not support dry run');
}

/** The authorizer's words; admission has others. */
const lacksRights = ({ message }: ApiError) => /User "[^"]*" cannot \w+ (resource|path) /.test(message);
