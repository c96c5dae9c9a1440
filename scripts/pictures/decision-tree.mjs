#!/usr/bin/env node
// `node scripts/pictures/decision-tree.mjs`: draws docs/pictures/classic/decision-tree.svg, a small tree over the
// penguins. Needs dist/.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DecisionTreeClassifier, treeToSvg } from '../../dist/classic/index.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const [head, ...lines] = readFileSync(`${root}examples/data/penguins.csv`, 'utf8')
  .trim()
  .split('\n')
const names = head.split(',')
const rows = lines.map(text =>
  Object.fromEntries(text.split(',').map((cell, i) => [names[i], cell])),
)

const features = names.filter(name => /_(mm|g)$/.test(name))
const x = rows.map(row =>
  Object.fromEntries(
    features.map(name => [name.replace(/_/g, ' '), row[name] === '' ? null : Number(row[name])]),
  ),
)
const tree = new DecisionTreeClassifier({ maxLeafNodes: 6, minSamplesLeaf: 4 })
await tree.fit(
  x,
  rows.map(({ species }) => species),
)

const folder = `${root}docs/pictures/classic`
mkdirSync(folder, { recursive: true })
writeFileSync(`${folder}/decision-tree.svg`, treeToSvg(tree, { title: 'Which penguin is it?' }))
