/** A moment as the CLI writes it: without the zeros that a fraction ends with. */
export const timestamp = (moment = new Date()): string => moment.toISOString().replace(/\.?0+Z$/, 'Z');
