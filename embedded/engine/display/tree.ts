import type { ResourceNode, RunModel } from './run-model';

/** A resource in its place among its relatives. */
export interface TreeRow {
  node: ResourceNode;
  /** What is drawn before its type. */
  guide: string;
  /** What is drawn before the lines that belong to it. */
  continuation: string;
}

/** Whatever happened to something, with its ancestors, children under their parents in the order in which they came. */
export function treeRows(model: RunModel): TreeRow[] {
  const children = childrenByParent(shownNodes(model), model);
  const rows: TreeRow[] = [];
  const visit = (node: ResourceNode, guide: string, continuation: string) => {
    const below = children.get(node) ?? [];
    rows.push({ node, guide, continuation: continuation + (below.length > 0 ? '│  ' : '   ') });
    below.forEach((child, i) => {
      const last = i === below.length - 1;
      visit(child, continuation + (last ? '└─ ' : '├─ '), continuation + (last ? '   ' : '│  '));
    });
  };
  for (const root of children.get(undefined) ?? []) visit(root, '', '');
  return rows;
}

function shownNodes(model: RunModel): Set<ResourceNode> {
  const shown = new Set<ResourceNode>();
  for (const node of model.nodes.values()) {
    if (node.op === 'same' && node.phase !== 'failed') continue;
    let ancestor: ResourceNode | undefined = node;
    while (ancestor && !shown.has(ancestor)) {
      shown.add(ancestor);
      ancestor = parentOf(ancestor, model);
    }
  }
  return shown;
}

function childrenByParent(shown: Set<ResourceNode>, model: RunModel): Map<ResourceNode | undefined, ResourceNode[]> {
  const children = new Map<ResourceNode | undefined, ResourceNode[]>();
  // In the order of the run, which is not the order in which ancestors were found.
  for (const node of model.nodes.values()) {
    if (!shown.has(node)) continue;
    const parent = parentOf(node, model);
    const siblings = children.get(parent);
    if (siblings) siblings.push(node);
    else children.set(parent, [node]);
  }
  return children;
}

function parentOf({ step }: ResourceNode, model: RunModel): ResourceNode | undefined {
  return step.parent === undefined ? undefined : model.nodes.get(step.parent);
}
