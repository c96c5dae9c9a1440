// Texts as sparse features.

export {
  CountVectorizer,
  type CountVectorizerParams,
  countVectorizerParameters,
} from './count-vectorizer.js'
export {
  HashingVectorizer,
  type HashingVectorizerParams,
  hashingVectorizerParameters,
} from './hashing-vectorizer.js'
export {
  TfidfTransformer,
  type TfidfTransformerParams,
  tfidfTransformerParameters,
} from './tfidf-transformer.js'
export {
  TfidfVectorizer,
  type TfidfVectorizerParams,
  tfidfVectorizerParameters,
} from './tfidf-vectorizer.js'
