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
  boardChosen: { en: 'chosen', zh: '选中' },
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
