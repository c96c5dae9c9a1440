// Names of metrics, splits and settings, as tables, reports and logs show them.

import { messageTable } from './table.js'

export const metricMessages = messageTable({
  accuracy: { en: 'Accuracy', zh: '准确率' },
  balancedAccuracy: { en: 'Balanced accuracy', zh: '平衡准确率' },
  precision: { en: 'Precision', zh: '精确率' },
  recall: { en: 'Recall', zh: '召回率' },
  f1: { en: 'F1', zh: 'F1 值' },
  auc: { en: 'ROC AUC', zh: 'AUC' },
  prAuc: { en: 'PR AUC', zh: 'PR AUC' },
  logLoss: { en: 'Log loss', zh: '对数损失' },
  rmse: { en: 'RMSE', zh: '均方根误差（RMSE）' },
  mae: { en: 'MAE', zh: '平均绝对误差（MAE）' },
  r2: { en: 'R²', zh: '决定系数（R²）' },
  loss: { en: 'Loss', zh: '损失' },
})

export const splitMessages = messageTable({
  train: { en: 'Training', zh: '训练集' },
  validation: { en: 'Validation', zh: '验证集' },
  test: { en: 'Test', zh: '测试集' },
  model: { en: 'Model', zh: '模型' },
  dummy: { en: 'Dummy', zh: '朴素基线' },
  linear: { en: 'Linear', zh: '线性基线' },
})

export const nounMessages = messageTable({
  classification: { en: 'classification', zh: '分类' },
  regression: { en: 'regression', zh: '回归' },
  neural: { en: 'neural network', zh: '神经网络' },
  bayesModel: { en: 'naive Bayes', zh: '朴素贝叶斯' },
  knnModel: { en: 'nearest neighbours', zh: 'K 近邻' },
  treeModel: { en: 'decision tree', zh: '决策树' },
  forestModel: { en: 'random forest', zh: '随机森林' },
  boostingModel: { en: 'gradient boosting', zh: '梯度提升树' },
  svmModel: { en: 'support vectors', zh: '支持向量机' },
  linearModel: { en: 'linear model', zh: '线性模型' },
  numeric: { en: 'numeric', zh: '数值' },
  integer: { en: 'integer', zh: '整数' },
  category: { en: 'category', zh: '类别' },
  boolean: { en: 'yes/no', zh: '布尔' },
  datetime: { en: 'date/time', zh: '日期时间' },
  text: { en: 'text', zh: '文本' },
  identifier: { en: 'identifier', zh: '标识' },
  random: { en: 'at random', zh: '随机划分' },
  stratified: { en: 'stratified by class', zh: '按类别分层' },
  group: { en: 'by group', zh: '按组划分' },
  time: { en: 'by time', zh: '按时间划分' },
  files: { en: 'by files', zh: '按文件划分' },
})
