// The comparison of models, learning curves and pictures of models.

import { messageTable } from './table.js'

export const boardMessages = messageTable({
  microseconds: { en: '{seconds} µs', zh: '{seconds} 微秒' },
  milliseconds: { en: '{seconds} ms', zh: '{seconds} 毫秒' },
  points: { en: '{value} points', zh: '{value} 个百分点' },
  comparingLine: {
    en: 'comparing models: {model}, fold {fold}/{folds}',
    zh: '正在比较模型：{model}，第 {fold}/{folds} 折',
  },
  atMostLeft: { en: 'at most {time} left', zh: '最多还需 {time}' },
  curveLine: {
    en: 'would more data help? learning from {rows|row|rows}',
    zh: '更多数据是否有帮助？正在用 {rows} 行训练',
  },
  candidateLine: {
    en: '{model}: {metric} {score} ({time} a fit)',
    zh: '{model}：{metric} {score}（每次拟合 {time}）',
  },
  candidateLeftOut: { en: '{model}: left out, {note}', zh: '{model}：未参与比较，{note}' },
  boardNoTime: { en: 'no time for it', zh: '时间不够' },
  boardNoWeights: { en: 'cannot weigh rows', zh: '不支持样本权重' },
  boardNoMetric: { en: 'the metric has no meaning on its folds', zh: '指标在各折上无意义' },
  boardFailed: { en: 'failed: {reason}', zh: '拟合失败：{reason}' },
  boardRows: { en: 'on {rows|row|rows}', zh: '仅用 {rows} 行' },
  boardFolds: { en: '{folds|fold|folds}', zh: '仅 {folds} 折' },
  boardTitle: {
    en: 'Models compared: {metric} over {folds} folds of {rows|training row|training rows}',
    zh: '模型比较：对 {rows} 行训练数据做 {folds} 折交叉验证，指标为{metric}',
  },
  boardModel: { en: 'Model', zh: '模型' },
  boardFit: { en: 'Fit', zh: '拟合时间' },
  boardPredict: { en: 'Per row', zh: '每行预测' },
  boardSize: { en: 'Size', zh: '大小' },
  boardNote: { en: 'Note', zh: '说明' },
  boardSettings: { en: 'Parameters', zh: '参数' },
  boardStandard: { en: 'standard', zh: '默认' },
  boardBestOf: { en: 'best of {count}', zh: '{count} 个中的最佳' },
  boardMeasured: {
    en: '{count|candidate|candidates} measured in {time}',
    zh: '共比较 {count} 个候选模型，用时 {time}',
  },
  boardChosenSurest: {
    en: 'chosen: as good as the first, with surer probabilities',
    zh: '选中：与第一名相当，概率更准',
  },
  boardChosen: { en: 'chosen', zh: '选中' },
  sectionBoard: { en: 'Models compared', zh: '模型比较' },
  boardSectionNote: {
    en: 'By cross-validation on the training rows alone: {folds} folds, mean and standard deviation; {count|candidate|candidates} on up to {rows|row|rows} in {time}. The dummy looks at no column.',
    zh: '仅在训练集上做交叉验证（{folds} 折，给出均值和标准差）：共 {count} 个候选模型，每次最多用 {rows} 行训练，用时 {time}。朴素基线不使用任何列。',
  },
  boardBinned: { en: 'numbers in bins', zh: '数值分箱' },
  axisTrainingRows: { en: 'training rows', zh: '训练行数' },
  sectionCoefficients: { en: 'Coefficients', zh: '模型系数' },
  coefficientsNumber: {
    en: 'By how much the predicted {target} changes when a feature rises by one standard deviation (a category: when it applies), the others as they are.',
    zh: '某个特征增加一个标准差（类别特征：取该类别）、其他特征不变时，预测的“{target}”变化多少。',
  },
  coefficientsClass: {
    en: 'Change of the log-odds of {positive} when a feature rises by one standard deviation (a category: when it applies), the others as they are.',
    zh: '某个特征增加一个标准差（类别特征：取该类别）、其他特征不变时，“{positive}”的对数几率变化多少。',
  },
  coefficientsClasses: {
    en: 'Change of each class’s score when a feature rises by one standard deviation (a category: when it applies), the others as they are.',
    zh: '某个特征增加一个标准差（类别特征：取该类别）、其他特征不变时，各类别得分的变化。',
  },
  coefficientsLimited: {
    en: 'The {shown} largest of {count} are shown.',
    zh: '共 {count} 个系数，仅显示绝对值最大的 {shown} 个。',
  },
  sectionCounted: { en: 'What its splits gained', zh: '分裂增益' },
  countedNote: {
    en: 'Share of the gain of all splits that fell to each column, counted on the training rows. Columns of many values are favoured; shuffling, beside, is fairer.',
    zh: '训练时各列在所有分裂增益中所占的比例。这种统计偏向取值较多的列，打乱取值得到的重要性更公平。',
  },
  sectionTree: { en: 'The tree', zh: '决策树' },
  treeNote: {
    en: '{nodes|node|nodes}; the first {levels} levels are drawn. Left is “yes”; colours say the class or the value, branches are as thick as the rows that take them.',
    zh: '共 {nodes} 个节点，仅画出前 {levels} 层。左侧为“是”；颜色表示类别或数值大小，连线粗细表示经过的行数。',
  },
  treeFirst: { en: 'The first of {trees} trees.', zh: '{trees} 棵树中的第一棵。' },
  treeAdds: {
    en: 'Each adds its value to the score (classes: to the log odds; of more than two classes in turn).',
    zh: '每棵树把自己的数值加到得分上（分类：加到对数几率上；超过两类时各类轮流）。',
  },
  treeYes: { en: 'yes', zh: '是' },
  treeNo: { en: 'no', zh: '否' },
  treeRow: { en: '{n} row', zh: '{n} 行' },
  treeRows: { en: '{n} rows', zh: '{n} 行' },
  treeMore: { en: '… {n} more', zh: '… 另有 {n} 个' },
  treeIsThere: { en: '{name} is there', zh: '{name} 有值' },
  treeMissingLeft: { en: 'missing values go left', zh: '缺失值走左边' },
  treeMissingRight: { en: 'missing values go right', zh: '缺失值走右边' },
  treeWeight: { en: 'weight', zh: '权重' },
  treeImpurity: { en: 'impurity', zh: '不纯度' },
  treeValue: { en: 'value', zh: '数值' },
  treePicture: { en: 'Decision tree of {n} nodes', zh: '{n} 个节点的决策树' },
  sectionDependence: { en: 'How predictions move with a column', zh: '预测随各列的变化' },
  dependenceNote: {
    en: 'Mean prediction ({what}) when one column takes these values and the others stay as they are; thin lines are single test rows.',
    zh: '固定其他列、让某一列取不同值时的平均预测（{what}）；细线为测试集中的单独行。',
  },
  dependenceNoteClasses: {
    en: 'Mean probability of each class when one column takes these values and the others stay as they are.',
    zh: '固定其他列、让某一列取不同值时，各类别的平均概率。',
  },
  probabilityOf: { en: 'probability of {label}', zh: '“{label}”的概率' },
  axisProbability: { en: 'probability', zh: '概率' },
  moreDataTitle: { en: 'Would more data help?', zh: '更多数据有帮助吗？' },
  moreDataYes: {
    en: 'Would more data help? Yes: from {from} to {to} rows, {metric} improved by {gain} (± {error}); twice as many may bring about {next} more.',
    zh: '更多数据有帮助吗？有：训练行数从 {from} 增至 {to}，{metric}改善 {gain}（± {error}）；若再翻一倍，预计还可改善约 {next}。',
  },
  moreDataPerhaps: {
    en: 'Would more data help? Perhaps: from {from} to {to} rows, {metric} improved by {gain}, not far beyond chance (± {error}); twice as many may bring about {next} more.',
    zh: '更多数据有帮助吗？也许：训练行数从 {from} 增至 {to}，{metric}改善 {gain}，略高于随机波动（± {error}）；若再翻一倍，预计可改善约 {next}。',
  },
  moreDataNo: {
    en: 'Would more data help? Hardly: from {from} to {to} rows, {metric} improved by {gain}, no more than chance (± {error}).',
    zh: '更多数据有帮助吗？作用不大：训练行数从 {from} 增至 {to}，{metric}仅改善 {gain}，在随机波动之内（± {error}）。',
  },
  moreDataNone: {
    en: 'Would more data help? Hardly: from {from} to {to} rows, {metric} did not improve (worse by {gain}, ± {error}).',
    zh: '更多数据有帮助吗？作用不大：训练行数从 {from} 增至 {to}，{metric}没有改善（变差 {gain}，± {error}）。',
  },
  moreDataUnknown: {
    en: 'Would more data help? There were too few rows, or too little time, to tell.',
    zh: '更多数据有帮助吗？数据太少或时间不足，无法判断。',
  },
})
