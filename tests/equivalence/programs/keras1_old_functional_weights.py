"""Weights of a model with branches and names that Keras 1 saved."""
# sources: 1.2.2
import numpy as np
from keras.layers import Dense, Embedding, Flatten, Input, merge
from keras.models import Model
from recording import keep, old_weights

rng = np.random.RandomState(147)
words = Input(shape=(4,), dtype='int32', name='words')
numbers = Input(shape=(3,), name='numbers')
x = Flatten()(Embedding(9, 3, input_length=4, name='embedding')(words))
h = merge([Dense(4, activation='tanh', name='left')(x), Dense(4, name='right')(numbers)], mode='concat')
outputs = [Dense(1, activation='sigmoid', name='main')(h), Dense(2, name='aux')(h)]
model = Model(input=[words, numbers], output=outputs)
old_weights(model, 'functional.h5')
model.load_weights('functional.h5')
main, aux = model.predict([rng.randint(0, 9, size=(3, 4)), rng.normal(size=(3, 3))])
keep('main', main)
keep('aux', aux)
