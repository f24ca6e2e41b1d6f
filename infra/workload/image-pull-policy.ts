import { isPinned, parseImage } from '../config/image';

/** A tag that may move has to be asked for at every start; any other image never changes once it is pulled. */
export function imagePullPolicy(reference: string): 'Always' | 'IfNotPresent' {
  return isPinned(parseImage(reference)) ? 'IfNotPresent' : 'Always';
}
