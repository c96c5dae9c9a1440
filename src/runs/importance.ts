// How much a column matters: the worsening of a metric on the test split when its values are shuffled
// (Breiman 2001, "Random forests", section 10).

import { Random } from '../base/philox.js'
import { takeColumn } from '../data/column.js'
import { Table } from '../data/table.js'
import { answerTable } from './answer-rows.js'
import { sampleOf } from './baselines.js'
import { type Answers, measure } from './evaluation.js'
import type { PreparedData } from './prepare-data.js'
import { higherIsBetter, type MetricName } from './report/report-data.js'
import type { TableModel } from './table-model.js'

const mostRows = 1000
const mostColumns = 60
/** Features times rows times columns beyond which it would take too long. */
const mostWork = 4e8

export async function columnImportance(
  model: TableModel,
  data: PreparedData,
  metric: MetricName,
): Promise<{ column: string; loss: number }[]> {
  const { table, split } = data.sample
  const rows = sampleOf(split.test, mostRows)
  const inputs = data.preprocessor.inputs.filter(input => input.used)
  const work = rows.length * data.preprocessor.width * inputs.length
  if (rows.length < 10 || inputs.length > mostColumns || work > mostWork) return []
  const answers = await answerTable(model, table, rows)
  const before = measure(answers, model.facts.threshold)[metric]
  if (before === undefined) return []
  const small = table.select(inputs.map(input => input.name)).take(rows)
  const random = new Random(0, 0x696d706f)
  const order = Uint32Array.from(rows.keys())
  const found: { column: string; loss: number }[] = []
  for (const input of inputs) {
    random.shuffle(order)
    const columns = small.columns.map(column =>
      column.name === input.name ? takeColumn(column, order) : column,
    )
    const outputs = await model.outputs(new Table(columns, small.rows))
    const shuffled: Answers =
      answers.task === 'regression'
        ? { ...answers, predicted: outputs }
        : { ...answers, probabilities: outputs }
    const after = measure(shuffled, model.facts.threshold)[metric]
    if (after === undefined) continue
    const loss = higherIsBetter[metric] ? before - after : after - before
    found.push({ column: input.name, loss: Number(loss.toPrecision(6)) })
  }
  return found.sort((a, b) => b.loss - a.loss)
}
