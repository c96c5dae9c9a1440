// What the report of a run on texts shows of them: words that moved the worst answers, and attention.

import { type WordInfluence, wordInfluence } from '../../applications/text/index.js'
import { cellText, isMissing } from '../../data/column.js'
import type { TextAnswers } from '../conclude.js'
import type { ClassAnswers } from '../evaluation.js'
import type { PreparedData } from '../prepare-data.js'
import type { AttentionFigure, ShownText, TextFigures } from '../report/report-data.js'
import { chooseClasses } from '../table-model.js'
import { attentionFigure, mostTokens } from './attention-figure.js'
import type { TextCore } from './text-core.js'

const mostLosses = 8
/** Words of a text that are left out in turn, and shown. */
const mostWords = 120
/** Characters of a text that are shown, and of one word. */
const mostCharacters = 2000
const longestWord = 60
const mostExamples = 2
/** Test texts among which examples are looked for. */
const mostSearched = 500
/** Shorter texts show little of attention. */
const leastTokens = 5

export async function textFigures(
  core: TextCore,
  data: PreparedData,
  answers: TextAnswers,
): Promise<TextFigures> {
  return { losses: await lossesOf(core, data, answers), attention: await examplesOf(core, data) }
}

function textOf({ sample }: PreparedData, column: string, row: number): string {
  const cells = sample.table.column(column)
  return isMissing(cells, row) ? '' : cellText(cells, row)
}

/** Validation and test texts, the least likely truth first. */
async function lossesOf(
  core: TextCore,
  data: PreparedData,
  answers: TextAnswers,
): Promise<readonly ShownText[]> {
  const { encoder, split } = data
  const worst = (['validation', 'test'] as const)
    .flatMap(part => {
      const { classes, probabilities, truth } = answers[part] as ClassAnswers
      const chosen = chooseClasses(probabilities, classes, answers.threshold)
      return Array.from(split[part], (row, i) => {
        const given = truth[i]
        return { row, given, of: chosen[i], probability: probabilities[i * classes + given] }
      })
    })
    .filter(({ row }) => textOf(data, core.column, row).trim() !== '')
    .sort((a, b) => a.probability - b.probability)
    .slice(0, mostLosses)
  const shown: ShownText[] = []
  for (const { row, given, of } of worst) {
    const whole = textOf(data, core.column, row)
    const text = whole.slice(0, lengthRead(core, whole))
    const found = await wordInfluence(texts => core.ofTexts(texts), text, { of, most: mostWords })
    shown.push({
      row: row + 1,
      truth: encoder.classes[given],
      predicted: encoder.classes[found.of],
      probability: Number(found.probability.toPrecision(4)),
      ...beginningOf(found, text.length < whole.length),
    })
  }
  return shown
}

/** Characters that the net reads, and twice as many tokens: without a word it reads on. */
function lengthRead({ context, tokenizer }: TextCore, text: string): number {
  let length = 8 * context
  while (length < text.length && tokenizer.encode(text.slice(0, length)).length < 2 * context)
    length *= 2
  return length
}

/** So many words, with what stands between them. */
function beginningOf(
  { words }: WordInfluence,
  goesOn: boolean,
): Pick<ShownText, 'words' | 'isCut'> {
  const shown: [string, number][] = []
  let characters = 0
  for (const { text, influence } of words.slice(0, 2 * mostWords)) {
    if (characters > mostCharacters) break
    const short = text.length > longestWord ? `${text.slice(0, longestWord - 1)}…` : text
    shown.push([short, Number(influence.toFixed(4))])
    characters += short.length
  }
  return { words: shown, isCut: goesOn || shown.length < words.length }
}

/** The first test texts of different classes that a figure has room for; else the beginnings of longer ones. */
async function examplesOf(core: TextCore, data: PreparedData): Promise<TextFigures['attention']> {
  const { encoder, sample, split, target } = data
  const { net, tokenizer } = core
  const rows = split.test.subarray(0, mostSearched)
  const truth = encoder.encode(sample.table.column(target), rows)
  const most = mostTokens(tokenizer)
  const texts = Array.from(rows, (row, i) => ({
    truth: truth[i],
    ids: tokenizer.encode(textOf(data, core.column, row)).subarray(0, core.context),
  })).filter(({ ids }) => ids.length >= leastTokens)
  const fitting = texts.filter(({ ids }) => ids.length <= most)
  const chosen: typeof texts = []
  for (const text of [...fitting, ...texts]) {
    if (chosen.length === mostExamples) break
    if (chosen.every(other => other.truth !== text.truth)) chosen.push(text)
  }
  const figures: (AttentionFigure & { truth: string })[] = []
  for (const { truth: label, ids } of chosen) {
    const figure = await attentionFigure(net, tokenizer, ids.slice(0, most))
    if (figure !== undefined) figures.push({ ...figure, truth: encoder.classes[label] })
  }
  return figures
}
