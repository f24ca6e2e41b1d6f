import { type ServiceName, catalogue } from '../../catalogue';
import { type ImageSettings, parseImage } from '../image';
import type { Path, Problem } from '../problems';
import type { Sections } from '../sections';
import type { ServiceOverride } from '../services';
import type { Check } from './check';
import { overridesInUse } from './overrides';

/** A tag and a digest, or a tag beside an image that has one, leave open which of them is meant. */
function oneVersion(path: Path, { image, tag, digest }: ImageSettings): Problem[] {
  if (tag !== undefined && digest !== undefined) {
    return [
      {
        path: [...path, 'digest'],
        value: digest,
        rule: 'must stand alone, and a tag is given too',
        fix: 'remove the tag or the digest',
        reads: [[...path, 'tag']],
      },
    ];
  }
  const carried = image === undefined ? {} : parseImage(image);
  const carries = carried.digest === undefined ? carried.tag && 'tag' : 'digest';
  const given = tag === undefined ? digest && 'digest' : 'tag';
  if (carries === undefined || given === undefined) return [];
  return [
    {
      path: [...path, given],
      value: tag ?? digest,
      rule: `must be left out: the image has a ${carries} of its own`,
      fix: `remove it, or the ${carries} from the image`,
      reads: [[...path, 'image']],
    },
  ];
}

/** A digest for a container that there is none of. */
function sidecarless([section, overrides, name]: Path, { sidecarDigest }: ServiceOverride): Problem[] {
  if (sidecarDigest === undefined) return [];
  const { sidecars = [] } = catalogue[name as ServiceName].definition;
  if (sidecars.length > 0) return [];
  const path = [section, overrides, name, 'sidecarDigest'].flatMap((key) => key ?? []);
  return [{ path, value: sidecarDigest, rule: 'is for nothing: the service has one container', fix: 'remove it' }];
}

function missingRegistry(users: readonly string[]): Problem[] {
  if (users.length === 0) return [];
  return [
    {
      path: ['services', 'imageRegistry'],
      rule: `is required: without it there is no image for ${users.join(', ')}`,
      fix: 'name the registry that holds them, for example imageRegistry: registry.example.org:31280',
      reads: [['services', 'overrides']],
    },
  ];
}

function credentialsForNothing({ imageRegistry, registryCredentials }: Sections['services']): Problem[] {
  if (registryCredentials === undefined || imageRegistry !== undefined) return [];
  return [
    {
      path: ['services', 'registryCredentials'],
      rule: 'needs services.imageRegistry: the registry that the credentials are for',
      fix: 'name it, or remove the credentials',
      reads: [['services', 'imageRegistry']],
    },
  ];
}

const gatewayImage: Check = ({ sections: { gateway } }) => {
  if (gateway === undefined) return [];
  if (gateway.image !== undefined) return oneVersion(['gateway'], gateway);
  return [
    {
      path: ['gateway', 'image'],
      rule: 'is required: upstream names no image for cluster-controller-gateway',
      fix: 'for example image: registry.example.org:31280/mgmt/cluster-controller-gateway:v1.2.0',
    },
  ];
};

/** Every container has one image, of one version. */
export const imageChecks: Check = (subject) => {
  const { services } = subject.sections;
  if (services === undefined) return gatewayImage(subject);
  return [
    ...missingRegistry([...(subject.images?.withoutRegistry ?? [])]),
    ...credentialsForNothing(services),
    ...overridesInUse(services).flatMap(([path, override]) => [
      ...oneVersion(path, override),
      ...sidecarless(path, override),
    ]),
    ...gatewayImage(subject),
  ];
};
