// What was noticed about the data, in words: one row for each code of src/data.

import type { FindingCode } from '../../data/finding.js'
import type { MessageCell } from './table.js'

/**
 * `{column}`, `{count}` and every field of the finding's details may be asked for.
 */
export const findingMessages: Readonly<Record<FindingCode, MessageCell>> = {
  'missing-values': {
    en: '{column}: {count|cell|cells} without a value ({share}); filled from the training split',
    zh: '“{column}”列有 {count} 个缺失值（{share}），已用训练集的统计量填补',
  },
  'long-texts': {
    en: '{column}: {count|training text has|training texts have} more than {context} tokens, of which the beginning and the end are read (--context)',
    zh: '“{column}”列有 {count} 条训练文本超过 {context} 个 token，只读取其开头和结尾（--context）',
  },
  'empty-texts': {
    en: '{column}: {count|text is|texts are} empty ({share}); nothing can be read in them',
    zh: '“{column}”列有 {count} 条空文本（{share}），无内容可读',
  },
  'infinite-cells': {
    en: '{column}: {count|infinite cell|infinite cells}; treated as missing',
    zh: '“{column}”列有 {count} 个无穷大的值，按缺失处理',
  },
  'unreadable-cells': {
    en: '{column}: {count|cell|cells} could not be read as the type asked for; treated as missing',
    zh: '“{column}”列有 {count} 个单元格无法按指定类型读取，按缺失处理',
  },
  'constant-column': {
    en: '{column}: the same value in every row; left out',
    zh: '“{column}”列所有行取值相同，不含信息，已排除',
  },
  'empty-column': {
    en: '{column}: no values at all; left out',
    zh: '“{column}”列全部为空，已排除',
  },
  'identifier-column': {
    en: '{column}: a different value in nearly every row, so an identifier; left out',
    zh: '“{column}”列几乎每行取值都不同，判断为标识列，已排除',
  },
  'text-column': {
    en: '{column}: free text; used as words',
    zh: '“{column}”列为自由文本，按词语编码使用',
  },
  'text-tokens': {
    en: '{column}: free text; read token by token (--tokenizer {tokenizer}, a vocabulary of {vocabulary})',
    zh: '“{column}”列为自由文本，按词元逐个读取（--tokenizer {tokenizer}，词表 {vocabulary}）',
  },
  'many-categories': {
    en: '{column}: {count|different text|different texts}; rare ones are taken together',
    zh: '“{column}”列有 {count} 个不同取值，低频取值已合并',
  },
  'rows-without-target': {
    en: '{count|row|rows} without a target; left out of training and evaluation',
    zh: '{count} 行缺少目标值，不参与训练和评估',
  },
  'one-class': {
    en: 'the target has one value only: there is nothing to learn',
    zh: '目标列只有一个取值，没有可学习的内容',
  },
  'single-member-class': {
    en: '{count|class has|classes have} a single row, which goes to the training split: {classes}',
    zh: '{count} 个类别只有一行数据，已放入训练集：{classes}',
  },
  'class-imbalance': {
    en: 'classes are imbalanced: {largest} has {most|row|rows}, {smallest} {least}; think of --class-weight balanced',
    zh: '类别不均衡：“{largest}”有 {most} 行，“{smallest}”只有 {least} 行；可考虑 --class-weight balanced',
  },
  'picture-class-imbalance': {
    en: 'classes are imbalanced: {largest} has {most|training picture|training pictures}, {smallest} {least}; --sampling balanced shows each class equally often, --class-weight balanced lets each count as much',
    zh: '类别不均衡：“{largest}”有 {most} 张训练图片，“{smallest}”只有 {least} 张；--sampling balanced 让各类别出现次数相同，--class-weight balanced 让各类别权重相同',
  },
  'class-missing-in-split': {
    en: '{count|class does|classes do} not occur in every split: {classes}',
    zh: '{count} 个类别未出现在所有数据划分中：{classes}',
  },
  'duplicate-rows': {
    en: '{count|row equals|rows equal} another row in every column',
    zh: '{count} 行与其他行完全重复',
  },
  'duplicate-rows-across-split': {
    en: '{count|row stands|rows stand} both in the training split and in another: figures may flatter',
    zh: '{count} 行同时出现在训练集和其他划分中，评估结果可能偏乐观',
  },
  'predicts-target': {
    en: '{column}: predicts the target nearly perfectly on its own; is it known beforehand?',
    zh: '仅凭“{column}”列就几乎能完全预测目标，可能存在目标泄漏，请确认预测时能否事先取得该列',
  },
  drift: {
    en: '{column}: distributed differently in the training and the test split (distance {distance})',
    zh: '“{column}”列在训练集与测试集中的分布明显不同（数据漂移，距离 {distance}）',
  },
  'many-columns': {
    en: '{count|column|columns}, more than training rows: overfitting is likely',
    zh: '共 {count} 列，多于训练行数，容易过拟合',
  },
  'few-rows': {
    en: 'only {count|row|rows}: the figures are uncertain',
    zh: '只有 {count} 行数据，评估指标的不确定性较大',
  },
  'empty-split': {
    en: 'the {split} split has no rows',
    zh: '数据划分 {split} 没有数据行',
  },
  'numeric-target-few-values': {
    en: '{column}: a number with {count|value|values} only; --task classification takes them as classes',
    zh: '“{column}”列是数值，但只有 {count} 个不同取值；如需按类别处理，请用 --task classification',
  },
  'many-classes': {
    en: '{column}: {count|class|classes}, nearly one a row; perhaps a number or an identifier',
    zh: '“{column}”列有 {count} 个类别，几乎每行一个，可能是数值列或标识列',
  },
  'likely-wrong-labels': {
    en: '{count|row has a label|rows have labels} that the model finds very unlikely; see the report',
    zh: '{count} 行的标签可能有误（模型认为极不可能），详见报告',
  },
  'renamed-column': {
    en: 'a column without a name of its own is now called {column}',
    zh: '有一列名称为空或重复，已改名为“{column}”',
  },
  transcoded: {
    en: 'the file is not UTF-8; read as {encoding}',
    zh: '文件不是 UTF-8 编码，已按 {encoding} 读取',
  },
  'line-ends': {
    en: 'the file mixes several kinds of line ends; read as one',
    zh: '文件混用了多种换行符，已统一处理',
  },
  'skipped-rows': {
    en: '{count|row has|rows have} too few or too many cells; left out',
    zh: '{count} 行的单元格数与表头不符，已跳过',
  },
  'sampled-checks': {
    en: 'the table is larger than memory: rows were compared within a random sample of {count|row|rows} of {rows}',
    zh: '数据表超出可用内存：仅在随机抽取的 {count} 行（共 {rows} 行）上检查重复、泄漏和漂移等问题',
  },
  'no-header': {
    en: 'the first row holds numbers only, so columns are named by their place',
    zh: '首行全是数值，没有表头，各列按位置命名',
  },
  'broken-pictures': {
    en: '{count|picture|pictures} could not be decoded; left out: {names}',
    zh: '{count} 张图片无法解码，已跳过：{names}',
  },
  'duplicate-pictures': {
    en: '{count|picture equals|pictures equal} an earlier one; equal ones stay in one part',
    zh: '{count} 张图片与前面的图片相同；相同的图片会划入同一部分',
  },
  'conflicting-labels': {
    en: '{count|picture equals|pictures equal} an earlier one of another class',
    zh: '{count} 张图片与另一类别的图片相同，标签互相矛盾',
  },
  'duplicate-pictures-across-split': {
    en: '{count|picture|pictures} of the validation or test part {count|stands|stand} in the training part too: the figures may flatter',
    zh: '验证集或测试集中有 {count} 张图片也出现在训练集中，指标可能偏高',
  },
  'resized-pictures': {
    en: '{count|picture was|pictures were} brought to {size} pixels',
    zh: '{count} 张图片已缩放为 {size} 像素',
  },
  'ignored-files': {
    en: '{count|file is no picture|files are no pictures}; passed over',
    zh: '{count} 个文件不是图片，已忽略',
  },
  'ignored-folders': {
    en: '{count|folder holds|folders hold} no pictures; passed over: {names}',
    zh: '{count} 个文件夹中没有图片，已忽略：{names}',
  },
  'links-outside': {
    en: '{count|link leads|links lead} out of the folder; not followed',
    zh: '{count} 个链接指向文件夹之外，未跟随',
  },
  'pictures-without-class': {
    en: '{count|picture has|pictures have} no known class; left out',
    zh: '{count} 张图片没有已知类别，已排除',
  },
}
