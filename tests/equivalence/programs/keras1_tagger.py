"""A tag for each word: an embedding that is told no length, and a loss for the steps that are not masked."""
# sources: 1.2.2
# fails on 2.21: a Sequential that begins with an Embedding has no weights before it sees data
import numpy as np
from keras.layers import Dense, Embedding, LSTM, TimeDistributed
from keras.models import Sequential
from recording import fix_weights, keep

rng = np.random.RandomState(157)
words = rng.randint(0, 12, size=(4, 6))
targets = np.eye(3)[rng.randint(0, 3, size=(4, 6))]

tagger = Sequential()
tagger.add(Embedding(12, 4, mask_zero=True))
tagger.add(LSTM(5, return_sequences=True))
tagger.add(TimeDistributed(Dense(3, activation='softmax')))
fix_weights(tagger)
tagger.compile('sgd', 'categorical_crossentropy')
keep('loss', tagger.evaluate(words, targets, batch_size=4, verbose=0))
