/** A cluster cannot be reached, or not as the user wants; the message explains it in full, and is shown without a stack trace. */
export class ClusterAccessError extends Error {
  override name = 'ClusterAccessError';
}
