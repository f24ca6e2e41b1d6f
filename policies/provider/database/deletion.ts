import type { PlacementFacts } from './facts';

/** Names of what is to be deleted by hand. */
interface Doomed {
  claims: readonly string[];
  volumes: readonly string[];
}

/** The commands that delete claims and volumes of a database. */
export function deletionOf({ namespace }: Pick<PlacementFacts, 'namespace'>, { claims, volumes }: Doomed): string {
  const commands = [
    ...(claims.length === 0 ? [] : [`kubectl -n ${namespace} delete pvc ${claims.join(' ')}`]),
    ...(volumes.length === 0 ? [] : [`kubectl delete pv ${volumes.join(' ')}`]),
  ];
  return commands.join('; ');
}
