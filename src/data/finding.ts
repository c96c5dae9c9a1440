// What was noticed about data: a code and figures; the wording is the command line's.

/** How serious a finding is. */
export type Severity = 'info' | 'warning' | 'error'

/** Something that `checkData` found. */
export interface DataFinding {
  readonly code: FindingCode
  readonly severity: Severity
  readonly column?: string
  /** Rows, cells or columns concerned. */
  readonly count?: number
  readonly details: Readonly<Record<string, string | number>>
}

/** What kind of finding it is. */
export type FindingCode = keyof typeof findingMeanings

/** Every finding there is; the text says what it means and what is done about it. */
export const findingMeanings = {
  'missing-values': 'Cells without a value; imputed from the training split.',
  'empty-texts': 'Texts that are missing or blank; without a word to learn or to answer from.',
  'long-texts':
    'Training texts of more tokens than are read; their beginning and end are, the middle is not.',
  'infinite-cells': 'Cells that held ±infinity; treated as missing.',
  'unreadable-cells':
    'Cells that could not be read as the column type asked for; treated as missing.',
  'constant-column': 'One value in all rows; says nothing and is left out.',
  'empty-column': 'No values at all; left out.',
  'identifier-column': 'A different value in nearly every row; left out.',
  'text-column': 'Free text.',
  'text-tokens': 'Free text that a net reads as a sequence of tokens.',
  'many-categories': 'More distinct texts than rows can support.',
  'rows-without-target': 'Rows whose target is missing; left out of training and evaluation.',
  'one-class': 'The target has one value only: there is nothing to learn.',
  'single-member-class': 'Classes with one row; it goes to the training split.',
  'class-imbalance': 'The largest class has at least ten times the rows of the smallest.',
  'picture-class-imbalance':
    'The largest class has at least ten times the pictures of the smallest.',
  'class-missing-in-split': 'Classes that a split does not have.',
  'duplicate-rows': 'Rows equal in every column.',
  'duplicate-rows-across-split': 'Rows of one split that stand in the training split too.',
  'predicts-target': 'A column that alone predicts the target nearly perfectly: perhaps a leak.',
  drift: 'A column distributed differently in the training and the test split.',
  'many-columns': 'More columns than training rows.',
  'few-rows': 'Too few rows for the figures to mean much.',
  'empty-split': 'A split without rows.',
  'numeric-target-few-values': 'A numeric target with few distinct values: perhaps classes.',
  'many-classes': 'A class for nearly every row: perhaps a number or an identifier.',
  'likely-wrong-labels': 'Rows whose label the model finds least likely.',
  'renamed-column': 'A column whose name was empty or stood twice; renamed.',
  transcoded: 'A file that was not UTF-8; read as the encoding named.',
  'line-ends': 'A file with several kinds of line ends; read with one.',
  'skipped-rows': 'Rows with too few or too many cells; left out.',
  'sampled-checks': 'The table is larger than memory: columns and rows were checked on a sample.',
  'broken-pictures': 'Files that could not be decoded; left out.',
  'duplicate-pictures': 'Pictures equal to an earlier one; kept in the same part.',
  'conflicting-labels': 'Equal pictures with different labels.',
  'duplicate-pictures-across-split': 'Pictures of one part that stand in the training part too.',
  'resized-pictures': 'Pictures of several sizes; brought to one.',
  'ignored-files': 'Files in the folder that are no pictures; passed over.',
  'ignored-folders': 'Folders in which nothing is a picture; passed over.',
  'links-outside': 'Links that lead out of the folder of pictures; not followed.',
  'pictures-without-class': 'Pictures without a label; left out of training and evaluation.',
  'no-header': 'The first row holds numbers only: columns are named by their place.',
} as const
