"""Texts to numbers with `nb_words`, sequences padded and cut, classes as vectors."""
# sources: 1.2.2
import numpy as np
from keras.layers import Activation, Dense, Dropout
from keras.models import Sequential
from keras.preprocessing.sequence import make_sampling_table, pad_sequences
from keras.preprocessing.text import Tokenizer, text_to_word_sequence
from keras.utils.np_utils import to_categorical
from recording import fix_weights, keep

texts = ['The cat sat on the mat.', 'The dog ate my homework!', 'My cat, the dog; and the mat...']
tokenizer = Tokenizer(nb_words=8)
tokenizer.fit_on_texts(texts)
sequences = tokenizer.texts_to_sequences(texts)
keep('sequences', sequences)
keep('most frequent', tokenizer.word_index['the'])
keep('words', text_to_word_sequence('Don\'t panic -- it\'s "only" a test'))
data = pad_sequences(sequences, maxlen=5, padding='post', truncating='post')
keep('data', data)
matrix = tokenizer.sequences_to_matrix(sequences, mode='binary')
keep('matrix', matrix)
keep('counts', tokenizer.texts_to_matrix(texts, 'count'))
keep('tfidf', tokenizer.texts_to_matrix(texts, mode='tfidf'))
keep('table', make_sampling_table(6))

labels = to_categorical([0, 2, 1], 3)
keep('labels', labels)
model = Sequential()
model.add(Dense(6, input_shape=(8,)))
model.add(Activation('relu'))
model.add(Dropout(0.5))
model.add(Dense(3))
model.add(Activation('softmax'))
fix_weights(model)
model.compile(loss='categorical_crossentropy', optimizer='sgd', metrics=['accuracy'])
probabilities = model.predict(matrix)
keep('probabilities', probabilities)
