// Data: what runs in Node and in a browser. Reading files is node/index.ts.

export { isMissingText, missingTexts, parseDate, parseNumber } from './cell-parsing.js'
export { checkData } from './checks/check-data.js'
export type { CheckOptions } from './checks/context.js'
export {
  type CodeColumn,
  type CodeType,
  type Column,
  type ColumnType,
  cellText,
  cellValue,
  columnKinds,
  columnLength,
  columnTypes,
  countMissing,
  isMissing,
  type NumberColumn,
  type NumberType,
  takeColumn,
} from './column.js'
export { type BatchOptions, Dataset } from './dataset.js'
export { type EpochOptions, epochWindows } from './epoch-order.js'
export { type DataFinding, type FindingCode, findingMeanings, type Severity } from './finding.js'
export { columnFromValues, convertColumn } from './infer.js'
export { joinTables } from './join.js'
export {
  type BrokenPicture,
  balancedOrder,
  type ChannelStatistics,
  channelStatistics,
  type GivenPart,
  type IdxArray,
  PictureDataset,
  type PictureDatasetParts,
  type PictureShape,
  type PictureSplit,
  type PictureSplitOptions,
  type PictureStore,
  readIdx,
  resizePixels,
  splitPictures,
  writeIdx,
} from './pictures/index.js'
export { type ColumnSchema, describeTable } from './schema.js'
export { type ColumnFacts, sniffType } from './sniff.js'
export * from './sound/index.js'
export {
  defaultFractions,
  type Split,
  type SplitFractions,
  type SplitMethod,
  type SplitOptions,
  splitRows,
} from './split.js'
export {
  type NumberStatistics,
  numberStatistics,
  quantileLevels,
  quantileOfSorted,
  StatisticsBuilder,
} from './statistics.js'
export { Table } from './table.js'
export * from './text/index.js'
