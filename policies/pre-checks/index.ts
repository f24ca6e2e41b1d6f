/** How the gateway asks the policies of a map; whatever runs them is given to it. */
export { decideOnNode, type LoadPolicy, type NodeAction, PreChecks, type Verdict } from './pre-checks';
export { isTruthy, item, pythonText, pythonType, requireDict } from './python';
