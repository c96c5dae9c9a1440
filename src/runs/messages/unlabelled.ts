// Clusters and outliers: rows without a target.

import { messageTable } from './table.js'

export const unlabelledMessages = messageTable({
  commandCluster: { en: 'group rows that are alike', zh: '将相似的行聚成若干类' },
  commandOutliers: {
    en: 'find the rows that differ most from all others',
    zh: '找出与其他行差异最大的行',
  },
  helpMethod: {
    en: 'k-means, or DBSCAN (clusters of any shape, and rows in none)',
    zh: 'k-means，或 DBSCAN（任意形状的类，允许有不属于任何类的行）',
  },
  helpClusters: {
    en: 'number of clusters of k-means (2 to 10 are tried by default)',
    zh: 'k-means 的类数（默认在 2 到 10 之间选择）',
  },
  helpEps: {
    en: 'DBSCAN: distance of neighbours (found from the data by default)',
    zh: 'DBSCAN：邻域半径（默认根据数据确定）',
  },
  helpMinSamples: {
    en: 'DBSCAN: neighbours that make a row the core of a cluster (default 5)',
    zh: 'DBSCAN：成为核心点所需的邻居数（默认 5）',
  },
  helpClusterOut: {
    en: 'CSV file of all rows with their clusters; the report goes beside it',
    zh: '输出的 CSV 文件（所有行及其类别），报告保存在同一位置',
  },
  helpOutlierOut: {
    en: 'CSV file of all rows, the strangest first; the report goes beside it',
    zh: '输出的 CSV 文件（所有行，最异常的在前），报告保存在同一位置',
  },
  helpShare: {
    en: 'share of rows that are outliers (by default those that stand out)',
    zh: '异常行所占比例（默认自动判断）',
  },
  helpTop: { en: 'rows to show (default 10)', zh: '显示的行数（默认 10）' },
  tryingClusters: {
    en: 'trying {clusters} of up to {of} clusters',
    zh: '正在尝试 {clusters} 类（最多 {of} 类）',
  },
  writingRows: { en: 'writing {rows|row|rows}', zh: '正在写出 {rows} 行' },
  isolatingLine: { en: 'isolating rows {share}', zh: '正在隔离各行 {share}' },
  clusterFound: {
    en: '{clusters|cluster|clusters} of {rows|row|rows}, by {columns|column|columns}',
    zh: '{rows} 行按 {columns} 列聚成 {clusters} 类',
  },
  timeTaken: { en: 'Time', zh: '用时' },
  notWithThisMethod: {
    en: '{option} has no meaning for --method {method}.',
    zh: '{option} 对 --method {method} 没有意义。',
  },
  clusterReport: { en: 'Clusters', zh: '聚类' },
  clusterTitle: {
    en: '{clusters|cluster|clusters} in {source}',
    zh: '{source}：{clusters} 类',
  },
  clusterByMeans: {
    en: 'k-means over {rows|row|rows} and {columns|column|columns}, each number scaled to deviation 1',
    zh: '对 {rows} 行、{columns} 列做 k-means 聚类，数值列已缩放为标准差 1',
  },
  clusterByDensity: {
    en: 'DBSCAN over {rows|row|rows} and {columns|column|columns}: at least {neighbours} neighbours within {eps}, each number scaled to deviation 1',
    zh: '对 {rows} 行、{columns} 列做 DBSCAN 聚类：半径 {eps} 内至少 {neighbours} 个邻居，数值列已缩放为标准差 1',
  },
  clusterGroups: { en: 'The groups', zh: '各类概况' },
  clusterColumn: { en: 'Cluster', zh: '类' },
  shareColumn: { en: 'Share', zh: '占比' },
  traitsColumn: { en: 'What distinguishes it', zh: '突出特点' },
  traitsNote: {
    en: 'The mean or share in the cluster, and in brackets that of all rows; the most striking differences first.',
    zh: '类内的均值或占比，括号内为全部数据的数值；差异最大的排在前面。',
  },
  traitNumber: {
    en: '{column} {arrow} {here} ({overall})',
    zh: '{column} {arrow} {here}（{overall}）',
  },
  traitCategory: {
    en: '{column} = {value} {here} ({overall})',
    zh: '{column} = {value} {here}（{overall}）',
  },
  noTraits: { en: 'nothing striking', zh: '没有突出特点' },
  clusterMap: { en: 'Map of the rows', zh: '数据分布图' },
  clusterMapNote: {
    en: 'Up to 1,200 rows on the first two principal components, which keep most of their differences.',
    zh: '最多 1,200 行投影到前两个主成分，保留了大部分差异。',
  },
  componentAxis: { en: 'component {place}', zh: '第 {place} 主成分' },
  clusterTried: { en: 'How many clusters?', zh: '分成几类？' },
  clusterTriedNote: {
    en: 'Silhouette of each number of clusters: how much nearer rows lie to their own cluster than to the next. The largest was taken.',
    zh: '各类数对应的轮廓系数：衡量各行离本类比离最近的其他类近多少。取最大者。',
  },
  silhouette: { en: 'Silhouette', zh: '轮廓系数' },
  silhouetteStrong: { en: 'clearly apart', zh: '类间界限分明' },
  silhouetteFair: { en: 'fairly apart', zh: '类间界限较清楚' },
  silhouetteWeak: { en: 'groups run into each other', zh: '类间有所重叠' },
  silhouetteNone: { en: 'hardly any groups', zh: '几乎没有明显的类' },
  noiseRows: { en: '{rows} in no cluster', zh: '其中 {rows} 行不属于任何类' },
  noiseName: { en: 'none', zh: '无' },
  leftOut: { en: 'left out: {columns}', zh: '未使用：{columns}' },
  rowsSaved: { en: 'Rows: {path}', zh: '数据：{path}' },
  outlierReport: { en: 'Outliers', zh: '异常检测' },
  outlierTitle: { en: 'Outliers in {source}', zh: '{source}：异常行' },
  outlierSubtitle: {
    en: 'Isolation forest over {rows|row|rows} and {columns|column|columns}: the fewer random cuts set a row apart, the stranger it is',
    zh: '对 {rows} 行、{columns} 列使用孤立森林：随机切分越少就能把一行隔离出来，说明该行越异常',
  },
  outliersFound: {
    en: '{outliers} of {rows|row|rows} stand out, by {columns|column|columns}',
    zh: '{rows} 行中有 {outliers} 行明显异常（依据 {columns} 列）',
  },
  outlierFact: { en: 'Outliers', zh: '异常行' },
  outlierRanking: { en: 'The strangest rows', zh: '最异常的行' },
  outlierRankingNote: {
    en: 'Scores above 0.5 are unusual, the nearer to 1 the more. Beside each value what is usual: the middle half of the rows, or the share of rows with that value.',
    zh: '分值高于 0.5 表示不寻常，越接近 1 越异常。每个取值旁给出通常的情况：中间一半数据的范围，或该取值所占的比例。',
  },
  outlierScores: { en: 'All scores', zh: '全部分值' },
  outlierScoresNote: {
    en: 'Rows by their score; from the line on they count as outliers.',
    zh: '各行的分值分布；达到竖线处即判为异常。',
  },
  axisOutlierScore: { en: 'score', zh: '分值' },
  rankColumn: { en: 'Rank', zh: '名次' },
  anomalyScore: { en: 'Score', zh: '分值' },
  whyColumn: { en: 'What is unusual', zh: '异常之处' },
  whyNumber: {
    en: '{column} {value} (usually {low} to {high})',
    zh: '{column} {value}（通常为 {low} 至 {high}）',
  },
  whyCategory: {
    en: '{column} = {value} ({share} of rows)',
    zh: '{column} = {value}（占 {share}）',
  },
  whyMissing: {
    en: '{column} missing ({share} of rows)',
    zh: '{column} 缺失（占 {share}）',
  },
  whyNothing: { en: 'no single value: their combination', zh: '单个取值均正常，组合少见' },
})
