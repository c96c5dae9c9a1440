// Loads model files and predicts the same raw rows with each: run in Node and in a page.

export const rows = [
  { plan: 'pro', age: 31, city: '北京', churn: 'yes' },
  { plan: 'basic', age: 60, city: 'Lyon', churn: 'no' },
  { plan: null, age: null, city: 'Nowhere', churn: null },
  { plan: 'team', age: 44.5, city: 'Oslo', churn: 'no' },
]

/** By file name: predictions of all rows together, and of the first alone. */
export async function predictSaved(loadModel, files) {
  const answers = {}
  for (const [name, source] of Object.entries(files)) {
    const model = await loadModel(source)
    answers[name] = [await model.predict(rows), await model.predict(rows.slice(0, 1))]
  }
  return answers
}
