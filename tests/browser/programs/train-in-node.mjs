// Runs the training programs in Node over the built package and prints their results as JSON.

import * as athanor from 'athanor'
import { trainEachKind, trainSmallNet } from './train-nets.js'

const result = { small: await trainSmallNet(athanor), kinds: await trainEachKind(athanor) }
console.log(JSON.stringify(result))
