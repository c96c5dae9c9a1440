// Products of features up to a degree, in the order of scikit-learn: by degree, then lexicographically. Each is
// its parent, of one degree less, times one more feature; the children of one parent follow each other.

/** All products of one degree. */
export interface Level {
  readonly degree: number
  /** Place of each product's parent among those of the degree below. */
  readonly parent: Int32Array
  /** The feature that the parent is multiplied by. */
  readonly last: Int32Array
  /** A product's first child has its last feature again (0), or the next (1). */
  readonly shift: 0 | 1
  /** Place of each product's first child among those of the degree above. */
  readonly firstChild: Int32Array
}

export interface CombinationRule {
  readonly width: number
  readonly degree: number
  /** Each feature at most once in a product. */
  readonly distinct: boolean
}

/** How many products there are of each degree, from 0; Infinity where nobody could count them. */
export function countCombinations({ width, degree, distinct }: CombinationRule): number[] {
  const counts = [1]
  for (let d = 1; d <= degree; d++) {
    const factor = distinct ? (width - d + 1) / d : (width + d - 1) / d
    counts.push(Math.max(0, Math.round(counts[d - 1] * factor)))
  }
  return counts
}

/** Degrees 0 to the highest that has any products. */
export function combinationLevels({ width, degree, distinct }: CombinationRule): Level[] {
  const shift = distinct ? 1 : 0
  const levels: Level[] = [
    {
      degree: 0,
      parent: Int32Array.of(-1),
      last: Int32Array.of(-shift),
      shift,
      firstChild: Int32Array.of(0),
    },
  ]
  for (let d = 1; d <= degree; d++) {
    const above = levels[d - 1]
    let count = 0
    for (let p = 0; p < above.last.length; p++) {
      above.firstChild[p] = count
      count += Math.max(0, width - (above.last[p] + shift))
    }
    if (count === 0) break
    const parent = new Int32Array(count)
    const last = new Int32Array(count)
    let at = 0
    for (let p = 0; p < above.last.length; p++)
      for (let j = above.last[p] + shift; j < width; j++) {
        parent[at] = p
        last[at++] = j
      }
    levels.push({ degree: d, parent, last, shift, firstChild: new Int32Array(count) })
  }
  return levels
}

/** The features of one product, ascending. */
export function featuresOf(levels: readonly Level[], degree: number, place: number): number[] {
  const features: number[] = []
  for (let d = degree, at = place; d > 0; d--) {
    features.push(levels[d].last[at])
    at = levels[d].parent[at]
  }
  return features.reverse()
}
