// Runs the training program in Node over the built package and prints its result as JSON.

import * as athanor from 'athanor'
import { trainSmallNet } from './train-small-net.js'

console.log(JSON.stringify(await trainSmallNet(athanor)))
