// What each option is for, what values it takes, and what is wrong with one.

import { messageTable } from './table.js'

export const optionMessages = messageTable({
  helpTarget: { en: 'column to predict', zh: '要预测的目标列' },
  helpTask: {
    en: 'what to learn (found out from the target by default); language-model: to continue a text file',
    zh: '任务类型（默认根据目标列判断）；language-model：学习续写文本文件',
  },
  helpModel: {
    en: 'kind of model; auto compares all by cross-validation',
    zh: '模型类型；auto 用交叉验证比较所有类型',
  },
  helpTimeBudget: {
    en: 'seconds that the comparison may take (auto: 60); with a kind of model: searches its parameters for so long',
    zh: '模型比较可用的秒数（auto 默认 60）；指定模型类型时，在此时间内搜索其参数',
  },
  helpMetric: {
    en: 'metric that models are chosen by, quoted first',
    zh: '选择模型所用的指标，也是报告首先给出的指标',
  },
  helpSet: {
    en: 'a parameter of the model by its name, e.g. maxDepth=4 (train --model tree --help lists them)',
    zh: '按名称设置模型参数，例如 maxDepth=4（用 train --model tree --help 查看全部参数）',
  },
  modelParameters: {
    en: 'Parameters of {estimator}, by --set name=value',
    zh: '{estimator} 的参数（用 --set 名称=值 设置）',
  },
  helpRepeat: {
    en: 'train as this run did: same data, split, settings and candidates',
    zh: '完全按某次运行重做：相同的数据、划分、设置与候选模型',
  },
  helpHidden: {
    en: 'units of the hidden layers, e.g. 64,32',
    zh: '各隐藏层的单元数，例如 64,32',
  },
  helpEpochs: { en: 'the most epochs', zh: '最大训练轮次' },
  helpBatchSize: { en: 'rows a step', zh: '批大小' },
  helpOptimizer: {
    en: 'optimizer; gradientDescent for tables and pictures alone',
    zh: '优化器；gradientDescent 仅用于表格和图片',
  },
  helpLearningRate: {
    en: 'learning rate; auto: what the range test finds for the net (see athanor lr)',
    zh: '学习率；auto：由学习率范围测试为该网络确定（参见 athanor lr）',
  },
  helpSchedule: {
    en: 'learning rate schedule (default: plateau for tables, cosine for pictures and speech, warmup for texts, oneCycle for language models)',
    zh: '学习率调度（默认：表格 plateau，图片和语音识别 cosine，文本分类 warmup，语言模型 oneCycle）',
  },
  helpDropout: { en: 'share of units silenced in training', zh: '训练时的随机失活（dropout）比例' },
  helpL2: { en: 'L2 regularisation', zh: 'L2 正则化系数' },
  helpPatience: {
    en: 'epochs without improvement before stopping; 0 never stops early',
    zh: '早停耐心值：验证集连续多少轮无改善即停止；0 表示不早停',
  },
  helpClassWeight: { en: 'weight of the classes', zh: '类别权重' },
  helpPositive: { en: 'the positive class', zh: '正类的取值' },
  helpThreshold: {
    en: 'probability from which the positive class is predicted',
    zh: '判为正类的概率阈值',
  },
  helpMaximize: {
    en: 'choose the threshold that makes this greatest on the validation split',
    zh: '在验证集上选择使该指标最大的阈值',
  },
  helpExclude: { en: 'columns to leave out, e.g. id,name', zh: '要排除的列，例如 id,name' },
  helpType: { en: 'type of a column, e.g. zip=category', zh: '指定列的类型，例如 zip=category' },
  helpValidation: { en: 'fraction or file for validation', zh: '验证集：比例或文件' },
  helpTest: { en: 'fraction or file for the final test', zh: '测试集：比例或文件' },
  helpSplit: { en: 'how rows are split', zh: '数据划分方式' },
  helpGroup: {
    en: 'column whose rows of one value stay together',
    zh: '分组列：同组的行不会被拆到不同划分',
  },
  helpTime: {
    en: 'column of time: oldest rows train, newest test',
    zh: '时间列：用早期数据训练，最新数据测试',
  },
  helpGroupMetrics: {
    en: 'column whose values get metrics of their own in the report',
    zh: '在报告中按该列的取值分别给出指标',
  },
  helpQuery: {
    en: 'SQL query over the data, which is called data',
    zh: '对数据执行的 SQL 查询（表名为 data）',
  },
  helpEncoding: { en: 'encoding of text files, e.g. gb18030', zh: '文本文件编码，例如 gb18030' },
  helpBadRows: {
    en: 'rows with too few or too many cells: stop, or leave them out',
    zh: '单元格数与表头不符的行：报错或跳过',
  },
  helpSeed: { en: 'seed of every random choice', zh: '随机种子' },
  helpOut: { en: 'folder for runs', zh: '运行结果目录' },
  helpOutFile: { en: 'file to write', zh: '输出文件' },
  helpName: { en: 'name of the run', zh: '本次运行的名称' },
  helpResume: { en: 'go on with this run', zh: '继续某次中断的运行' },
  helpConfig: { en: 'JSON file with the same options', zh: '包含同样选项的 JSON 配置文件' },
  helpJson: { en: 'one JSON object on stdout, nothing else', zh: '在标准输出只打印一个 JSON 对象' },
  helpPredictJson: {
    en: 'one JSON object on stdout, nothing else: with all predictions, unless --out writes them to a file',
    zh: '在标准输出只打印一个 JSON 对象，包含所有预测；使用 --out 时预测写入文件',
  },
  helpLang: { en: 'language', zh: '语言' },
  helpHelp: { en: 'this help', zh: '显示帮助' },
  wantText: { en: 'a text', zh: '文本' },
  wantChoice: { en: 'one of {choices}', zh: '{choices} 之一' },
  wantInteger: { en: 'a whole number from {low} to {high}', zh: '{low} 到 {high} 之间的整数' },
  wantNumber: { en: 'a number from {low} to {high}', zh: '{low} 到 {high} 之间的数' },
  wantAbove: { en: 'a number above {low}', zh: '大于 {low} 的数' },
  wantRate: { en: 'a number above {low}, or auto', zh: '大于 {low} 的数，或 auto' },
  wantIntegers: {
    en: 'whole numbers of {low} or more, separated by commas',
    zh: '逗号分隔、不小于 {low} 的整数',
  },
  wantNames: { en: 'column names', zh: '列名' },
  wantTypes: { en: 'column=type with a type of {types}', zh: '“列名=类型”，类型为 {types} 之一' },
  wantPart: { en: 'a fraction between 0 and 1, or a file', zh: '0 到 1 之间的比例，或一个文件' },
  wantSettings: { en: 'name=value', zh: '“名称=值”' },
  unknownOption: { en: "There is no option '{name}'.", zh: '没有名为“{name}”的选项。' },
  optionOfOtherCommand: {
    en: "athanor {command} has no option '{name}'; athanor {other} has. Options of {command}: {list}",
    zh: 'athanor {command} 没有选项“{name}”，athanor {other} 才有。{command} 的选项：{list}',
  },
  badOption: {
    en: '{name}: expected {expected}, received {received}',
    zh: '{name}：应为{expected}，实际为 {received}',
  },
  missingValue: { en: '{name} needs a value: {expected}', zh: '{name} 需要一个值：{expected}' },
  didYouMean: { en: " Did you mean '{name}'?", zh: '是否想输入“{name}”？' },
  didYouMeanOption: { en: ' Did you mean {name}?', zh: '是否想输入 {name}？' },
  unknownColumn: {
    en: "{option}: the data has no column '{name}'.",
    zh: '{option}：数据中没有名为“{name}”的列。',
  },
  columnsAre: { en: ' Columns: {list}', zh: '现有列：{list}' },
  optionOfOtherRuns: {
    en: '{option} is not for {run}; it is for {others}.',
    zh: '{option} 不适用于{run}，只适用于{others}。',
  },
  choicesHere: { en: 'Here there are {choices}.', zh: '此处可用：{choices}。' },
  kindTable: { en: 'tables', zh: '表格' },
  kindPictures: { en: 'pictures', zh: '图片' },
  kindText: { en: 'texts', zh: '文本分类' },
  kindLanguageModel: { en: 'language models', zh: '语言模型' },
  kindSpeech: { en: 'speech', zh: '语音识别' },
  forKinds: { en: '[{kinds}]', zh: '［{kinds}］' },
  notWithThisTask: {
    en: '{option} is for {task} only.',
    zh: '{option} 只适用于{task}任务。',
  },
  notWithThisModel: {
    en: '{option} has no meaning for --model {model}.',
    zh: '{option} 对 --model {model} 没有意义。',
  },
  rateOfOneNet: {
    en: '--learning-rate auto finds a rate for one net, not where models are compared: choose it with train --model neural.',
    zh: '--learning-rate auto 只为单个网络寻找学习率，不能用于模型比较：请使用 train --model neural。',
  },
  nothingMeasured: {
    en: 'No model could be fitted to these data: {reason}',
    zh: '没有任何模型能在这些数据上完成拟合：{reason}',
  },
  candidateUnknown: {
    en: 'The run has a candidate that this version does not know: {estimator}.',
    zh: '该运行包含当前版本不认识的候选模型：{estimator}。',
  },
  setNeedsEstimator: {
    en: '--set names parameters of one kind of model: choose it with --model (not auto, not neural).',
    zh: '--set 用于设置某一类模型的参数：请先用 --model 指定类型（auto 和 neural 除外）。',
  },
  modelNotForTask: {
    en: '--model {model} cannot learn this target ({task}).',
    zh: '--model {model} 不支持该目标（{task}）。',
  },
})
