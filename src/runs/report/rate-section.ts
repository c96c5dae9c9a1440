// The range test of learning rates, where a run was asked to find its rate.

import type { Say } from '../messages/messages.js'
import type { RateTest } from '../rate-test.js'
import { rateText, shortRate } from '../rate-text.js'
import { at, axesFor, chart, frame, path } from './charts.js'
import { type HtmlValue, html } from './html.js'
import { axisText, card } from './parts.js'
import { niceRange } from './scale.js'

/** Of a run's manifest; nothing where the rate was given. */
export function rateSection(manifest: object, say: Say): HtmlValue {
  const { rateTest } = manifest as { readonly rateTest?: RateTest }
  if (rateTest === undefined || rateTest.learningRates.length === 0) return undefined
  const { learningRates, smoothedLosses, rate } = rateTest
  const lowest = Math.min(...smoothedLosses)
  // Where the loss explodes nothing is to be seen.
  const high = 2 * Math.max(...smoothedLosses.slice(0, 3)) - lowest
  const points = learningRates.flatMap((one, i) => {
    const loss = smoothedLosses[i]
    return loss <= high ? [[Math.log10(one), loss] as const] : []
  })
  const powers = points.map(([power]) => power)
  const [from, to] = [Math.min(...powers), Math.max(...powers)]
  const axes = axesFor(frame, [from, to], niceRange(lowest, high))
  const mark = axes.x(Math.log10(rate))
  const isRight = mark > frame.width / 2
  const ticks = [Math.ceil(from), Math.floor(to)]
  return card(
    say('sectionRate'),
    chart(
      frame,
      axes,
      {
        title: say('sectionRate'),
        xLabel: say('axisRate'),
        yLabel: say('axisLoss'),
        xText: power => `1e${power}`,
        yText: axisText(say),
      },
      [
        html`<path class="line stroke1" d="${path(points, axes)}"/>`,
        html`<line class="mark" x1="${at(mark)}" x2="${at(mark)}" y1="${frame.top}" y2="${frame.height - frame.bottom}"/>`,
        html`<text class="marktext" x="${at(mark + (isRight ? -6 : 6))}" y="${frame.top + 11}" text-anchor="${isRight ? 'end' : 'start'}">${shortRate(rate)}</text>`,
      ],
      { xTicks: Array.from({ length: ticks[1] - ticks[0] + 1 }, (_, i) => ticks[0] + i) },
    ),
    { note: `${say('rateNote')} ${rateText(rateTest, say)}` },
  )
}
