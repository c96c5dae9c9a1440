// A small table of made-up customers for tests of the package: plan and age decide who leaves.

/** CSV text with `rows` rows and the columns plan, age, city, churn. */
export function customersCsv(rows = 240): string {
  const lines = ['plan,age,city,churn']
  for (let i = 0; i < rows; i++) {
    const plan = ['basic', 'pro', 'team'][(i * 7) % 3]
    const age = 18 + ((i * 37) % 53)
    const city = ['北京', 'Lyon', 'Oslo', 'Quito'][(i * 5) % 4]
    const churn = (plan === 'basic') === age < 45 || (i * 31) % 17 === 0 ? 'yes' : 'no'
    lines.push(`${plan},${age},${city},${churn}`)
  }
  return `${lines.join('\n')}\n`
}
