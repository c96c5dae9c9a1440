// What a classifier of texts, a model of language and one of speech answer, in Node and in a browser.

export async function answersOf({ texts, language, speech }, sound) {
  // What a net of one epoch writes down may be nothing: what it heard says more.
  const [heard] = await speech.logits(await speech.featuresOf([sound]))
  return {
    classes: await texts.predict([
      { text: 'all human beings are born free' },
      { text: '人人生而自由' },
    ]),
    text: await language.generateAll({ prompt: 'The wh', length: 20, temperature: 0 }),
    heard: Array.from(heard.values.slice(0, 100)),
    transcripts: await speech.transcribe([sound], { beams: 4 }),
  }
}
