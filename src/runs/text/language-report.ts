// The report of a language model as one HTML file.

import type { Language } from '../messages/language.js'
import type { MessageKey, Say } from '../messages/messages.js'
import { sayIn } from '../messages/messages.js'
import { attentionMaps } from '../report/attention-section.js'
import { type Line, learningChart } from '../report/charts.js'
import { type Html, type HtmlValue, html } from '../report/html.js'
import { manifestEntries } from '../report/manifest-entries.js'
import { pageOf } from '../report/page-frame.js'
import { axisText, card, durationText, legend, tokenShown } from '../report/parts.js'
import { rateSection } from '../report/rate-section.js'
import type { LanguageReport } from './language-report-data.js'

type Part = (data: LanguageReport, say: Say) => HtmlValue

const order: readonly Part[] = [
  measures,
  learning,
  (data, say) => rateSection(data.manifest, say),
  samples,
  surprises,
  attention,
  layers,
  manifest,
]

export function renderLanguageReport(
  data: LanguageReport,
  language: Language = data.language,
): string {
  const say = sayIn(language)
  const { split } = data.manifest
  return pageOf({
    language,
    kind: say('languageReport'),
    title: say('languageTitle', { source: data.source.split(/[\\/]/).at(-1) ?? data.source }),
    subtitle: say('languageSubtitle', {
      model: (data.manifest.model?.kind ?? '').toUpperCase(),
      tokenizer: data.tokenizer,
      train: split.train,
      test: split.test,
    }),
    name: data.run.name,
    created: data.run.created,
    version: data.version,
    body: html`${hero(data, say)}
${facts(data, say)}
<div class="grid2">
${order.map(part => html`${part(data, say)}\n`)}
</div>`,
  })
}

const bits = (value: number) => value.toFixed(3)
const perplexity = (value: number) => (value < 100 ? value.toFixed(2) : value.toFixed(0))

function hero({ measures: found }: LanguageReport, say: Say): Html {
  const own = found.model.test.bitsPerCharacter
  const counts = found.ngram.test.bitsPerCharacter
  const rivals = [
    { name: say('model'), value: own, colour: 1 },
    { name: say('ngramModel', { order: found.ngram.order }), value: counts, colour: 2 },
    { name: say('unigramModel'), value: found.unigram.test.bitsPerCharacter, colour: 6 },
  ]
  const high = Math.max(...rivals.map(({ value }) => value))
  const verdict: MessageKey = own < counts ? 'languageBetter' : 'languageWorse'
  return html`<section class="hero"><div class="score"><p class="eyebrow">${say('bitsPerCharacter')} · ${say('test')}</p><p class="big">${own.toFixed(2)}</p><p class="verdict ${own < counts ? 'good' : 'bad'}">${say(verdict)}</p></div><div class="rivals">${rivals.map(
    ({ name, value, colour }) =>
      html`<div class="rival"><span class="name">${name}</span><span class="track"><span class="bar fill${colour}" style="width:${((100 * value) / high).toFixed(1)}%"></span></span><span class="value">${bits(value)}</span></div>`,
  )}<p class="note">${say('languageLower')}</p></div></section>`
}

function facts({ manifest: { split, tokens }, run, tokenizer }: LanguageReport, say: Say): Html {
  const list: readonly (readonly [string, string, string])[] = [
    [
      say('factCharacters'),
      say.number(split.train + split.validation + split.test),
      say('factSplit', { train: split.train, validation: split.validation, test: split.test }),
    ],
    [
      say('factVocabulary'),
      say.number(tokens.vocabulary),
      tokens.unknown > 0
        ? say('factVocabularyUnknown', { share: say.percent(tokens.unknown) })
        : tokenizer,
    ],
    [say('factEpochs'), say.number(run.epochs), say('factStopped', { best: run.bestEpoch })],
    [
      say('factTime'),
      durationText(run.seconds, say),
      say('factLearnedIn', { executor: run.executor }),
    ],
  ]
  return html`<section class="facts">${list.map(
    ([name, value, detail]) =>
      html`<div><p class="eyebrow">${name}</p><p class="fact">${value}</p><p class="note">${detail}</p></div>`,
  )}</section>`
}

function measures({ measures: { model, ngram, unigram }, tokenizer }: LanguageReport, say: Say) {
  const rows = [
    [say('model'), model.train, model.validation, model.test],
    [say('ngramModel', { order: ngram.order }), undefined, ngram.validation, ngram.test],
    [say('unigramModel'), undefined, unigram.validation, unigram.test],
  ] as const
  const parts = ['train', 'validation', 'test'] as const
  const heads = (key: MessageKey) =>
    parts.map(part => html`<th class="n">${say(key as 'perplexity')}<br>${say(part)}</th>`)
  return card(
    say('languageMeasures'),
    html`<div class="scroll"><table class="figures"><thead><tr><th></th>${heads('bitsPerCharacter')}${heads('perplexity')}</tr></thead><tbody>${rows.map(
      ([name, ...values]) =>
        html`<tr><th>${name}</th>${values.map(value => html`<td class="n">${value === undefined ? '–' : bits(value.bitsPerCharacter)}</td>`)}${values.map(value => html`<td class="n">${value === undefined ? '–' : perplexity(value.perplexity)}</td>`)}</tr>`,
    )}</tbody></table></div>`,
    {
      wide: true,
      note: [
        say('languageMeasuresNote'),
        ...(tokenizer === 'words' ? [say('languageWordsNote')] : []),
      ].join(say.language === 'zh' ? '' : ' '),
    },
  )
}

function learning({ history, run, measures: { ngram } }: LanguageReport, say: Say): HtmlValue {
  const points = (values: readonly (number | null)[]) =>
    values.flatMap((value, i) => (value === null ? [] : [[i + 1, value] as const]))
  const own: Line[] = [
    { name: say('train'), points: points(history.train), colour: 1 },
    { name: say('validation'), points: points(history.validation), colour: 2 },
  ]
  const level = ngram.validation.bitsPerCharacter
  const lines: Line[] = [
    ...own.filter(line => line.points.length > 0),
    {
      name: say('ngramModel', { order: ngram.order }),
      points: [
        [1, level],
        [Math.max(2, history.train.length), level],
      ],
      colour: 6,
    },
  ]
  if (lines.length === 1) return undefined
  return card(
    say('sectionLearning'),
    [
      learningChart(
        lines,
        {
          title: say('sectionLearning'),
          xLabel: say('axisEpoch'),
          yLabel: say('bitsPerCharacter'),
          xText: String,
          yText: axisText(say),
        },
        { epoch: run.bestEpoch, label: say('bestEpoch') },
      ),
      legend(lines),
    ],
    { note: say('languageLearningNote', { best: run.bestEpoch }) },
  )
}

function samples({ samples: list, measures: { ngram } }: LanguageReport, say: Say): HtmlValue {
  return card(
    say('languageSamples'),
    list.map(
      ({ by, temperature, prompt, text }) =>
        html`<h3>${by === 'model' ? say('sampleAt', { temperature }) : say('sampleByCounts', { order: ngram.order })}</h3><p class="sample"><b>${prompt}</b>${text}</p>`,
    ),
    { note: say('languageSamplesNote'), wide: true },
  )
}

function surprises({ surprises: list }: LanguageReport, say: Say): HtmlValue {
  if (list.length === 0) return undefined
  const line = (text: string) => text.replace(/\s+/g, ' ')
  return card(
    say('languageSurprises'),
    html`<div class="scroll"><table class="figures"><thead><tr><th>${say('surprisePlace')}</th><th class="n">${say('surpriseBits')}</th><th>${say('surpriseExpected')}</th></tr></thead><tbody>${list.map(
      ({ before, token, after, bits: cost, expected }) =>
        html`<tr><td>${line(before)}<b class="swatchtext">${tokenShown(token)}</b>${line(after)}</td><td class="n">${cost.toFixed(1)}</td><td>${tokenShown(expected)}</td></tr>`,
    )}</tbody></table></div>`,
    { note: say('languageSurprisesNote'), wide: true },
  )
}

function attention({ attention: found }: LanguageReport, say: Say): HtmlValue {
  if (found === undefined) return undefined
  return card(say('sectionAttention'), attentionMaps(found, say), {
    note: [say('attentionNote'), say('attentionCausalNote')].join(say.language === 'zh' ? '' : ' '),
    wide: true,
  })
}

function layers({ layers: list, manifest: { model } }: LanguageReport, say: Say): HtmlValue {
  return card(
    say('sectionModel'),
    html`<table class="figures"><thead><tr><th>${say('layerColumn')}</th><th class="n">${say('outputColumn')}</th><th class="n">${say('parametersColumn')}</th></tr></thead><tbody>${list.map(
      layer =>
        html`<tr><th>${layer.name}</th><td class="n">${layer.output}</td><td class="n">${say.number(layer.parameters)}</td></tr>`,
    )}<tr class="sum"><th>${say('factParameters')}</th><td></td><td class="n">${say.number(model?.parameters ?? 0)}</td></tr></tbody></table>`,
  )
}

function manifest({ manifest: found }: LanguageReport, say: Say): Html {
  const { measures: _, ...rest } = found
  return card(
    say('sectionManifest'),
    html`<div class="manifest">${manifestEntries(rest as Readonly<Record<string, unknown>>)}</div>`,
    { note: say('manifestNote'), wide: true },
  )
}
