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
export { ApiServer } from './api-server';
export { ApiClient, type ApiRequest, type ApiResponse } from './client';
export { connectionProblem } from './connection-problem';
export { endGroup } from './end-group';
export { ClusterAccessError } from './errors';
export { type Json, type JsonMap, at, isJsonMap, listAt, mapAt, numberAt, textAt } from './json';
export { type Target, loadKubeconfig, selectTarget } from './kubeconfig';
export { find, labelSelector } from './queries';
export { onAbort } from './on-abort';
