// What a classifier of texts, a model of language and one of speech answer, in Node and in a browser.

export async function answersOf({ texts, language, speech }, sound) {
  return {
    classes: await texts.predict([
      { text: 'all human beings are born free' },
      { text: '人人生而自由' },
    ]),
    text: await language.generateAll({ prompt: 'The wh', length: 20, temperature: 0 }),
    transcripts: await speech.transcribe([sound], { beams: 4 }),
  }
}
