// Programs for the recurrent instructions: every cell, both directions, masks, sizes around the vectors'.

import type { Cell } from '../graph/opcodes.js'
import { cellParts } from '../graph/recurrence.js'
import { type Case, floats, noise, type ProgramBuilder } from './program-builder.conformance.js'

const sizes = [
  [1, 1, 1],
  [1, 6, 5],
  [3, 4, 16],
  [2, 3, 33],
  [7, 5, 8],
  [33, 2, 17],
  [130, 2, 4],
  [4, 1, 50],
  [0, 3, 2],
] as const

const cells: readonly Cell[] = ['lstm', 'gru', 'simpleRnn']

export function recurrentCases(): Case[] {
  return cells.flatMap(cell =>
    floats.flatMap(dtype =>
      sizes.flatMap(([batch, steps, units]) =>
        [0, 1, 2, 3].map(way => ({
          name: `recurrent ${cell} ${dtype} [${batch}, ${steps}, ${units}], way ${way}`,
          tolerance: 64 + 8 * units * steps,
          build: (b: ProgramBuilder) => {
            const { gates, planes } = cellParts[cell]
            const backwards = way % 2 === 1
            const size = batch * steps * units
            const ofBatch = (seed: number) => b.input(dtype, noise(batch * units, seed))
            const scaled = noise(units * gates * units, 2).map(x => x / Math.sqrt(units))
            const shared = {
              cell,
              dtype,
              batch,
              steps,
              units,
              backwards,
              kernel: b.input(dtype, scaled),
              hidden: ofBatch(3),
              ...(cell === 'lstm' && { cellState: ofBatch(4) }),
              ...(way >= 2 && {
                mask: b.input(
                  'bool',
                  noise(batch * steps, 5).map(x => Number(x > -0.3)),
                ),
              }),
            }
            const record = b.output(dtype, planes * size)
            b.push({
              ...shared,
              kind: 'recurrent',
              inputs: b.input(dtype, noise(gates * size, 1)),
              ...(cell === 'gru' && { bias: b.input(dtype, noise(gates * units, 6)) }),
              target: record,
            })
            const states = batch * units * (cell === 'lstm' ? 2 : 1)
            const last = way === 1 || way === 2
            b.push({
              ...shared,
              kind: 'recurrentGradient',
              record,
              upstream: b.input(dtype, noise(last ? batch * units : size, 7)),
              upstreamLast: last,
              ...(cell === 'lstm' &&
                way > 0 && {
                  cellUpstream: b.input(dtype, noise(way === 3 ? size : batch * units, 8)),
                }),
              cellUpstreamLast: cell === 'lstm' && (way === 1 || way === 2),
              target: b.output(dtype, gates * size * (cell === 'gru' ? 2 : 1) + states),
            })
          },
        })),
      ),
    ),
  )
}
