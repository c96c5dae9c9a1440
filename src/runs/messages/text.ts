// Texts: models of language, classification of texts, generation.

import { messageTable } from './table.js'

export const textMessages = messageTable({
  languageModel: { en: 'language model', zh: '语言模型' },
  modelAverage: { en: 'net over averaged token vectors', zh: '词元向量平均网络' },
  modelLstm: { en: 'bidirectional LSTM', zh: '双向 LSTM' },
  modelGru: { en: 'bidirectional GRU', zh: '双向 GRU' },
  modelTransformer: { en: 'transformer', zh: 'Transformer' },
  helpTokenizer: {
    en: 'texts: what a token is (default: characters; with --text: words where nearly all occur again, else bpe)',
    zh: '文本：词元类型（默认 characters；使用 --text 时，若几乎所有词都重复出现则为 words，否则为 bpe）',
  },
  helpMerges: {
    en: 'texts: merges of bpe (default 1000)',
    zh: '文本：bpe 的合并次数（默认 1000）',
  },
  helpVocabulary: {
    en: 'texts: words of the vocabulary at most (default 10000)',
    zh: '文本：词表最多包含的词数（默认 10000）',
  },
  helpText: {
    en: 'column of texts, which a net learns to read: classifies by it alone',
    zh: '文本列：由网络阅读该列并据此分类',
  },
  helpTextNet: {
    en: 'texts: kind of net (default average)',
    zh: '文本：网络类型（默认 average）',
  },
  textIsTarget: {
    en: "--text and --target are the same column, '{column}'.",
    zh: '--text 与 --target 是同一列“{column}”。',
  },
  taskOfTexts: {
    en: '--task is not for texts: with --text classes are learned, so leave it out. To predict a number, leave out --text: as a column of a table its words are used.',
    zh: '--task 不适用于文本分类：使用 --text 时学习的总是分类，请去掉 --task。若要预测数值，请去掉 --text：文本列会按词语用于表格模型。',
  },
  textsTooLarge: {
    en: '{source} does not fit in memory: take a part of it with --query.',
    zh: '{source} 超出可用内存：请用 --query 选取部分数据。',
  },
  helpLanguageNet: {
    en: 'texts: kind of net (default lstm)',
    zh: '文本：网络类型（默认 lstm）',
  },
  helpWidth: {
    en: 'texts: units of each layer (by default from the length of the text)',
    zh: '文本：每层的单元数（默认根据文本长度确定）',
  },
  helpLayers: {
    en: 'texts: recurrent layers, or blocks of a transformer (default 1, transformer 4)',
    zh: '文本：循环层数或 transformer 块数（默认 1，transformer 为 4）',
  },
  helpHeads: { en: 'texts: heads of attention (default 4)', zh: '文本：注意力头数（默认 4）' },
  helpContext: {
    en: 'texts: tokens that the net sees at once (with --text 256, and longer texts lose their middle); of recurrent models of language, that gradients reach back',
    zh: '文本：网络一次看到的词元数（使用 --text 时为 256，更长的文本略去中间部分）；对循环语言模型，为梯度回传的词元数',
  },
  helpTextValidation: {
    en: 'share of the text, before the test part, for validation (default 0.1)',
    zh: '验证部分在文本中所占比例，位于测试部分之前（默认 0.1）',
  },
  helpTextTest: {
    en: 'share of the text, at its end, for the test (default 0.1)',
    zh: '测试部分在文本末尾所占比例（默认 0.1）',
  },
  commandGenerate: { en: 'write on from a prompt with a language model', zh: '用语言模型续写文本' },
  helpPrompt: { en: 'text to go on from (default: none)', zh: '续写的开头（默认为空）' },
  helpTemperature: {
    en: 'below 1 safer, above 1 bolder, 0 the likeliest (default 0.8)',
    zh: '低于 1 更稳妥，高于 1 更大胆，0 总取最可能的（默认 0.8）',
  },
  helpTopK: {
    en: 'only the k likeliest tokens (default: all)',
    zh: '只考虑最可能的 k 个词元（默认全部）',
  },
  helpTopP: {
    en: 'only the likeliest tokens of this probability together (default 1)',
    zh: '只考虑累计概率达到该值的最可能词元（默认 1）',
  },
  helpRepetitionPenalty: {
    en: 'above 1: what was written becomes less likely (default 1)',
    zh: '大于 1 时降低已出现词元的概率（默认 1）',
  },
  helpLength: { en: 'tokens to write at most (default 300)', zh: '最多生成的词元数（默认 300）' },
  helpStop: { en: 'text at which to end (default: none)', zh: '遇到该文本时结束（默认无）' },
  helpGenerateSeed: {
    en: 'the same seed writes the same text (default 0)',
    zh: '相同的种子生成相同的文本（默认 0）',
  },
  textFound: {
    en: '{characters|character|characters} ({encoding}); tokens are {tokenizer}: {vocabulary} different, {tokens} in the training part',
    zh: '共 {characters} 个字符（{encoding}）；词元类型 {tokenizer}：词表大小 {vocabulary}，训练部分 {tokens} 个词元',
  },
  textSplit: {
    en: 'split in the order of the text: the first {train|character|characters} train, then {validation} validation, the last {test} test',
    zh: '按文本顺序划分：开头 {train} 个字符用于训练，随后 {validation} 个用于验证，末尾 {test} 个用于测试',
  },
  textTooShort: {
    en: '{source} has {characters|character|characters}: a language model needs at least {least}.',
    zh: '{source} 只有 {characters} 个字符：语言模型至少需要 {least} 个字符。',
  },
  textToMeasureTooShort: {
    en: '{source} has {characters|character|characters}: to measure a language model, give a text of at least two tokens.',
    zh: '{source} 只有 {characters} 个字符：评估语言模型至少需要两个词元的文本。',
  },
  textPartTooShort: {
    en: '{source}: its {part} part would have {tokens|token|tokens} only. Take a longer text, or a larger share for that part.',
    zh: '{source}：{part} 部分只有 {tokens} 个词元。请使用更长的文本或增大该部分的比例。',
  },
  oneTextFile: {
    en: 'A language model learns from one text file: give its path.',
    zh: '语言模型从一个文本文件学习：请给出其路径。',
  },
  contextTooLong: {
    en: '--context {context} is longer than a part of {source}: at most {most} here.',
    zh: '--context {context} 超过了 {source} 中某一部分的长度：此处最多为 {most}。',
  },
  notThisKindOfRun: {
    en: '{run} is a run of another kind: go on with athanor train --resume.',
    zh: '{run} 是另一类运行：请用 athanor train --resume 继续。',
  },
  notALanguageModel: {
    en: '{run} is no language model: athanor generate needs a run of --task language-model.',
    zh: '{run} 不是语言模型：athanor generate 需要 --task language-model 的运行。',
  },
  promptUnknown: {
    en: 'not in the vocabulary, so unknown to the model: {list}',
    zh: '词表中没有、模型不认识的字符：{list}',
  },
  promptLong: {
    en: 'the prompt has {tokens|token|tokens}; the model sees the last {context}',
    zh: '开头共 {tokens} 个词元，模型只能看到最后 {context} 个',
  },
  ngramModel: { en: 'Counts of {order} tokens', zh: '{order} 元计数模型' },
  unigramModel: { en: 'Frequencies', zh: '词元频率' },
  bitsPerCharacter: { en: 'Bits per character', zh: '每字符比特数' },
  perplexity: { en: 'Perplexity', zh: '困惑度' },
  languageTestTitle: {
    en: 'On the last {characters|character|characters}, never trained on',
    zh: '在末尾 {characters} 个字符上（训练中从未使用）',
  },
  languageReport: { en: 'Language model', zh: '语言模型' },
  languageTitle: { en: 'A model of {source}', zh: '{source} 的语言模型' },
  languageSubtitle: {
    en: '{model}, tokens are {tokenizer}; trained on the first {train|character|characters}, tested on the last {test}.',
    zh: '{model}，词元类型 {tokenizer}；用开头 {train} 个字符训练，用末尾 {test} 个字符测试。',
  },
  languageBetter: { en: 'Better than counts', zh: '优于计数模型' },
  languageWorse: { en: 'No better than counts', zh: '不优于计数模型' },
  languageLower: { en: 'lower is better', zh: '越低越好' },
  factCharacters: { en: 'Characters', zh: '字符数' },
  factVocabulary: { en: 'Vocabulary', zh: '词表' },
  factVocabularyUnknown: {
    en: '{share} of the test part unknown',
    zh: '测试部分有 {share} 不在词表中',
  },
  languageMeasures: { en: 'Model and baselines', zh: '模型与基线' },
  languageMeasuresNote: {
    en: 'Bits per character can be compared between tokenizers, perplexity (per token) cannot. The counts are an interpolated n-gram model (Witten and Bell) whose order was chosen on the validation part. The parts follow each other in the text: it is not shuffled.',
    zh: '每字符比特数可在不同词元类型之间比较，困惑度（按词元）则不可。计数模型为插值 n 元模型（Witten–Bell），阶数由验证部分选定。各部分按文本顺序划分，未打乱。',
  },
  languageWordsNote: {
    en: 'Words that the vocabulary lacks count as one unknown token, which is cheaper than spelling them: bits per character flatter.',
    zh: '词表之外的词按一个未知词元计算，比逐字拼出更便宜，因此每字符比特数偏乐观。',
  },
  languageLearningNote: {
    en: 'Kept: epoch {best}. Training is measured with dropout.',
    zh: '保留第 {best} 轮。训练曲线在启用 dropout 时测得。',
  },
  languageSamples: { en: 'What it writes', zh: '生成示例' },
  languageSamplesNote: {
    en: 'Continuations of the beginning of the test part, at several temperatures; the last by counts alone.',
    zh: '从测试部分开头续写，温度各不相同；最后一段由计数模型生成。',
  },
  sampleAt: { en: 'temperature {temperature}', zh: '温度 {temperature}' },
  sampleByCounts: { en: 'counts of {order} tokens', zh: '{order} 元计数模型' },
  languageSurprises: { en: 'What surprised it', zh: '最意外的词元' },
  languageSurprisesNote: {
    en: 'Tokens of the test part that it thought least likely, and the one that it thought likeliest instead.',
    zh: '测试部分中模型认为最不可能的词元，以及它认为最可能的词元。',
  },
  sectionTextLosses: { en: 'Highest losses, word by word', zh: '损失最高的文本：逐词分析' },
  textLossesNote: {
    en: 'Validation and test texts whose given class the model finds least likely. Orange words speak for the class predicted, which would be less likely without them; blue words speak against it.',
    zh: '验证集和测试集中，模型认为给定类别最不可能的文本。橙色的词支持所判类别（去掉后其概率下降），蓝色的词则相反。',
  },
  textWrong: {
    en: 'Row {row}: {truth}, taken for {predicted} ({share})',
    zh: '第 {row} 行：“{truth}”被判为“{predicted}”（{share}）',
  },
  textRight: {
    en: 'Row {row}: {truth}, found with {share} only',
    zh: '第 {row} 行：正确判为“{truth}”，但概率只有 {share}',
  },
  sectionAttention: { en: 'What attention looks at', zh: '注意力看向哪里' },
  attentionNote: {
    en: 'Each row is a token: the stronger a square, the more of its attention goes to the token of that column (a row adds up to 100%). This is what the net mixes; it need not be why it decides.',
    zh: '每一行对应一个词元：格子颜色越浓，它对该列词元的注意力越大（每行合计 100%）。这显示网络混合了哪些信息，不一定就是判断的原因。',
  },
  attentionCausalNote: {
    en: 'A token sees only itself and those before it, hence the triangle.',
    zh: '每个词元只能看到自己和之前的词元，因此呈三角形。',
  },
  attentionLayer: {
    en: 'Layer {layer} of {layers}, whose heads choose most sharply',
    zh: '第 {layer} 层（共 {layers} 层），其注意力最为集中',
  },
  attentionHead: { en: 'Head {head}', zh: '注意力头 {head}' },
  surprisePlace: { en: 'Place', zh: '位置' },
  surpriseBits: { en: 'Bits', zh: '比特' },
  surpriseExpected: { en: 'Expected', zh: '预期' },
})
