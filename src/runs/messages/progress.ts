// What a run says while it works, when it stops, and what was wrong.

import { messageTable } from './table.js'

export const progressMessages = messageTable({
  reading: { en: 'Reading {source}', zh: '正在读取 {source}' },
  readingRows: { en: 'Reading {source}: {rows|row|rows}', zh: '正在读取 {source}：已读 {rows} 行' },
  dataFound: {
    en: '{rows|row|rows}, {columns|column|columns}; predicting {target} ({task}) from {inputs|column|columns}',
    zh: '共 {rows} 行、{columns} 列；用 {inputs} 列预测“{target}”（{task}）',
  },
  classesFound: { en: 'classes: {list}', zh: '类别：{list}' },
  splitMade: {
    en: 'split {method}: {train} train, {validation} validation, {test} test',
    zh: '{method}：训练集 {train} 行，验证集 {validation} 行，测试集 {test} 行',
  },
  onDisk: {
    en: 'The table would take about {bytes} of memory, of which it may take {limit}: rows are read from disk in every epoch',
    zh: '数据表约需 {bytes} 内存，超出允许的 {limit}：每轮训练都从磁盘读取数据',
  },
  onDiskSample: {
    en: '; checks of the data, doubtful labels, importances and the linear baseline look at {sample} of {rows|row|rows}, drawn at random',
    zh: '；数据检查、可疑标签、特征重要性和线性基线使用随机抽取的 {sample} 行（共 {rows} 行）',
  },
  modelBuilt: {
    en: '{model} {shape}: {parameters|parameter|parameters}; batches of {batch}; {executor}',
    zh: '{model} {shape}：{parameters} 个参数；批大小 {batch}；执行后端 {executor}',
  },
  fitting: {
    en: '{model} ({estimator}): {features|feature|features}, {rows|row|rows}; {executor}',
    zh: '{model}（{estimator}）：{features} 个特征，{rows} 行；执行后端 {executor}',
  },
  fittingSample: {
    en: '; drawn at random from {of}, as many as it is given at most',
    zh: '（从 {of} 行中随机抽取，为该模型的行数上限）',
  },
  fittingLine: { en: 'fitting {share}', zh: '正在拟合 {share}' },
  restarting: {
    en: 'A {model} has no checkpoints: it is fitted again from the beginning',
    zh: '{model}没有检查点，将从头重新拟合',
  },
  epochLine: { en: 'epoch {epoch}/{epochs}', zh: '第 {epoch}/{epochs} 轮' },
  lossPart: { en: 'loss {loss}', zh: '损失 {loss}' },
  validationPart: { en: 'validation {loss}', zh: '验证集 {loss}' },
  ratePart: { en: '{rate} rows/s', zh: '{rate} 行/秒' },
  etaPart: { en: '{time} left', zh: '剩余 {time}' },
  stoppedEarly: {
    en: 'No improvement for {patience|epoch|epochs}: kept epoch {best}',
    zh: '连续 {patience} 轮无改善，早停；保留第 {best} 轮的模型',
  },
  evaluating: { en: 'Evaluating', zh: '正在评估' },
  resultTitle: {
    en: 'On {rows|untouched test row|untouched test rows}',
    zh: '测试集结果（{rows} 行，训练中从未使用）',
  },
  runSaved: { en: 'Run: {path}', zh: '运行目录：{path}' },
  reportSaved: { en: 'Report: {path}', zh: '报告：{path}' },
  predictionsSaved: {
    en: '{rows|prediction|predictions} written to {path}',
    zh: '已将 {rows} 条预测写入 {path}',
  },
  ratingLine: {
    en: 'looking for a learning rate: step {step} of {steps} at most',
    zh: '正在寻找学习率：第 {step} 步，最多 {steps} 步',
  },
  sectionRate: { en: 'The learning rate', zh: '学习率' },
  axisRate: { en: 'learning rate', zh: '学习率' },
  rateNote: {
    en: 'Before training, the rate grew from step to step while the loss was watched; afterwards the net began anew.',
    zh: '训练前逐步增大学习率并观察损失；测试之后网络从头开始训练。',
  },
  rateSteepest: {
    en: 'Learning rate {rate}: there the loss falls fastest. (By itself train takes {standard}.)',
    zh: '学习率 {rate}：此处损失下降最快。（train 默认使用 {standard}。）',
  },
  rateTenth: {
    en: 'Learning rate {rate}: a tenth of the rate with the lowest loss. (By itself train takes {standard}.)',
    zh: '学习率 {rate}：损失最低处学习率的十分之一。（train 默认使用 {standard}。）',
  },
  rateNone: {
    en: 'The loss fell at no rate: more data or another net may help. (By itself train takes {standard}.)',
    zh: '任何学习率下损失都没有下降：可尝试更多数据或其他网络。（train 默认使用 {standard}。）',
  },
  resuming: {
    en: 'Going on after epoch {epoch}',
    zh: '从第 {epoch} 轮之后继续训练',
  },
  repeatUnfinished: {
    en: '{run} is unfinished: only a finished run can be repeated. Go on with: athanor train --resume {run}',
    zh: '{run} 尚未完成，只能重做已完成的运行。继续训练请运行：athanor train --resume {run}',
  },
  alreadyFinished: {
    en: '{run} has finished already; its report is {report}',
    zh: '{run} 已经完成；报告位于 {report}',
  },
  interruptedOnce: {
    en: 'Stopping after this step … (Ctrl-C again stops at once)',
    zh: '完成当前步后停止……（再按一次 Ctrl-C 立即退出）',
  },
  interrupted: {
    en: 'Interrupted; progress is saved. Go on with: athanor train --resume {path}',
    zh: '已中断，进度已保存。继续训练请运行：athanor train --resume {path}',
  },
  interruptedFit: {
    en: 'Interrupted. Fit it again with: athanor train --resume {path}',
    zh: '已中断。重新拟合请运行：athanor train --resume {path}',
  },
  moreFindings: { en: '… and {count} more, see the report', zh: '……另有 {count} 条，详见报告' },
  interruptedEarly: { en: 'Interrupted.', zh: '已中断。' },
  warning: { en: 'warning: ', zh: '警告：' },
  note: { en: 'note: ', zh: '提示：' },
  errorWord: { en: 'error: ', zh: '错误：' },
  fault: {
    en: 'This is a fault of Athanor, not of yours. Please report it with the lines below.',
    zh: '这是 Athanor 自身的故障，与您的输入无关。请附上以下信息反馈。',
  },
  diverged: {
    en: 'Training diverged in epoch {epoch}: {detail}. Nothing saved before is lost. Try a smaller --learning-rate, for example {suggestion}',
    zh: '训练在第 {epoch} 轮发散：{detail}。之前保存的内容没有丢失。请减小学习率，例如 --learning-rate {suggestion}',
  },
  targetMissing: {
    en: 'Which column is to be predicted? Give --target <column>.',
    zh: '请用 --target <列名> 指定要预测的列。',
  },
  targetMissingInText: {
    en: '{source} is a text. To learn to write on like it, give --task language-model; if it is a table, give --target <column>.',
    zh: '{source} 是文本文件。若要学习续写，请加 --task language-model；若它是表格，请用 --target <列名> 指定要预测的列。',
  },
  dataMissing: {
    en: 'Which data? Give a file: athanor {command} <data>',
    zh: '请指定数据文件：athanor {command} <数据>',
  },
  noRows: { en: '{source} has a header but no rows.', zh: '{source} 只有表头，没有数据行。' },
  tooFewRows: {
    en: '{rows|row|rows} with a target: at least {least} are needed to train and to check.',
    zh: '有目标值的数据只有 {rows} 行：训练和检验至少需要 {least} 行。',
  },
  tooFewToGroup: {
    en: '{rows|row|rows}: at least {least} are needed.',
    zh: '只有 {rows} 行数据，至少需要 {least} 行。',
  },
  rowsAllAlike: {
    en: 'All rows are alike in the columns used: there is nothing to group.',
    zh: '所有行在所用的列上都相同，无法分组。',
  },
  moreClustersThanRows: {
    en: '--clusters {clusters}: there are only {rows|row|rows}.',
    zh: '--clusters {clusters}：数据只有 {rows} 行。',
  },
  tooManyForDbscan: {
    en: '--method dbscan takes at most {most|row|rows}; there are {rows}. Use kmeans, or take a part with --query.',
    zh: '--method dbscan 最多支持 {most} 行，当前有 {rows} 行。请改用 kmeans，或用 --query 选取部分数据。',
  },
  oneClass: {
    en: "The target '{target}' has one value only ('{value}'): there is nothing to learn.",
    zh: '目标列“{target}”只有一个取值（“{value}”），没有可学习的内容。',
  },
  oneClassInTraining: {
    en: "The training split holds one class of '{target}' only. Try another --split or --seed.",
    zh: '训练集中“{target}”只有一个类别。请更换 --split 或 --seed。',
  },
  constantTarget: {
    en: "The target '{target}' is {value} in every row: there is nothing to learn.",
    zh: '目标列“{target}”在所有行都等于 {value}，没有可学习的内容。',
  },
  textForRegression: {
    en: "The target '{target}' holds texts such as '{value}', not numbers: use --task classification.",
    zh: '目标列“{target}”的内容是文本（如“{value}”）而非数值：请使用 --task classification。',
  },
  tooManyClasses: {
    en: "The target '{target}' has {classes} different values in {rows} rows: too many for classes. For a number use --task regression.",
    zh: '目标列“{target}”在 {rows} 行中有 {classes} 个不同取值，类别过多。若为数值请使用 --task regression。',
  },
  tooManyClassesOfTexts: {
    en: "The target '{target}' has {classes} different values in {rows} rows: too many for classes, and with --text only classes are learned. To predict a number, leave out --text: as a column of a table its words are used.",
    zh: '目标列“{target}”在 {rows} 行中有 {classes} 个不同取值，类别过多，而 --text 只学习分类。若要预测数值，请去掉 --text：文本列会按词语用于表格模型。',
  },
  tableTooLarge: {
    en: 'The table ({rows|row|rows}) needs about {needed} GiB of memory to train on; {available} GiB are free. Take a part of it with --query, or leave columns out with --exclude.',
    zh: '该表（{rows} 行）训练约需 {needed} GiB 内存，当前可用 {available} GiB。可用 --query 选取部分数据，或用 --exclude 排除部分列。',
  },
  noInputs: {
    en: 'No column is left to predict from.',
    zh: '没有可用于预测的列。',
  },
  emptyPart: {
    en: 'The {part} split has no rows; choose another fraction or split.',
    zh: '{part}没有数据行；请调整比例或划分方式。',
  },
  fractionsTooLarge: {
    en: '--validation and --test leave nothing to train on.',
    zh: '--validation 与 --test 的比例之和过大，没有数据可用于训练。',
  },
  positiveUnknown: {
    en: "--positive: '{value}' is not a class of '{target}'. Classes: {list}",
    zh: '--positive：“{value}”不是“{target}”的类别。现有类别：{list}',
  },
  positiveNeedsTwo: {
    en: '{option} needs a target of two classes; this one has {classes}.',
    zh: '{option} 只适用于二分类；当前目标有 {classes} 个类别。',
  },
  nameTaken: {
    en: '{path} is there already. Choose another --name, or --resume {path}',
    zh: '{path} 已存在。请换一个 --name，或用 --resume {path} 继续。',
  },
  badName: {
    en: "'{name}' cannot be the name of a folder.",
    zh: '“{name}”不能用作目录名。',
  },
  runNotFound: { en: "There is no run '{run}'.", zh: '没有名为“{run}”的运行。' },
  runsAre: { en: ' Runs in {folder}: {list}', zh: '{folder} 中的运行：{list}' },
  notARun: {
    en: '{path} is not a run: it has no readable manifest.json.',
    zh: '{path} 不是有效的运行目录：缺少可读取的 manifest.json。',
  },
  runNewer: {
    en: '{path} was written by a newer version ({version}) of Athanor.',
    zh: '{path} 由更新版本（{version}）的 Athanor 写入。',
  },
  runUnfinished: {
    en: '{run} has no model yet: it is unfinished. Go on with: athanor train --resume {run}',
    zh: '{run} 尚未完成，还没有模型。继续训练请运行：athanor train --resume {run}',
  },
  checkpointBroken: {
    en: 'Checkpoint {path} is truncated or was altered; the one before is used.',
    zh: '检查点 {path} 已损坏或被改动，改用上一个检查点。',
  },
  noCheckpoint: {
    en: '{run}: no checkpoint was written before it stopped; it starts anew.',
    zh: '{run}：中断前尚未写入检查点，将从头开始训练。',
  },
  dataChanged: {
    en: 'The data differ from those the run began with ({path}): resuming would not give the same model. Train anew without --resume.',
    zh: '数据与该运行开始时不同（{path}），继续训练无法得到相同的模型。请去掉 --resume 重新训练。',
  },
  repeatOptions: {
    en: '--repeat takes the options of the run; leave out {options}.',
    zh: '--repeat 使用原运行的选项，请去掉 {options}。',
  },
  resumeOptions: {
    en: '--resume goes on with the options of the run; leave out {options}.',
    zh: '--resume 使用原运行的选项，请去掉 {options}。',
  },
  cannotWrite: {
    en: '{path} cannot be written: {reason}. Nothing saved before is lost.',
    zh: '无法写入 {path}：{reason}。之前保存的内容没有丢失。',
  },
  cannotRead: { en: '{path} cannot be read: {reason}', zh: '无法读取 {path}：{reason}' },
  diskFull: { en: 'the disk is full', zh: '磁盘已满' },
  fileTooLarge: { en: 'the file would be larger than is allowed', zh: '文件超过允许的大小' },
  readOnly: { en: 'the folder is read-only', zh: '目录为只读' },
  noPermission: { en: 'permission denied', zh: '没有权限' },
  noSuchFile: { en: 'there is no such file', zh: '文件不存在' },
  isFolder: { en: 'it is a folder', zh: '这是一个目录' },
  notFolder: { en: 'a part of the path is not a folder', zh: '路径中有一部分不是目录' },
  predictsNoRows: {
    en: '{run} predicts no rows: a language model writes (athanor generate), a speech model listens (athanor transcribe).',
    zh: '{run} 不预测表格行：语言模型请用 athanor generate，语音识别模型请用 athanor transcribe。',
  },
  evaluatedCharacters: {
    en: 'On {characters|character|characters}',
    zh: '在 {characters} 个字符上评估',
  },
  evaluatedRows: { en: 'On {rows|row|rows}', zh: '评估 {rows} 行' },
  thisData: { en: 'These data', zh: '本次数据' },
  columnsAbsent: {
    en: 'The data lack {columns}, which the model was trained with.',
    zh: '数据缺少模型训练时使用的列：{columns}。',
  },
  partLacksColumns: {
    en: '{option} {file}: the file lacks {columns}, which the data have.',
    zh: '{option} {file}：该文件缺少数据中的列：{columns}。',
  },
  targetAbsent: {
    en: "The data have no column '{target}' to compare with.",
    zh: '数据中没有目标列“{target}”，无法评估。',
  },
  nothingToEvaluate: {
    en: "No row of the data has a value of '{target}' that the model knows.",
    zh: '数据中没有一行的“{target}”取值是模型认识的，无法评估。',
  },
  unseenClasses: {
    en: '{count|row has|rows have} a class of {target} that the model never saw; left out',
    zh: '{count} 行的“{target}”取值不在模型已知的类别中，已跳过',
  },
})
