import type { Path } from '../../values/paths';
import { Secret, Unknown, type Value, isPropertyMap } from '../../values/value';
import { sameQuantity } from './quantity';

/** Objects whose values are quantities. */
const quantityMaps = new Set('requests limits capacity hard podFixed min max default defaultRequest'.split(' '));
const quantityFields = new Set(['sizeLimit', 'divisor', 'averageValue']);

/** Objects whose keys are the user's own: their values mean what they spell. */
const freeMaps = new Set('labels annotations matchLabels nodeSelector selector data stringData parameters'.split(' '));

/**
 * Fields that the API leaves out when they are false, zero or empty. For all others, an absent value and an empty one
 * differ: an absent `automountServiceAccountToken` mounts one.
 */
const omittedWhenEmpty = new Set(
  (
    'hostNetwork hostPID hostIPC stdin stdinOnce tty readOnly publishNotReadyAddresses paused unschedulable ' +
    'minReadySeconds initialDelaySeconds hostPort command args env envFrom ports volumes volumeMounts volumeDevices ' +
    'initContainers imagePullSecrets tolerations hostAliases readinessGates topologySpreadConstraints finalizers ' +
    'ownerReferences subjects secrets ingress egress from to policyTypes externalIPs loadBalancerSourceRanges ' +
    'matchExpressions labels annotations nodeSelector value subPath subPathExpr workingDir nodeName serviceAccountName ' +
    'hostname subdomain priorityClassName schedulerName loadBalancerIP clusterIP externalName namespace creationTimestamp'
  ).split(' '),
);

/** Whether two values at a place of an object mean the same to the API server, however they are spelled. */
export function same(path: Path, a: Value | undefined, b: Value | undefined): boolean {
  if (a instanceof Secret) return same(path, a.value, b);
  if (b instanceof Secret) return same(path, a, b.value);
  if (a instanceof Unknown || b instanceof Unknown) return false;
  if (isAbsent(path, a) || isAbsent(path, b)) return isAbsent(path, a) && isAbsent(path, b);
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => same([...path, i], item, b[i]));
  }
  if (isPropertyMap(a) && isPropertyMap(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => same([...path, key], a[key], b[key]));
  }
  return a === b || (isQuantity(path) && isScalar(a) && isScalar(b) && sameQuantity(String(a), String(b)));
}

const isScalar = (value: Value | undefined) => typeof value === 'string' || typeof value === 'number';

/** Whether the API server would keep nothing of the value. */
export function isAbsent(path: Path, value: Value | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (!isEmpty(value)) return false;
  const [parent, field] = path.slice(-2);
  return typeof field === 'string' && omittedWhenEmpty.has(field) && !freeMaps.has(String(parent));
}

function isEmpty(value: Value): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isPropertyMap(value)) return Object.keys(value).length === 0;
  return value === false || value === 0 || value === '';
}

function isQuantity(path: Path): boolean {
  const [parent, field] = path.slice(-2);
  if (freeMaps.has(String(parent)) || freeMaps.has(String(path.at(-3)))) return false;
  return quantityMaps.has(String(parent)) || (typeof field === 'string' && quantityFields.has(field));
}
