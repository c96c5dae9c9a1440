// The pictures that a report shows: augmented ones, those most confused, those with the highest losses.

import type { PictureDataset } from '../../data/pictures/index.js'
import { pictureUri } from '../../features/pictures/contact-sheet.js'
import { augmentationsNamed, PictureAugmenter } from '../../features/pictures/index.js'
import type { Model } from '../../train/model.js'
import type { PictureFigures, ShownPicture } from '../report/report-data.js'
import { type PartAnswers, predictedClass } from './picture-answers.js'
import { filtersOf, focusOf, mapsOf } from './picture-insights.js'
import type { PictureNetSettings } from './picture-settings.js'
import type { PreparedPictures } from './prepare-pictures.js'

/** Pairs of classes, and pictures of each. */
const mostPairs = 6
const mostOfPair = 6
const mostLosses = 25
/** Pictures shown with their augmentations, and how many of these. */
const mostAugmented = 6
const augmentedEpochs = 5

export async function pictureFigures(
  prepared: PreparedPictures,
  net: Model,
  settings: PictureNetSettings,
  parts: Readonly<Record<'validation' | 'test', PartAnswers>>,
): Promise<PictureFigures> {
  const { pictures } = prepared
  return {
    shape: pictures.shape,
    augment: settings.augment,
    augmented: await augmentedPictures(prepared, settings),
    confused: await confusedPairs(pictures, parts.test),
    losses: await highestLosses(pictures, [parts.validation, parts.test]),
    focus: await focusOf(prepared, net, parts.test),
    filters: await filtersOf(net),
    maps: await mapsOf(prepared, net, parts.test),
  }
}

async function uriOf(pictures: PictureDataset, row: number): Promise<string> {
  return pictureUri(await pictures.batch(Uint32Array.of(row)), pictures.shape)
}

async function augmentedPictures(
  { pictures, split }: PreparedPictures,
  { augment, seed }: PictureNetSettings,
): Promise<PictureFigures['augmented']> {
  const steps = augmentationsNamed(augment, pictures.shape)
  if (steps.length === 0) return []
  const augmenter = new PictureAugmenter(steps, pictures.shape, seed)
  const shown: number[] = []
  const seen = new Set<number>()
  for (const row of split.train) {
    if (seen.has(pictures.labels[row]) || shown.length === mostAugmented) continue
    seen.add(pictures.labels[row])
    shown.push(row)
  }
  return Promise.all(
    shown.map(async row => {
      const one = Uint32Array.of(row)
      const pixels = await pictures.batch(one)
      const uris = [await pictureUri(pixels, pictures.shape)]
      for (let epoch = 0; epoch < augmentedEpochs; epoch++)
        uris.push(await pictureUri(augmenter.apply(pixels.slice(), one, epoch), pictures.shape))
      return { caption: pictures.classes[pictures.labels[row]], pictures: uris }
    }),
  )
}

interface Answer {
  readonly row: number
  readonly truth: number
  readonly predicted: number
  /** Probability of the class that was predicted, and of the one that was given. */
  readonly sure: number
  readonly given: number
}

function answersOf({ rows, answers }: PartAnswers): Answer[] {
  const { classes, truth, probabilities } = answers
  return [...rows].map((row, i) => {
    const predicted = predictedClass(answers, i)
    return {
      row,
      truth: truth[i],
      predicted,
      sure: probabilities[i * classes + predicted],
      given: probabilities[i * classes + truth[i]],
    }
  })
}

async function shownPicture(pictures: PictureDataset, answer: Answer): Promise<ShownPicture> {
  return {
    name: pictures.name(answer.row),
    truth: pictures.classes[answer.truth],
    predicted: pictures.classes[answer.predicted],
    probability: Number(answer.sure.toPrecision(4)),
    given: Number(answer.given.toPrecision(4)),
    picture: await uriOf(pictures, answer.row),
  }
}

async function confusedPairs(
  pictures: PictureDataset,
  part: PartAnswers,
): Promise<PictureFigures['confused']> {
  const pairs = new Map<string, Answer[]>()
  const counts = new Map<number, number>()
  for (const answer of answersOf(part)) {
    counts.set(answer.truth, (counts.get(answer.truth) ?? 0) + 1)
    if (answer.predicted === answer.truth) continue
    const key = `${answer.truth},${answer.predicted}`
    const list = pairs.get(key)
    if (list === undefined) pairs.set(key, [answer])
    else list.push(answer)
  }
  const most = [...pairs.values()].sort((a, b) => b.length - a.length).slice(0, mostPairs)
  return Promise.all(
    most.map(async answers => {
      const [{ truth, predicted }] = answers
      const surest = answers.sort((a, b) => b.sure - a.sure).slice(0, mostOfPair)
      return {
        truth: pictures.classes[truth],
        predicted: pictures.classes[predicted],
        count: answers.length,
        of: counts.get(truth) as number,
        pictures: await Promise.all(surest.map(answer => shownPicture(pictures, answer))),
      }
    }),
  )
}

async function highestLosses(
  pictures: PictureDataset,
  parts: readonly PartAnswers[],
): Promise<readonly ShownPicture[]> {
  const worst = parts
    .flatMap(part => answersOf(part))
    .filter(answer => answer.predicted !== answer.truth)
    .sort((a, b) => a.given - b.given)
    .slice(0, mostLosses)
  return Promise.all(worst.map(answer => shownPicture(pictures, answer)))
}
