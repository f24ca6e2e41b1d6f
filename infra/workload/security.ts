import type { types } from '@pulumi/kubernetes';

type SecurityContext = types.input.core.v1.SecurityContext;

/** The system calls that the container runtime allows by default. */
export const DEFAULT_SECCOMP = { type: 'RuntimeDefault' } as const;

const powerless = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } satisfies SecurityContext;

/** A container that cannot gain anything: no capability, no change of its image. */
export const confined = {
  ...powerless,
  readOnlyRootFilesystem: true,
} satisfies SecurityContext;

const asUser = (user: number) => ({
  seccompProfile: DEFAULT_SECCOMP,
  runAsNonRoot: true,
  runAsUser: user,
  runAsGroup: user,
});

/** A container whose process works as a user other than root, in a group of the same number. */
export function confinedAs(user: number): SecurityContext {
  return { ...confined, ...asUser(user) };
}

/** The same for an image of which it is not known where it writes: it may, within its own layers. */
export function restrictedAs(user: number): SecurityContext {
  return { ...powerless, ...asUser(user) };
}

/**
 * Capabilities that the start scripts of images running as root use, to own files and to change to another user. All
 * others are dropped, of the ones that the container runtime grants by default too.
 */
const startScriptCapabilities = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID'];

/** A container of which nothing is known: as strict as images that may run as root allow. */
export const confinedRoot: SecurityContext = {
  allowPrivilegeEscalation: false,
  seccompProfile: DEFAULT_SECCOMP,
  capabilities: { drop: ['ALL'], add: startScriptCapabilities },
};
