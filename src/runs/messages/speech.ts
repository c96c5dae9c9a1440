// Speech: what a run on recordings says, and athanor transcribe.

import { messageTable } from './table.js'

export const speechMessages = messageTable({
  commandTranscribe: {
    en: 'write down what is said in WAV files',
    zh: '把 WAV 文件中的语音转写成文字',
  },
  helpAudio: {
    en: 'column of WAV files, from the folder of the list; learns speech',
    zh: 'WAV 文件所在的列（路径相对于清单所在目录），用于训练语音识别',
  },
  helpTranscript: { en: 'column of what is said in them', zh: '语音文本所在的列' },
  helpFrontEnd: {
    en: 'speech: frames side by side, or two convolutions over time and pitch (default stack)',
    zh: '语音：拼接相邻帧（stack），或在时间和音高上做两层卷积（convolution）；默认 stack',
  },
  helpSoundScaling: {
    en: 'speech: features scaled by means and deviations of all training recordings, by each recording’s own mean, or wholly by its own numbers (default training)',
    zh: '语音：特征归一化所用的均值和标准差：全部训练录音（training）、每条录音自身的均值（mean）、每条录音自身的均值和标准差（recording）；默认 training',
  },
  helpBeams: {
    en: 'texts that the search keeps (default 16); 1 takes the likeliest sound of each step',
    zh: '束搜索保留的候选数（默认 16）；1 表示贪心解码',
  },
  helpLanguageWeight: {
    en: 'weight of the characters’ language model against the sound (chosen in training by default)',
    zh: '字符语言模型相对于声学模型的权重（默认使用训练时选定的值）',
  },
  speechColumnMissing: {
    en: 'Learning speech needs {option}, the name of a column',
    zh: '语音识别训练需要 {option}（列名）',
  },
  noRecordings: {
    en: '{source} has no recording that can be used: {reasons}. Files are looked for from {folder}',
    zh: '{source} 中没有可用的录音：{reasons}。文件路径相对于 {folder}',
  },
  listEmpty: { en: 'it has no rows', zh: '清单为空' },
  fewRecordings: {
    en: '{count|recording|recordings} that can be used: {least} are needed for training, validation and test',
    zh: '可用的录音只有 {count} 条；划分训练集、验证集和测试集至少需要 {least} 条',
  },
  recordingFaults: { en: '. What is wrong: {reasons}', zh: '。问题：{reasons}' },
  moreFiles: {
    en: '… and {count} more; all of them are in {place}',
    zh: '……以及另外 {count} 个；完整列表见 {place}',
  },
  allFiles: { en: 'all {count}', zh: '全部 {count} 个' },
  firstFiles: {
    en: 'the first {shown} of {count}; report.json has all',
    zh: '前 {shown} 个，共 {count} 个；完整列表见 report.json',
  },
  emptySpeechPart: {
    en: 'No recording is left for the {part} part: give more recordings, or a larger share',
    zh: '{part} 部分没有可用的录音：请增加录音或调大比例',
  },
  notASpeechRun: {
    en: '{run} is not a run that learned speech: make one with athanor train <list> --audio <column> --transcript <column>',
    zh: '{run} 不是语音识别的运行；请用 athanor train <清单> --audio <列> --transcript <列> 训练',
  },
  filesMissing: {
    en: 'Which WAV files? athanor transcribe <run> word.wav',
    zh: '请给出 WAV 文件：athanor transcribe <运行> word.wav',
  },
  sameAnswer: { en: 'Same answer', zh: '固定回答' },
  sameAnswerNote: {
    en: 'Same answer: “{text}” for every recording, which errs least on the training recordings.',
    zh: '固定回答：对每条录音都回答“{text}”，即在训练集上错误最少的文本。',
  },
  computingFeatures: { en: 'Listening to {done} of {of}', zh: '正在提取声学特征：{done}/{of}' },
  recordingsFound: {
    en: '{recordings|recording|recordings}, {minutes} minutes at {rate} Hz; {characters|character|characters} in {source}',
    zh: '{source}：共 {recordings} 条录音，{minutes} 分钟，采样率 {rate} Hz；{characters} 个不同字符',
  },
  missingFile: {
    en: '{count|file is|files are} not there, first {example}: left out',
    zh: '{count} 个文件不存在（首个：{example}），已略过',
  },
  unreadableFile: {
    en: '{count|file|files} cannot be read, first {example}: left out',
    zh: '{count} 个文件无法读取（首个：{example}），已略过',
  },
  silentFile: {
    en: '{count|file has|files have} no samples, first {example}: left out',
    zh: '{count} 个文件没有采样数据（首个：{example}），已略过',
  },
  emptyTranscript: {
    en: '{count|transcript is|transcripts are} empty, first that of {example}: left out',
    zh: '{count} 条文本为空（首个：{example}），已略过',
  },
  longTranscript: {
    en: '{count|transcript is|transcripts are} longer than the sound can say, first that of {example}: left out',
    zh: '{count} 条文本比录音所能容纳的更长（首个：{example}），已略过',
  },
  truncatedFile: {
    en: '{count|file ends|files end} early, first {example}: used as far as it goes',
    zh: '{count} 个文件不完整（首个：{example}），使用现有部分',
  },
  unknownCharacters: {
    en: '{count|transcript has|transcripts have} characters that no training transcript has, first that of {example}: they count as errors',
    zh: '{count} 条文本含有训练文本中没有的字符（首个：{example}），这些字符按错误计',
  },
  damagedSamples: {
    en: '{count|file has|files have} samples that are no numbers, or far too loud, first {example}: they count as silence',
    zh: '{count} 个文件含有无效或过大的采样值（首个：{example}），按静音处理',
  },
  characterErrors: { en: 'character errors', zh: '字错误率（CER）' },
  wordErrors: { en: 'word errors', zh: '词错误率（WER）' },
  exactTranscripts: { en: 'entirely right', zh: '完全正确' },
  speechResult: {
    en: 'On {rows|recording|recordings} never trained on',
    zh: '测试集结果（{rows} 条录音，训练中从未使用）',
  },
  speechReport: { en: 'speech', zh: '语音识别' },
  speechTitle: { en: 'Speech to text: {source}', zh: '语音转文字：{source}' },
  speechSubtitle: {
    en: 'Writes down what is said; learned from {rows|recording|recordings} and checked on {test|recording|recordings} it never heard',
    zh: '把录音转写成文字；用 {rows} 条录音训练，并在模型从未听过的 {test} 条录音上检验',
  },
  speechVerdict: { en: '{exact} of transcripts entirely right', zh: '{exact} 的文本完全正确' },
  speechNotBetter: {
    en: 'Not better than the same answer for all',
    zh: '未优于固定回答',
  },
  speechErrorsNote: {
    en: 'Edits (substitutions, insertions, deletions) as a share of what was said; with the beam search and language model that transcribe uses. Lower is better, 0 is perfect.',
    zh: '编辑次数（替换、插入、删除）占参考文本长度的比例；解码方式与 transcribe 相同。越低越好，0 表示完全正确。',
  },
  sectionErrors: { en: 'Error rates', zh: '错误率' },
  sectionWorst: { en: 'Worst transcripts', zh: '错误最多的文本' },
  worstNote: {
    en: 'Of the test recordings, those with most character errors.',
    zh: '测试集中字错误最多的录音。',
  },
  sectionHeard: { en: 'Sound and text', zh: '语音与文本对齐' },
  heardNote: {
    en: 'Log-mel features over time (low sounds below), and where the net hears each character of the transcript.',
    zh: '对数梅尔特征随时间的变化（下方为低频），以及模型判定每个字符所在的位置。',
  },
  saidColumn: { en: 'said', zh: '参考文本' },
  heardColumn: { en: 'heard', zh: '识别结果' },
  editsColumn: { en: 'edits', zh: '编辑次数' },
  fileColumn: { en: 'file', zh: '文件' },
  substitutionsColumn: { en: 'substituted', zh: '替换' },
  insertionsColumn: { en: 'inserted', zh: '插入' },
  deletionsColumn: { en: 'left out', zh: '删除' },
  factRecordings: { en: 'Recordings', zh: '录音' },
  factMinutes: { en: 'Minutes of training', zh: '训练时长（分钟）' },
  factAlphabet: { en: 'Characters', zh: '字符数' },
  axisSeconds: { en: 'seconds', zh: '秒' },
  noSpeech: { en: '(nothing)', zh: '（无）' },
})
