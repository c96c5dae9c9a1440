// Message tables: every text in every language, its parameters known to the compiler. `{name}` stands
// for a parameter, `{count|row|rows}` for a number with its singular and plural.

import type { Language } from './language.js'

export type MessageCell = Readonly<Record<Language, string>>
export type MessageTable = Readonly<Record<string, MessageCell>>

/** Names of the parameters in a text. */
export type ParametersOf<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${infer Plain}|${string}` ? Plain : Name) | ParametersOf<Rest>
  : never

/** A Chinese text may not ask for a parameter that the English one does not have. */
type SameParameters<Table extends MessageTable> = {
  [Key in keyof Table]: [ParametersOf<Table[Key]['zh']>] extends [ParametersOf<Table[Key]['en']>]
    ? Table[Key]
    : { en: Table[Key]['en']; zh: 'asks for a parameter that the English text does not have' }
}

export function messageTable<const Table extends MessageTable>(
  table: Table & SameParameters<Table>,
): Table {
  return table
}

export type Parameter = string | number

export type Arguments<Text extends string> = [ParametersOf<Text>] extends [never]
  ? []
  : [{ readonly [Name in ParametersOf<Text>]: Parameter }]

/** Puts parameters into a text; numbers are grouped as the language does. */
export function fill(
  text: string,
  language: Language,
  parameters: Readonly<Record<string, Parameter>> = {},
): string {
  return text.replace(/\{([^{}]*)\}/g, (_, inside: string) => {
    const [name, singular, plural] = inside.split('|')
    const value = Object.hasOwn(parameters, name) ? parameters[name] : ''
    const shown = typeof value === 'number' ? formatNumber(value, language) : value
    if (singular === undefined) return shown
    return `${shown} ${Number(value) === 1 ? singular : plural}`
  })
}

const locales: Record<Language, string> = { en: 'en', zh: 'zh-CN' }
/** Made when first needed: a format takes milliseconds that importing the library has not. */
const formats: Partial<Record<Language, Intl.NumberFormat>> = {}

/** A number as people read it: grouped, at most four decimals, powers of ten where it needs them. */
export function formatNumber(value: number, language: Language): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : value > 0 ? '∞' : '−∞'
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-3 || size >= 1e12)) return value.toExponential(2).replace('e+', 'e')
  formats[language] ??= new Intl.NumberFormat(locales[language], { maximumFractionDigits: 4 })
  return formats[language].format(value).replace('-', '−')
}
