/** Milliseconds after which a pass is stuck: its longest command may take a minute. */
const STUCK_AFTER = 5 * 60 * 1000;
/** Milliseconds that one and the same trouble lasts before it is put among the pod's events, which are kept for an hour. */
const WARN_AFTER = 2 * 60 * 1000;
const WARN_AGAIN_AFTER = 30 * 60 * 1000;

/** Passes for as long as the pod lives. A pass that does not end ends the process, and so restarts the container. */
/** @type {(io: MemberIo) => Promise<never>} */
async function watch(io) {
  const tell = teller(io);
  for (;;) {
    let message;
    let pause = 3000;
    let trouble = true;
    try {
      const step = await endingIn(io, STUCK_AFTER, pass(io));
      if (step.action === 'rest') message = 'the replica set is as wanted';
      else message = [step.action, step.reason ?? step.user].filter(Boolean).join(': ');
      trouble = step.action === 'wait';
      await io.renewCertificate();
      if (step.action === 'rest' || step.action === 'wait') pause = 10000;
      // There are many, and whatever connects waits for them.
      if (step.user !== undefined) pause = 0;
    } catch (error) {
      if (error === STUCK) throw error;
      message = `failed, will be tried again: ${error.message}`;
    }
    await tell(message, trouble);
    await io.sleep(pause);
  }
}

/** Says what is new; of what troubles for long, it warns. */
/** @type {(io: MemberIo) => (message: string, trouble: boolean) => Promise<void>} */
function teller(io) {
  /** @type {string | undefined} */
  let said;
  let warnAt = 0;
  return async (message, trouble) => {
    if (message !== said) {
      io.say(message);
      said = message;
      warnAt = io.now() + WARN_AFTER;
    }
    if (!trouble || io.now() < warnAt) return;
    warnAt = io.now() + WARN_AGAIN_AFTER;
    await io.warn(message).catch((error) => io.say(`cannot make an event of it: ${error.message}`));
  };
}

const STUCK = new Error('a pass has not ended for minutes: ending, to be started again');

/** @type {<T>(io: MemberIo, milliseconds: number, work: Promise<T>) => Promise<T>} */
async function endingIn(io, milliseconds, work) {
  /** @type {() => void} */
  let cancel = () => undefined;
  /** @type {Promise<never>} */
  const stuck = new Promise((_, reject) => {
    cancel = io.after(milliseconds, () => reject(STUCK));
  });
  try {
    return await Promise.race([work, stuck]);
  } finally {
    cancel();
  }
}
