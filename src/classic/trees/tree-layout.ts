// Where the boxes of a drawn tree lie: parents above the middle of their children, subtrees as close as
// their outlines allow (Reingold & Tilford, Tidier drawings of trees, 1981).

export interface LayoutNode {
  readonly width: number
  readonly children: readonly LayoutNode[]
}

/** The middle of each box, from 0 at the left edge of the drawing, and the drawing's width. */
export interface Layout<N> {
  readonly middle: ReadonlyMap<N, number>
  readonly width: number
}

/** The outline of a subtree by level, its root's middle being 0. */
interface Outline {
  readonly left: number[]
  readonly right: number[]
}

/** Places the boxes of a tree of binary nodes; `gap` is left between neighbours. */
export function layoutTree<N extends LayoutNode>(root: N, gap: number): Layout<N> {
  const offset = new Map<LayoutNode, number>()
  const outline = outlineOf(root, gap, offset)
  const middle = new Map<N, number>()
  const place = (node: LayoutNode, x: number) => {
    middle.set(node as N, x)
    for (const child of node.children) place(child, x + (offset.get(child) ?? 0))
  }
  const left = -Math.min(...outline.left)
  place(root, left)
  return { middle, width: left + Math.max(...outline.right) }
}

function outlineOf(node: LayoutNode, gap: number, offset: Map<LayoutNode, number>): Outline {
  const own = { left: -node.width / 2, right: node.width / 2 }
  if (node.children.length === 0) return { left: [own.left], right: [own.right] }
  const outlines = node.children.map(child => outlineOf(child, gap, offset))
  const shifts = [0]
  const left = [...outlines[0].left]
  const right = [...outlines[0].right]
  for (let c = 1; c < outlines.length; c++) {
    const { left: l, right: r } = outlines[c]
    let shift = Number.NEGATIVE_INFINITY
    for (let level = 0; level < Math.min(l.length, right.length); level++)
      shift = Math.max(shift, right[level] + gap - l[level])
    shifts.push(shift)
    for (let level = 0; level < l.length; level++) {
      right[level] = shift + r[level]
      left[level] ??= shift + l[level]
    }
  }
  const centre = (shifts[0] + shifts[shifts.length - 1]) / 2
  for (const [c, child] of node.children.entries()) offset.set(child, shifts[c] - centre)
  return {
    left: [own.left, ...left.map(x => x - centre)],
    right: [own.right, ...right.map(x => x - centre)],
  }
}
