/** Looks, decides, acts. Returns the step that was taken. */
/** @type {(io: MemberIo) => Promise<Step>} */
async function pass(io) {
  let serves = false;
  try {
    const own = await lookAtSelf(io);
    serves = own.serves;
    if (serves) io.report('');
    const view = await look(io, own);
    if (own.hello.isWritablePrimary === true) await io.announce();
    const step = nextStep(view);
    if (!serves) io.report(`${own.state}: ${step.reason ?? step.action}`);
    await take(io, step);
    return step;
  } catch (error) {
    if (!serves) io.report(`failed, will be tried again: ${error.message}`);
    throw error;
  }
}

/** @type {(io: MemberIo, step: Step) => Promise<void>} */
async function take(io, step) {
  /** @type {(command: Record<string, unknown>) => Promise<unknown>} */
  const admin = (command) => io.command(io.ordinal, 'admin', command);
  switch (step.action) {
    case 'initiate':
      await admin({ replSetInitiate: step.config });
      break;
    case 'reconfigure':
      await admin({ replSetReconfig: step.config });
      break;
    case 'stepDown':
      await stepDown(io);
      break;
    case 'mark':
      await io.writeMark(step.setId);
      break;
    case 'setCompatibility':
      await admin({ setFeatureCompatibilityVersion: step.release, ...(step.confirm ? { confirm: true } : {}) });
      break;
    case 'setWriteConcern':
      await admin({ setDefaultRWConcern: 1, defaultWriteConcern: { w: 'majority' } });
      break;
    case 'createUser':
    case 'updateUser': {
      /** @type {Credential} */
      // @ts-expect-error -- the user is one of these
      const { name, password, roles, generation } = io.credentials().find((c) => c.name === step.user);
      const customData = generation === undefined ? {} : { customData: { generation } };
      await admin({ [step.action]: name, pwd: password, roles, ...customData });
      break;
    }
    case 'dropUser':
      await admin({ dropUser: step.user });
      break;
  }
}

/** Hands over to a member that has caught up, and stays out of elections long enough to be removed or restarted. */
/** @type {(io: MemberIo) => Promise<void>} */
async function stepDown(io) {
  await io.command(io.ordinal, 'admin', { replSetStepDown: 120, secondaryCatchUpPeriodSecs: 20 });
}

/**
 * Before this member stops: waits until it has been removed, where the number of members shrinks, or else until the others
 * can do without it, and then hands over if it is the primary. `deadline` is in the milliseconds of `io.now`.
 */
/** @type {(io: MemberIo, deadline: number) => Promise<void>} */
async function leave(io, deadline) {
  while (io.now() < deadline) {
    const reason = await reasonToStay(io).catch((error) => `failed, will be tried again: ${error.message}`);
    if (reason === undefined) return;
    io.say(reason);
    await io.sleep(1000);
  }
}

/** @type {(io: MemberIo) => Promise<string | undefined>} */
async function reasonToStay(io) {
  const scale = await io.scale().catch(() => undefined);
  if (scale?.stopping) return undefined;
  const hello = await io.command(io.ordinal, 'admin', { hello: 1 });
  // `hello` names no set on a member that was never in one or was removed.
  if (hello.setName === undefined) return undefined;
  /** @type {{ config: SetConfig }} */
  const { config } = await io.command(io.ordinal, 'admin', { replSetGetConfig: 1 });
  if (config.members.length === 1) return undefined;
  const isLeaving = scale !== undefined && io.ordinal >= scale.replicas;
  if (!isLeaving) {
    const others = config.members.filter((m) => isVoter(m) && m.host !== io.hostOf(io.ordinal));
    const up = others.filter(healthIn(await io.command(io.ordinal, 'admin', { replSetGetStatus: 1 }))).length;
    const needed = majorityOf(config.members.filter(isVoter).length);
    if (up < Math.min(needed, others.length)) return 'the others have no majority without this member yet';
  }
  // Not to another that leaves, which would hand over in turn, until none is left that may stand: its own passes see to it.
  if (isLeaving) return 'this member has not been removed yet';
  if (hello.isWritablePrimary === true) {
    await stepDown(io);
    return 'handing over as the primary';
  }
  return undefined;
}
