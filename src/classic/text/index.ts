// Texts as sparse features.

export { CountVectorizer } from './count-vectorizer.js'
export { HashingVectorizer } from './hashing-vectorizer.js'
export { TfidfTransformer } from './tfidf-transformer.js'
export { TfidfVectorizer } from './tfidf-vectorizer.js'
