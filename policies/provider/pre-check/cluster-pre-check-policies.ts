import type { Fields } from '../check/fields';
import { UserError } from '../errors';
import { type Properties, reveal } from '../wire/value';
import { clusterMap } from './cluster-map';
import { MapPolicies } from './map-policies';

/** The gateway puts an id into a URL as it is: any other character would lead it to another path. */
const plainId = (id: string) => /^[\w.-]+$/.test(id) && id !== '.' && id !== '..';
const ID_RULE = 'consist of letters, digits, -, _ and . (and not be . or ..)';

/** The policies of one cluster: `aios:governance:ClusterPreCheckPolicies`. */
export class ClusterPreCheckPolicies extends MapPolicies {
  override readonly identity = ['clusterId'];
  protected override readonly ownInputs = ['clusterId'];
  protected override readonly isLostByRollouts = false;

  protected override checkOwn(fields: Fields): void {
    fields.text('clusterId', { must: ID_RULE, accepts: plainId });
  }

  protected override storeOf(inputs: Properties) {
    return clusterMap(this.idOf(inputs));
  }

  protected override idOf({ clusterId = '' }: Properties): string {
    return reveal(clusterId) as string;
  }

  protected override ownInputsOf(id: string): Properties {
    if (!plainId(id)) throw new UserError(`id: "${id}": the id of a cluster must ${ID_RULE}`);
    return { clusterId: id };
  }
}
