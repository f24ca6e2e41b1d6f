import { Script } from 'node:vm';
import { membersScript } from '../../../../infra/database/members/script';
import type { MembersScript } from '../../../../infra/database/members/types';

const loaded = { exports: {} as MembersScript };
const script = new Script(`(module, Buffer) => {${membersScript()}}`, { filename: 'members.js' });
(script.runInThisContext() as (module: typeof loaded, buffer: typeof Buffer) => void)(loaded, Buffer);

export const { pass, leave, watch, podIo, scaleOf } = loaded.exports;
