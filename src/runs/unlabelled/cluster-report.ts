// The report of clusters: a map of rows, what distinguishes each group, why there are so many.

import type { Language } from '../messages/language.js'
import { type Say, sayIn } from '../messages/messages.js'
import { at, axesFor, chart } from '../report/charts.js'
import { type Html, type HtmlValue, html } from '../report/html.js'
import { pageOf } from '../report/page-frame.js'
import { axisText, card, durationText, legend } from '../report/parts.js'
import { niceRange } from '../report/scale.js'
import { packageVersion } from '../version.js'
import type { Clustering } from './cluster.js'
import { traitText } from './traits-text.js'

/** Colours of the page; further clusters share the last. */
const colours = 6
const colourOf = (cluster: number) => (cluster < 0 ? 6 : Math.min(colours, cluster + 1))

export function renderClusters(found: Clustering, language: Language, now = new Date()): string {
  const say = sayIn(language)
  const { clusters, rows, source } = found
  return pageOf({
    language,
    kind: say('clusterReport'),
    title: say('clusterTitle', { clusters: clusters.length, source }),
    subtitle: say(found.method === 'kmeans' ? 'clusterByMeans' : 'clusterByDensity', {
      rows,
      columns: found.columns.length,
      eps: found.eps ?? 0,
      neighbours: found.minSamples ?? 0,
    }),
    name: found.source,
    created: now.toISOString(),
    version: packageVersion(),
    body: html`${facts(found, say)}
<div class="grid2">
${groups(found, say)}
${map(found, say)}
${tried(found, say)}
</div>`,
  })
}

function facts(found: Clustering, say: Say): Html {
  const { silhouette, noise, rows } = found
  const list: readonly (readonly [string, string, string])[] = [
    [say('factRows'), say.number(rows), noise > 0 ? say('noiseRows', { rows: noise }) : ''],
    [
      say('factInputs'),
      say.number(found.columns.length),
      found.leftOut.length > 0 ? say('leftOut', { columns: found.leftOut.join(', ') }) : '',
    ],
    [
      say('silhouette'),
      silhouette === null ? '–' : silhouette.toFixed(2),
      silhouette === null ? '' : say(verdictOf(silhouette)),
    ],
    [say('timeTaken'), durationText(found.seconds, say), ''],
  ]
  return html`<section class="facts">${list.map(
    ([name, value, detail]) =>
      html`<div><p class="eyebrow">${name}</p><p class="fact">${value}</p><p class="note">${detail}</p></div>`,
  )}</section>`
}

/** Kaufman and Rousseeuw's reading of a silhouette (1990, "Finding groups in data", table 4). */
export function verdictOf(silhouette: number) {
  if (silhouette > 0.7) return 'silhouetteStrong'
  if (silhouette > 0.5) return 'silhouetteFair'
  return silhouette > 0.25 ? 'silhouetteWeak' : 'silhouetteNone'
}

function groups(found: Clustering, say: Say): Html {
  return card(
    say('clusterGroups'),
    html`<div class="scroll"><table class="figures"><thead><tr><th>${say('clusterColumn')}</th><th class="n">${say('rowsColumn')}</th><th class="n">${say('shareColumn')}</th><th>${say('traitsColumn')}</th></tr></thead><tbody>${found.clusters.map(
      ({ cluster, rows, share, traits }) =>
        html`<tr><th><i class="swatch fill${colourOf(cluster)}"></i> ${cluster}</th><td class="n">${say.number(rows)}</td><td class="n">${say.percent(share)}</td><td class="quiet">${traits.length === 0 ? say('noTraits') : traits.map((trait, i) => [i > 0 && html`<br>`, traitText(trait, say)])}</td></tr>`,
    )}</tbody></table></div>`,
    { note: say('traitsNote'), wide: true },
  )
}

function map(found: Clustering, say: Say): HtmlValue {
  if (found.map.length === 0) return undefined
  const range = (values: readonly number[]) => niceRange(Math.min(...values), Math.max(...values))
  const f = { width: 520, height: 380, left: 52, right: 18, top: 14, bottom: 44 }
  const axes = axesFor(f, range(found.map.map(([x]) => x)), range(found.map.map(([, y]) => y)))
  const shown = [...new Set(found.map.map(([, , cluster]) => cluster))].sort((a, b) => a - b)
  return card(
    say('clusterMap'),
    [
      chart(
        f,
        axes,
        {
          title: say('clusterMap'),
          xLabel: say('componentAxis', { place: 1 }),
          yLabel: say('componentAxis', { place: 2 }),
          xText: axisText(say),
          yText: axisText(say),
        },
        html`<g class="cloud">${found.map.map(
          ([x, y, cluster]) =>
            html`<circle class="fill${colourOf(cluster)}" cx="${at(axes.x(x))}" cy="${at(axes.y(y))}" r="3.2"/>`,
        )}</g>`,
      ),
      legend(
        shown.map(cluster => ({
          name: cluster < 0 ? say('noiseName') : String(cluster),
          colour: colourOf(cluster),
        })),
      ),
    ],
    { note: say('clusterMapNote') },
  )
}

function tried(found: Clustering, say: Say): HtmlValue {
  if (found.tried.length < 2) return undefined
  const high = Math.max(0.01, ...found.tried.map(({ silhouette }) => silhouette))
  return card(
    say('clusterTried'),
    html`<div class="importance">${found.tried.map(
      ({ clusters, silhouette }) =>
        html`<div class="rival"><span class="name">${clusters}</span><span class="track"><span class="bar fill${clusters === found.clusters.length ? 1 : 6}" style="width:${Math.max(0.4, (100 * Math.max(0, silhouette)) / high).toFixed(1)}%"></span></span><span class="value">${silhouette.toFixed(3)}</span></div>`,
    )}</div>`,
    { note: say('clusterTriedNote') },
  )
}
