// The languages that the command line and the report speak, and which one a user wants.

import { AthanorError } from '../../base/errors.js'
import { suggestName } from '../../base/nearest-name.js'

export const languages = ['en', 'zh'] as const
export type Language = (typeof languages)[number]

/**
 * The language asked for, else that of the environment (LC_ALL, LC_MESSAGES, LANG, then Intl), else
 * English. `zh`, `zh-CN`, `zh_TW.UTF-8` all mean Chinese. Throws ARGUMENT for one that is not there.
 *
 * @example
 * ```ts
 * chooseLanguage(undefined, { LANG: 'zh_CN.UTF-8' }) // 'zh'
 * ```
 */
export function chooseLanguage(
  asked: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = {},
): Language {
  if (asked !== undefined) {
    const found = languageOf(asked)
    if (found !== undefined) return found
    throw new AthanorError('ARGUMENT', {
      operation: '--lang',
      expected: `one of ${languages.join(', ')}`,
      received: `'${asked}'`,
      fix: suggestName(asked, languages),
    })
  }
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG
  if (locale) return languageOf(locale) ?? 'en'
  return languageOf(Intl.DateTimeFormat().resolvedOptions().locale) ?? 'en'
}

function languageOf(locale: string): Language | undefined {
  const tag = locale.toLowerCase().split(/[-_.@]/)[0]
  return languages.find(language => language === tag)
}
