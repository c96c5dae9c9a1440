// Decoding and alignment against enumeration of all paths; the n-gram model; alphabets.

import { describe, expect, test } from 'vitest'
import { AthanorError } from '../../base/errors.js'
import { JsonReader } from '../../base/json-reader.js'
import { Random } from '../../base/philox.js'
import { zeros } from '../../tensor/index.js'
import { alignLabels, stepsNeeded } from './align.js'
import { Alphabet, plainTranscript } from './alphabet.js'
import { beamDecode } from './beams.js'
import { greedyDecode } from './greedy.js'
import { LabelNgrams } from './label-ngrams.js'
import type { StepLogits } from './logits.js'

function randomLogits(steps: number, classes: number, seed: number) {
  const random = new Random(seed)
  const values = Array.from({ length: steps * classes }, () => random.uniform() * 4 - 2)
  return { steps, classes, values }
}

/** Every path with its log p. */
function paths({ steps, classes, values }: ReturnType<typeof randomLogits>) {
  const all = Array.from({ length: steps }, (_, t) => {
    const row = values.slice(t * classes, (t + 1) * classes)
    const sum = Math.log(row.reduce((s, x) => s + Math.exp(x), 0))
    return row.map(x => x - sum)
  })
  let found = [{ path: [] as number[], p: 0 }]
  for (const row of all)
    found = found.flatMap(({ path, p }) => row.map((x, c) => ({ path: [...path, c], p: p + x })))
  return found
}

const spelled = (path: readonly number[], blank: number) =>
  path.filter((c, t) => c !== blank && c !== path[t - 1])

describe.each([0, 2])('blank %i', blank => {
  const logits = randomLogits(6, 3, 5 + blank)
  const texts = new Map<string, number>()
  for (const { path, p } of paths(logits)) {
    const text = spelled(path, blank).join()
    texts.set(text, (texts.get(text) ?? 0) + Math.exp(p))
  }

  test('greedy is the best path', () => {
    const best = paths(logits).reduce((a, b) => (b.p > a.p ? b : a))
    const { labels, logProbability } = greedyDecode(logits, { blank })
    expect(labels).toEqual(spelled(best.path, blank))
    expect(logProbability).toBeCloseTo(best.p, 10)
  })

  test('beams add up the paths of each text', () => {
    const ranked = [...texts].sort((a, b) => b[1] - a[1])
    const found = beamDecode(logits, { blank, beams: 500, least: 0 })
    expect(found.length).toBe(texts.size)
    found.slice(0, 20).forEach(({ labels, logProbability }, i) => {
      expect(labels.join()).toBe(ranked[i][0])
      expect(Math.exp(logProbability)).toBeCloseTo(ranked[i][1], 10)
    })
    const few = beamDecode(logits, { blank, beams: 4 })
    expect(few.length).toBe(4)
    expect(few[0].labels.join()).toBe(ranked[0][0])
  })

  test('a language model and a bonus weigh in', () => {
    const favoured = [0, 1, 2].find(c => c !== blank)!
    const languageModel = {
      logProbability: (_: readonly number[], next: number) => (next === favoured ? 0 : -4),
    }
    const given = { blank, beams: 500, least: 0, languageModel, languageWeight: 2, labelBonus: 0.5 }
    const score = (text: string) => {
      const labels = text === '' ? [] : text.split(',').map(Number)
      const learned = labels.reduce((sum, c) => sum + 2 * (c === favoured ? 0 : -4) + 0.5, 0)
      return Math.log(texts.get(text)!) + learned
    }
    const best = [...texts.keys()].sort((a, b) => score(b) - score(a))
    expect(
      beamDecode(logits, given)
        .slice(0, 10)
        .map(d => d.labels.join()),
    ).toEqual(best.slice(0, 10))
  })

  test('alignment is the best path of its text', () => {
    for (const text of ['', `${1 - blank / 2}`, ...[...texts.keys()].slice(0, 30)]) {
      const labels = text === '' ? [] : text.split(',').map(Number)
      const best = paths(logits)
        .filter(({ path }) => spelled(path, blank).join() === text)
        .reduce((a, b) => (b.p > a.p ? b : a))
      const { spans, logProbability } = alignLabels(logits, labels, { blank })!
      expect(logProbability).toBeCloseTo(best.p, 10)
      const drawn = new Array(6).fill(blank)
      for (const [i, [from, to]] of spans.entries()) drawn.fill(labels[i], from, to)
      expect(drawn).toEqual(best.path)
    }
  })
})

test('a text that falls out of the beam and comes back is one text', () => {
  for (let seed = 0; seed < 20; seed++) {
    const found = beamDecode(randomLogits(60, 4, seed), { beams: 5 })
    expect(new Set(found.map(({ labels }) => labels.join())).size).toBe(5)
  }
})

test('labels that do not fit have no alignment; those that just fit have one', () => {
  const logits = randomLogits(5, 3, 1)
  expect(stepsNeeded([1, 1, 1])).toBe(5)
  expect(alignLabels(logits, [1, 1, 1])?.spans).toEqual([
    [0, 1],
    [2, 3],
    [4, 5],
  ])
  expect(alignLabels(logits, [1, 1, 1, 1])).toBeNull()
  expect(alignLabels({ ...logits, steps: 0, values: [] }, [])).toEqual({
    spans: [],
    logProbability: 0,
  })
  expect(() => alignLabels(logits, [0])).toThrow(/other than the blank 0/)
  expect(() => alignLabels(logits, [3])).toThrow(/labels from 0 to 2/)
})

test('no steps decode to nothing; too few values are refused', () => {
  const none = { steps: 0, classes: 3, values: [] }
  expect(greedyDecode(none)).toEqual({ labels: [], logProbability: 0 })
  expect(beamDecode(none)).toEqual([{ labels: [], logProbability: 0 }])
  for (const decode of [greedyDecode, beamDecode])
    expect(() => decode({ steps: 2, classes: 3, values: [1, 2, 3] })).toThrow(
      expect.objectContaining({ code: 'SHAPE' }),
    )
  expect(() => beamDecode(none, { beams: 0 })).toThrow(/beams/)
})

describe.each([
  ['greedyDecode', greedyDecode],
  ['beamDecode', beamDecode],
  ['alignLabels', (logits, options) => alignLabels(logits, [1], options)],
] as [string, (logits: StepLogits, options?: { blank?: number }) => unknown][])(
  '%s refuses',
  (name, decode) => {
    const refused = (code: string, ...words: string[]) =>
      expect.objectContaining({
        code,
        message: expect.stringMatching(new RegExp(`^${name}.*${words.join('.*')}`)),
      })

    test('a blank that is no class', () => {
      const logits = { steps: 2, classes: 2, values: [5, 0, 0, 5] }
      expect(() => decode(logits, { blank: 9 })).toThrow(
        refused('ARGUMENT', 'blank from 0 to 1', '9'),
      )
      expect(() => decode({ steps: 0, classes: 2, values: [] }, { blank: 2 })).toThrow(/blank/)
    })

    test.each([NaN, Infinity, undefined])('%s as a logit, with its place', bad => {
      const values = [5, 0, 0, 5, bad as number, 1]
      expect(() => decode({ steps: 3, classes: 2, values })).toThrow(
        refused('DATA', 'finite logits', `${bad} at step 2, class 0`),
      )
    })

    test('a step in which nothing can be, and takes a class that cannot', () => {
      const values = [5, 0, -Infinity, 5]
      expect(decode({ steps: 2, classes: 2, values })).not.toBeNull()
      values[3] = -Infinity
      expect(() => decode({ steps: 2, classes: 2, values })).toThrow(
        refused('DATA', 'each class of step 1'),
      )
    })

    test('counts that are none, and values that do not fit them', () => {
      for (const [steps, classes] of [
        [1.5, 2],
        [-1, 2],
        [NaN, 2],
        [1, 0],
        [1, 2.5],
      ])
        expect(() => decode({ steps, classes, values: [1, 2, 3] })).toThrow(
          refused('ARGUMENT', 'whole number', `${steps} steps of ${classes} classes`),
        )
      for (const values of [
        [1, 2, 3],
        [1, 2, 3, 4, 5],
      ])
        expect(() => decode({ steps: 2, classes: 2, values })).toThrow(
          refused('SHAPE', 'expected 4 values', `received ${values.length}`),
        )
    })

    test('what is no logits of a recording', () => {
      for (const [bad, words] of [
        [zeros([2, 2]), 'a tensor of shape \\[2, 2\\].*values: await y.data'],
        [null, 'null'],
        [undefined, 'undefined'],
        [{ steps: 2, classes: 2 }, 'an object'],
        [{ steps: 2, classes: 2, values: zeros([4]) }, 'an object'],
      ] as const)
        expect(() => decode(bad as never)).toThrow(refused('ARGUMENT', words))
    })
  },
)

test('labels that are no list are refused', () => {
  for (const bad of ['ab', 1, null, Int32Array.of(1)])
    expect(() => alignLabels(randomLogits(3, 3, 1), bad as never)).toThrow(/^alignLabels.*list/)
  expect(() => stepsNeeded(null as never)).toThrow(/^stepsNeeded.*list/)
  expect(stepsNeeded(Int32Array.of(1, 1))).toBe(3)
})

describe('LabelNgrams', () => {
  const texts = [
    [1, 2, 3],
    [1, 2, 2],
    [3, 1, 2],
  ]

  test('what follows sums to 1 after any context, seen or not', () => {
    for (const order of [1, 2, 3, 4]) {
      const model = LabelNgrams.fit(texts, 3, { order })
      for (const before of [[], [1], [1, 2], [3, 3], [2, 1, 2, 3]]) {
        const sum = [1, 2, 3].reduce(
          (s, next) => s + Math.exp(model.logProbability(before, next)),
          0,
        )
        expect(sum).toBeCloseTo(1, 12)
      }
    }
  })

  test('is Witten and Bell’s estimate', () => {
    const model = LabelNgrams.fit(texts, 3, { order: 2 })
    // 9 labels of 3 kinds: 1 three times, 2 four times, 3 twice.
    const alone = (count: number) => (count + 3 / 3) / (9 + 3)
    expect(Math.exp(model.logProbability([1], 2))).toBeCloseTo((3 + alone(4)) / (3 + 1), 12)
    expect(Math.exp(model.logProbability([1], 1))).toBeCloseTo(alone(3) / (3 + 1), 12)
    // A text begins with 1 twice and with 3 once.
    expect(Math.exp(model.logProbability([], 1))).toBeCloseTo((2 + 2 * alone(3)) / (3 + 2), 12)
  })

  test.each([
    [[[1]], 0, /labels, a whole number from 1/],
    [[[1]], NaN, /labels, a whole number from 1/],
    [5, 3, /texts, each a list of labels, received 5/],
    [[1, 2], 3, /labels of a text, a list, received 1/],
    [[[1, 4]], 3, /labels from 0 to 3, received 4/],
    [[[0.5]], 3, /labels from 0 to 3, received 0\.5/],
  ])('is not fitted to %j with %d labels', (texts, labels, message) => {
    expect(() => LabelNgrams.fit(texts as never, labels)).toThrow(message)
    expect(() => LabelNgrams.fit(texts as never, labels)).toThrow(AthanorError)
  })

  test('survives JSON', () => {
    const model = LabelNgrams.fit(texts, 3)
    const again = LabelNgrams.fromJson(new JsonReader('model', JSON.parse(JSON.stringify(model))))
    expect(again.logProbability([1, 2], 3)).toBe(model.logProbability([1, 2], 3))
    expect(JSON.stringify(again)).toBe(JSON.stringify(model))
    const { order, labels, counts } = model.toJSON()
    for (const wrong of [
      { order: 0 },
      { labels: 0 },
      ...[[1], [1, 2, 3, 1, 2, 1], [4, 1], [1, 0], [1, -1], [1, 0.5], [0.5, 1], ['1', 1]].map(
        run => ({
          counts: [...counts, run],
        }),
      ),
    ]) {
      const reader = new JsonReader('model', { order, labels, counts, ...wrong })
      expect(() => LabelNgrams.fromJson(reader), JSON.stringify(wrong)).toThrow(
        expect.objectContaining({ code: 'FORMAT' }),
      )
    }
  })
})

describe('alphabets', () => {
  test('transcripts become plain in any script', () => {
    expect(plainTranscript('  “Don’t  PANIC!”\n')).toBe("don't panic")
    expect(plainTranscript('你好，世界。')).toBe('你好 世界')
    expect(plainTranscript('cafe\u0301')).toBe('caf\u00e9')
    expect(plainTranscript('one\0two\u0007')).toBe('one two')
    expect(plainTranscript('¡…!')).toBe('')
  })

  test('characters are classes from 1 on, and unknown ones are told', () => {
    const alphabet = Alphabet.of(['你好', '好𝄞'])
    expect(alphabet.characters).toEqual(['你', '好', '𝄞'])
    expect(alphabet.classes).toBe(4)
    expect(alphabet.encode('好𝄞')).toEqual([2, 3])
    expect(alphabet.encode('世')).toBeNull()
    expect(alphabet.decode([1, 2])).toBe('你好')
    expect(() => new Alphabet(['a', 'a'])).toThrow(/different single characters/)
    const json = new JsonReader('alphabet', JSON.parse(JSON.stringify(alphabet)))
    expect(Alphabet.fromJson(json).characters).toEqual(alphabet.characters)
    expect(() => Alphabet.fromJson(new JsonReader('alphabet', ['ab']))).toThrow(
      expect.objectContaining({ code: 'FORMAT' }),
    )
  })
  test('refuse what is no text', () => {
    const alphabet = new Alphabet(['a'])
    for (const use of [
      () => plainTranscript(5 as never),
      () => new Alphabet('abc' as never),
      () => new Alphabet([1] as never),
      () => Alphabet.of(undefined as never),
      () => Alphabet.of([1] as never),
      () => alphabet.encode(null as never),
      () => alphabet.decode('a' as never),
    ])
      expect(use).toThrow(expect.objectContaining({ code: 'ARGUMENT' }))
  })
})
