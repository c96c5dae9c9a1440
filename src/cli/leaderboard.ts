// The board on a terminal: the best of each family, the dummy at the foot.

import { type LearningCurve, omissions } from '../runs/board/board.js'
import type { LeaderboardRow } from '../runs/board/leaderboard.js'
import type { Say } from '../runs/messages/messages.js'
import {
  bestOfFamilies,
  curveText,
  familyTitle,
  noteText,
  parametersText,
  scoreText,
  sizeText,
  timeText,
} from '../runs/report/board-text.js'
import type { MetricName } from '../runs/report/report-data.js'
import { textTable } from './output.js'

export function boardLines(
  rows: readonly LeaderboardRow[],
  curve: LearningCurve | null,
  say: Say,
): string[] {
  const [first] = rows
  if (first === undefined) return []
  const metric = first.metric as MetricName
  const whole = {
    rows: Math.max(...rows.map(row => row.rows)),
    folds: Math.max(...rows.map(row => row.folds)),
  }
  const title = say('boardTitle', {
    metric: say(metric),
    folds: whole.folds,
    rows: whole.rows,
  })
  const count = (model: string) =>
    rows.filter(row => row.model === model && row.score !== null).length
  const table = textTable(
    [
      [
        '',
        say('boardModel'),
        say(metric),
        say('boardFit'),
        say('boardPredict'),
        say('boardSize'),
        say('boardNote'),
      ],
      ...bestOfFamilies(rows, row => row.chosen).map(row => [
        row.chosen ? ' *' : '  ',
        familyTitle(row.model, say),
        scoreText(metric, row, say),
        timeText(row.fitSeconds, say),
        timeText(row.predictionSeconds, say),
        sizeText(row.bytes),
        [
          row.chosen && row !== first ? say('boardChosenSurest') : '',
          noteText(omissionOf(row), whole, say),
          count(row.model) > 1 ? say('boardBestOf', { count: count(row.model) }) : '',
          parametersText(row.parameters),
        ]
          .filter(text => text !== '')
          .join(say.language === 'zh' ? '；' : '; '),
      ]),
    ],
    [0, 1, 6],
  )
  return [title, ...table, '', curveText(curve, metric, say)]
}

function omissionOf({ note, score, rows, folds }: LeaderboardRow): Parameters<typeof noteText>[0] {
  if (score !== null || note === undefined) return { rows, folds }
  const omitted = omissions.find(reason => reason === note)
  return omitted === undefined ? { rows, folds, failed: note } : { rows, folds, omitted }
}
