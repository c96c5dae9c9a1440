// Reverse-mode automatic differentiation on one page (Linnainmaa 1970). A matrix keeps what it was computed from and how
// a gradient goes back to that. Gradients are made by the same operations, so they can be differentiated again.

type Size = Pick<Matrix, 'rows' | 'columns'>

/** From the gradient of a result to those of its inputs. */
type GoBack = (gradient: Matrix) => Matrix[]

export class Matrix {
  readonly rows: number
  readonly columns: number

  constructor(
    { rows, columns }: Size,
    /** Row after row. */
    readonly values: readonly number[],
    readonly operation = 'given',
    readonly inputs: readonly Matrix[] = [],
    readonly goBack: GoBack = () => [],
  ) {
    this.rows = rows
    this.columns = columns
  }

  add(other: Matrix | number): Matrix {
    const [a, b] = alike(this, other)
    const sums = a.values.map((v, i) => v + b.values[i])
    return new Matrix(a, sums, 'add', [a, b], g => [g, g])
  }

  sub(other: Matrix | number): Matrix {
    return this.add(typeof other === 'number' ? -other : other.mul(-1))
  }

  mul(other: Matrix | number): Matrix {
    const [a, b] = alike(this, other)
    const products = a.values.map((v, i) => v * b.values[i])
    return new Matrix(a, products, 'multiply', [a, b], g => [g.mul(b), g.mul(a)])
  }

  power(n: number): Matrix {
    const powers = this.values.map(v => v ** n)
    return new Matrix(this, powers, 'power', [this], g => [g.mul(this.power(n - 1)).mul(n)])
  }

  square(): Matrix {
    return this.power(2)
  }

  log(): Matrix {
    return new Matrix(this, this.values.map(Math.log), 'log', [this], g => [g.mul(this.power(-1))])
  }

  relu(): Matrix {
    const slope = this.values.map(v => (v > 0 ? 1 : 0))
    const bent = this.values.map((v, i) => v * slope[i])
    return new Matrix(this, bent, 'relu', [this], g => [g.mul(new Matrix(this, slope))])
  }

  sigmoid(): Matrix {
    const goBack: GoBack = g => [g.mul(result).mul(result.mul(-1).add(1))]
    const bent = this.values.map(v => 1 / (1 + Math.exp(-v)))
    const result = new Matrix(this, bent, 'sigmoid', [this], goBack)
    return result
  }

  transpose(): Matrix {
    const size = { rows: this.columns, columns: this.rows }
    const placeOf = (i: number) => (i % this.rows) * this.columns + Math.floor(i / this.rows)
    const turned = this.values.map((_, i) => this.values[placeOf(i)])
    return new Matrix(size, turned, 'transpose', [this], g => [g.transpose()])
  }

  matmul(other: Matrix): Matrix {
    const size = { rows: this.rows, columns: other.columns }
    const products = empty(size).map((_, i) => {
      const [row, column] = [Math.floor(i / other.columns), i % other.columns]
      let sum = 0
      for (let k = 0; k < this.columns; k++)
        sum += this.values[row * this.columns + k] * other.values[k * other.columns + column]
      return sum
    })
    const goBack: GoBack = g => [g.matmul(other.transpose()), this.transpose().matmul(g)]
    return new Matrix(size, products, 'matmul', [this, other], goBack)
  }

  /** Repeats a row, a column or a single number. */
  spread(size: Size): Matrix {
    const repeated = empty(size).map((_, i) => this.values[placeIn(this, size, i)])
    return new Matrix(size, repeated, 'spread', [this], g => [g.sum(this)])
  }

  /** Adds up what `spread` would repeat; by default everything. */
  sum(size: Size = { rows: 1, columns: 1 }): Matrix {
    const sums = empty(size)
    for (const [i, value] of this.values.entries()) sums[placeIn(size, this, i)] += value
    return new Matrix(size, sums, 'sum', [this], g => [g.spread(this)])
  }

  mean(): Matrix {
    return this.sum().mul(1 / this.values.length)
  }
}

export const matrix = (rows: readonly (readonly number[])[]) =>
  new Matrix({ rows: rows.length, columns: rows[0].length }, rows.flat())

const empty = ({ rows, columns }: Size) => Array.from({ length: rows * columns }, () => 0)

/** Where element `i` of the large size has its number in the small one. */
function placeIn(small: Size, large: Size, i: number): number {
  const [row, column] = [Math.floor(i / large.columns), i % large.columns]
  return Math.min(row, small.rows - 1) * small.columns + Math.min(column, small.columns - 1)
}

/** Both of one size: the smaller one is repeated. */
function alike(a: Matrix, other: Matrix | number): Matrix[] {
  const both = [a, typeof other === 'number' ? matrix([[other]]) : other]
  const rows = Math.max(...both.map(m => m.rows))
  const columns = Math.max(...both.map(m => m.columns))
  return both.map(m => (m.rows === rows && m.columns === columns ? m : m.spread({ rows, columns })))
}

/** A result and all that it was computed from, inputs first. */
function graphOf(result: Matrix, found = new Set<Matrix>()): Set<Matrix> {
  for (const input of result.inputs) if (!found.has(input)) graphOf(input, found)
  return found.add(result)
}

/** The gradient of every node, from the result back to what was given. */
export function gradients(result: Matrix): Map<Matrix, Matrix> {
  const found = new Map([[result, matrix([[1]])]])
  for (const node of [...graphOf(result)].reverse())
    node.goBack(found.get(node) as Matrix).forEach((share, i) => {
      const before = found.get(node.inputs[i])
      found.set(node.inputs[i], before === undefined ? share : before.add(share))
    })
  return found
}

/** Where the parameters come from is left out of the graph. */
export const valueAndGrad =
  <P extends Record<string, Matrix>>(loss: (parameters: P) => Matrix) =>
  (parameters: P) => {
    const leaves = Object.entries(parameters).map(([name, p]) => [name, new Matrix(p, p.values)])
    const value = loss(Object.fromEntries(leaves))
    const found = gradients(value)
    const named = leaves.map(([name, leaf]) => [name, found.get(leaf as Matrix)])
    return { value, gradient: Object.fromEntries(named) as P }
  }
