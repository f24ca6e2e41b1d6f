import type { AliasGoal, Goal } from './goal';
import { makeUrn, parseUrn } from '../state/urn';

/**
 * The URNs under which a resource may stand in the state: those of its own aliases, and those it had as a child of any
 * earlier identity of its parent.
 *
 * @param parentAliases earlier URNs of the parent
 */
export function aliasUrns(stack: string, project: string, goal: Goal, parentAliases: string[]): string[] {
  const parentName = goal.parent === undefined ? undefined : parseUrn(goal.parent).name;
  const own = goal.aliases.flatMap((alias) => urnsOfAlias(stack, project, goal, alias, parentAliases));
  const inherited = parentAliases.map((parent) =>
    makeUrn(stack, project, parent, goal.type, inheritedName(goal.name, parentName, parent)),
  );
  return [...new Set([...own, ...inherited])];
}

function urnsOfAlias(stack: string, project: string, goal: Goal, alias: AliasGoal, parentAliases: string[]): string[] {
  if ('urn' in alias) return [alias.urn];
  const at = (parent: string | undefined, name: string) =>
    makeUrn(alias.stack ?? stack, alias.project ?? project, parent, alias.type ?? goal.type, name);
  if (alias.noParent) return [at(undefined, alias.name ?? goal.name)];
  if (alias.parent !== undefined) return [at(alias.parent, alias.name ?? goal.name)];
  const parentName = goal.parent === undefined ? undefined : parseUrn(goal.parent).name;
  return [
    at(goal.parent, alias.name ?? goal.name),
    ...parentAliases.map((parent) => at(parent, alias.name ?? inheritedName(goal.name, parentName, parent))),
  ];
}

/** Children are named after their component: one of a renamed component had the component's old name as its prefix. */
function inheritedName(name: string, parentName: string | undefined, parentAlias: string): string {
  return parentName !== undefined && name.startsWith(parentName)
    ? parseUrn(parentAlias).name + name.slice(parentName.length)
    : name;
}
