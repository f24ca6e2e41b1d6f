import type { Fields } from '../check/fields';
import { UserError } from '../errors';
import { usualProcesses } from '../services/gateway';
import { type Properties, open } from '../wire/value';
import { MapPolicies } from './map-policies';
import { networkMap } from './network-map';

const networkId = 'network';

const mostReplicas = 20;

/** The policies of the network: `aios:governance:PreCheckPolicies`. There is one map, so there is one id. */
export class PreCheckPolicies extends MapPolicies {
  override readonly identity = [];
  protected override readonly ownInputs = ['replicas'];

  protected override checkOwn(fields: Fields): void {
    fields.integer('replicas', { least: 1, most: mostReplicas, optional: true });
  }

  protected override storeOf(inputs: Properties) {
    const replicas = open(inputs.replicas);
    return networkMap(typeof replicas === 'number' ? replicas : usualProcesses);
  }

  protected override idOf(): string {
    return networkId;
  }

  protected override ownInputsOf(id: string): Properties {
    if (id !== networkId) throw new UserError(`id: "${id}": the policies of the network have the id "${networkId}"`);
    return {};
  }
}
