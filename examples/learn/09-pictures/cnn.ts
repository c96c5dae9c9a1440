// A small convolutional net beside a linear model, and the filters that it found.

import { convolution, featureMaps, layers, optim, random, sequential, tensor } from 'athanor'
import { canvas, channelOf, classes, clothes, squares, words } from '../clothes.js'
import { picture } from '../picture.js'

const train = await clothes((_, part) => part === 'train')
const test = await clothes((_, part) => part === 'test')
// A filter of one row that is 1 at its left end moves pictures to the right, by two pixels.
const move = tensor([1, 0, 0, 0, 0], { shape: [1, 5, 1, 1] })
const moved = convolution(test.pictures, move, { padding: 'same' })

random.seed(0)
const inputShape = [28, 28, 1]
const answer = () => layers.dense({ units: classes.length, activation: 'softmax' })
const nets = {
  'linear model': sequential([layers.flatten({ inputShape }), answer()]),
  CNN: sequential([
    layers.conv2d({ filters: 8, kernelSize: 5, activation: 'relu', inputShape }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.conv2d({ filters: 16, kernelSize: 3, activation: 'relu' }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.flatten(),
    layers.dropout({ rate: 0.3 }),
    answer(),
  ]),
}
const percent = (share: number) => `${(100 * share).toFixed(1)} %`
for (const [name, net] of Object.entries(nets)) {
  const learningRate = optim.schedules.cosine({ initialLearningRate: 0.005, decaySteps: 1500 })
  const loss = 'sparseCategoricalCrossentropy'
  net.compile({ optimizer: optim.adam({ learningRate }), loss, metrics: ['accuracy'] })
  await net.fit(train.pictures, train.labels, { epochs: 15, batchSize: 50, verbose: 0 })
  const asTheyAre = await net.evaluate(test.pictures, test.labels)
  const asMoved = await net.evaluate(moved, test.labels)
  console.log(`${name}, parameters: ${net.parameters().reduce((sum, p) => sum + p.size, 0)}`)
  console.log(`${name}, right answers: ${percent(asTheyAre.accuracy)}`)
  console.log(`${name}, right answers on moved pictures: ${percent(asMoved.accuracy)}`)
}

const marks = [words(48, 40, 'filters'), words(48, 98, 'pictures'), words(361, 98, 'feature maps')]
const filters = Array.from({ length: 8 }, (_, filter) => ({ filter, left: 100 + 66 * filter }))
const numbers = nets.CNN.snapshot()['layers.0.kernel']
for (const { filter, left } of filters) {
  const own = channelOf(numbers, filter, 8)
  marks.push(squares(own, { columns: 5, size: 12, left, top: 10, isSigned: true }))
}
for (const [i, name] of ['Ankle boot', 'Dress', 'Bag'].entries()) {
  const pixels = test.pixels[test.labels.indexOf(classes.indexOf(name))]
  const top = 112 + 66 * i
  marks.push(squares(pixels, { columns: 28, size: 2, left: 20, top }))
  const [seen] = await featureMaps(nets.CNN, tensor(pixels, { shape: [1, ...inputShape] }))
  const most = Math.max(...seen.values)
  for (const { filter, left } of filters)
    marks.push(
      squares(channelOf(seen.values, filter, 8), { columns: 24, size: 2.5, left, top, most }),
    )
}
picture('09-cnn', { ...canvas(640, 318), marks })
