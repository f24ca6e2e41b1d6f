import type { Fields } from '../check/fields';
import { UserError } from '../errors';
import { USUAL_PROCESSES } from '../services/gateway';
import { type Properties, open } from '../wire/value';
import { MapPolicies } from './map-policies';
import { networkMap } from './network-map';

const NETWORK_ID = 'network';

const MOST_REPLICAS = 20;

/** The policies of the network: `aios:governance:PreCheckPolicies`. There is one map, so there is one id. */
export class PreCheckPolicies extends MapPolicies {
  override readonly identity = [];
  protected override readonly ownInputs = ['replicas'];
  protected override readonly isLostByRollouts = true;

  protected override checkOwn(fields: Fields): void {
    fields.integer('replicas', { least: 1, most: MOST_REPLICAS, optional: true });
  }

  protected override storeOf(inputs: Properties) {
    const replicas = open(inputs.replicas);
    return networkMap(typeof replicas === 'number' ? replicas : USUAL_PROCESSES);
  }

  protected override idOf(): string {
    return NETWORK_ID;
  }

  protected override ownInputsOf(id: string): Properties {
    if (id !== NETWORK_ID) throw new UserError(`id: "${id}": the policies of the network have the id "${NETWORK_ID}"`);
    return {};
  }
}
