/** Whether one update may go from one of these steps to another, ahead or back: to a neighbour, or to itself. */
export function isOneStep(steps: readonly string[], before: string, after: string): boolean {
  return Math.abs(steps.indexOf(before) - steps.indexOf(after)) <= 1;
}
