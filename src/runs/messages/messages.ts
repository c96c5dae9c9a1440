// All texts of the command line and the report, and how one is said.

import type { DataFinding } from '../../data/finding.js'
import { boardMessages } from './board.js'
import { commandMessages } from './commands.js'
import { findingMessages } from './findings.js'
import type { Language } from './language.js'
import { metricMessages, nounMessages, splitMessages } from './metrics.js'
import { optionMessages } from './options.js'
import { pictureMessages } from './pictures.js'
import { progressMessages } from './progress.js'
import { reportMessages } from './report.js'
import { speechMessages } from './speech.js'
import { type Arguments, fill, formatNumber, type MessageCell, type Parameter } from './table.js'
import { textMessages } from './text.js'
import { unlabelledMessages } from './unlabelled.js'

export const messages = {
  ...boardMessages,
  ...commandMessages,
  ...metricMessages,
  ...splitMessages,
  ...nounMessages,
  ...optionMessages,
  ...pictureMessages,
  ...progressMessages,
  ...reportMessages,
  ...speechMessages,
  ...textMessages,
  ...unlabelledMessages,
}

export type Messages = typeof messages
export type MessageKey = keyof Messages

/** Says a text of the table in one language. */
export interface Say {
  <Key extends MessageKey>(key: Key, ...parameters: Arguments<Messages[Key]['en']>): string
  readonly language: Language
  readonly number: (value: number) => string
  /** A share of one as a percentage. */
  readonly percent: (value: number) => string
  readonly finding: (finding: DataFinding) => string
}

/**
 * @example
 * ```ts
 * const say = sayIn('zh')
 * say('factSplit', { train: 700, validation: 150, test: 150 }) // '训练 700 · 验证 150 · 测试 150'
 * ```
 */
export function sayIn(language: Language): Say {
  const percent = new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en', {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  })
  const say = (key: MessageKey, parameters?: Readonly<Record<string, Parameter>>) => {
    const cell: MessageCell = messages[key]
    return fill(cell[language], language, parameters)
  }
  return Object.assign(say as Say, {
    language,
    number: (value: number) => formatNumber(value, language),
    percent: (value: number) => (Number.isFinite(value) ? percent.format(value) : '–'),
    finding: (finding: DataFinding) => sayFinding(finding, language),
  })
}

function sayFinding(finding: DataFinding, language: Language): string {
  const cell = findingMessages[finding.code]
  if (cell === undefined) return `${finding.code} ${finding.column ?? ''}`.trim()
  const details: Record<string, Parameter> = Object.assign(Object.create(null), finding.details)
  if (finding.column !== undefined) details.column = finding.column
  if (finding.count !== undefined) details.count = finding.count
  return fill(cell[language], language, details)
}
