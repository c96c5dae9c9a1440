// Rows that a model can learn something from: gaps, categories, dates; two classes, three, a number.

export const rows = Array.from({ length: 240 }, (_, i) => ({
  plan: ['free', 'pro', null, 'team'][i % 4],
  age: i % 17 === 4 ? null : 20 + ((i * 7) % 40),
  since: new Date(Date.UTC(2020 + (i % 4), i % 12, 1 + (i % 28))),
  fee: ((i * 13) % 50) + (i % 4 === 1 ? 30 : 0),
  churn: (i % 4 === 0) === (i * 7) % 40 > 12 || i % 19 === 0,
}))
const kinds = ['low', 'middle', 'high']
export const classRows = rows.map(({ churn, ...row }) => ({
  ...row,
  kind: kinds[Math.min(2, Math.floor(row.fee / 20))],
}))
