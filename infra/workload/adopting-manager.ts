/**
 * Field manager of the objects that upstream's installer made, in a network that is taken over. It has one name in all of them,
 * so that `make adopt` can hand the installer's fields over to it before the first update: what upstream set and the network
 * does not then goes with that update, where otherwise a variable would have two values, and a Deployment two strategies.
 */
export const ADOPTING_MANAGER = 'aios-network';
