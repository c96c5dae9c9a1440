import { describe, expect, test } from 'vitest'
import { wordInfluence } from './index.js'

/** Class 1 by the words that it knows; what was asked is kept. */
function knows(...words: readonly string[]) {
  const asked: string[] = []
  return {
    asked,
    answer: async (texts: readonly string[]) => {
      asked.push(...texts)
      return texts.flatMap(text => {
        const p = 0.1 + 0.4 * words.filter(word => text.includes(word)).length
        return [1 - p, p]
      })
    },
  }
}

const figures = (words: readonly { text: string; influence: number }[]) =>
  Object.fromEntries(words.map(({ text, influence }) => [text, Number(influence.toFixed(6))]))

describe('wordInfluence', () => {
  test('is what the likeliest class loses without a word; the words are the whole text', async () => {
    const { answer, asked } = knows('free', 'prize')
    const { of, probability, words } = await wordInfluence(answer, 'Your free, big prize!')
    expect([of, probability]).toEqual([1, 0.9])
    expect(words.map(({ text }) => text).join('')).toBe('Your free, big prize!')
    expect(figures(words)).toMatchObject({ Your: 0, free: 0.4, ',': 0, big: 0, prize: 0.4, '!': 0 })
    expect(asked).toEqual([
      'Your free, big prize!',
      'free, big prize!',
      'Your , big prize!',
      'Your free, prize!',
      'Your free, big !',
    ])
  })

  test('is negative for a word that speaks against the class asked about', async () => {
    const { answer } = knows('free')
    const { of, words } = await wordInfluence(answer, 'free word', { of: 0 })
    expect([of, figures(words).free]).toEqual([0, -0.4])
  })

  test('knows words without spaces between them', async () => {
    const { answer } = knows('喜欢')
    const { words } = await wordInfluence(answer, '我喜欢音乐。', { of: 1 })
    expect(figures(words)).toMatchObject({ 我: 0, 喜欢: 0.4, 音乐: 0, '。': 0 })
  })

  test('leaves out so many words only; a text without any is one answer', async () => {
    const { answer, asked } = knows('b')
    const { words } = await wordInfluence(answer, 'a b b', { of: 1, most: 1 })
    expect(asked).toEqual(['a b b', 'b b'])
    expect(words.every(({ influence }) => influence === 0)).toBe(true)
    expect((await wordInfluence(answer, '')).words).toEqual([])
  })

  test('refuses what it cannot answer', async () => {
    const { answer } = knows('a')
    await expect(wordInfluence(answer, 'a', { of: 2 })).rejects.toThrow(/from 0 to 1, received 2/)
    await expect(wordInfluence(answer, 'a', { most: 0 })).rejects.toThrow(/most/)
    await expect(wordInfluence(() => [1, 2, 3], 'a')).rejects.toThrow(/for 2 texts/)
  })
})
