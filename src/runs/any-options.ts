// The options of a run of any kind, and what `train` gives for them.

import type { DataSource } from './read-data.js'
import type { AnyRun, LanguageModelRun, Run, SpeechRun } from './run-results.js'
import type { SpeechOptions } from './speech/speech-settings.js'
import type { LanguageModelOptions, languageTask } from './text/language-options.js'
import type { TextRunOptions } from './text/text-options.js'
import type { RunPlace, TrainOptions } from './train-options.js'

/** Options of `train` that go on with a run, or repeat it: nothing that decides its result. */
export type EarlierRunOptions = RunPlace &
  ({ readonly resume: string } | { readonly repeat: string })

/** What `train` takes: with the data, the options say what is learned, and which others there are. */
export interface Train {
  (options: EarlierRunOptions): Promise<AnyRun>
  (data: DataSource | undefined, options: EarlierRunOptions): Promise<AnyRun>
  (
    data: string,
    options: LanguageModelOptions & { readonly task: typeof languageTask },
  ): Promise<LanguageModelRun>
  (data: DataSource, options: TextRunOptions & { readonly text: string }): Promise<Run>
  (
    data: DataSource,
    options: SpeechOptions & { readonly audio: string; readonly transcript: string },
  ): Promise<SpeechRun>
  (data: DataSource, options?: TrainOptions): Promise<Run>
  (data: DataSource | undefined, options?: AnyOptions): Promise<AnyRun>
}

/** All options that some kind of run takes. */
export type AnyOptions = TrainOptions | TextRunOptions | LanguageModelOptions | SpeechOptions
