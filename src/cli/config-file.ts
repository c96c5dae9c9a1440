// The --config file: the same options as JSON, with the line and column of what is wrong.

import type { Say } from '../runs/messages/messages.js'
import { wrongValue } from '../runs/parameter-kinds.js'
import { choiceMeant, didYouMean, RunError, sayExpected } from '../runs/run-error.js'
import { readText } from '../runs/storage.js'
import {
  type JsonNode,
  JsonSyntaxError,
  type Place,
  parseJson,
  plainValue,
} from './json-position.js'
import { allParameterNames, allParameters } from './train-parameters.js'

/** Options by camelCase name, and `data` where the file names it. Throws ARGUMENT. */
export async function readConfig(path: string): Promise<Record<string, unknown>> {
  const text = await readText(path)
  const node = parse(path, text)
  if (node.kind !== 'object') throw problemAt(path, node.place, say => say('configNotObject'))
  const options: Record<string, unknown> = {}
  const names: readonly string[] = ['data', ...allParameterNames]
  for (const { key, keyPlace, node: value } of node.fields) {
    if (!names.includes(key))
      throw problemAt(
        path,
        keyPlace,
        say => say('unknownOption', { name: key }) + didYouMean(key, names, say),
      )
    const row = key === 'data' ? ({ kind: 'text' } as const) : allParameters[key]
    const plain = plainValue(value)
    const wrong = wrongValue(row, plain)
    if (wrong !== undefined)
      throw problemAt(path, placeOf(value), say =>
        say('badOption', {
          name: key,
          expected: sayExpected(wrong, say),
          received: JSON.stringify(plain),
        }).concat(choiceMeant(wrong, plain, [], say)),
      )
    options[key] = plain
  }
  return options
}

function parse(path: string, text: string): JsonNode {
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw problemAt(path, error.place, () => error.message)
    throw error
  }
}

/** Where an array is wrong its first wrong item would say more, but the array's start is enough. */
const placeOf = (node: JsonNode): Place => node.place

function problemAt(path: string, place: Place, problem: (say: Say) => string): RunError {
  return new RunError('ARGUMENT', say =>
    say('configProblem', {
      path,
      line: String(place.line),
      column: String(place.column),
      problem: problem(say),
    }),
  )
}
