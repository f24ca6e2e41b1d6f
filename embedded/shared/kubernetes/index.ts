export {
  ApiError,
  InterruptedError,
  UnreachableError,
  isConflict,
  isForbidden,
  isInvalid,
  isNotFound,
  isPassing,
} from './api-error';
export { ApiClient, type ApiRequest, type ApiResponse } from './client';
export { type Json, type JsonMap, at, isJsonMap, listAt, mapAt, numberAt, textAt } from './json';
export { type Target, loadKubeconfig, selectTarget } from './kubeconfig';
