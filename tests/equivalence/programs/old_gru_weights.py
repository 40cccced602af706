"""Weights of a GRU with its defaults that the old stack saved, loaded by name."""
import numpy as np
from keras.layers import Bidirectional, Dense, GRU, Input
from keras.models import Model
from recording import keep, old_weights

inputs = Input(shape=(5, 3))
h = Bidirectional(GRU(3, return_sequences=True), name='both')(inputs)
h = GRU(4, name='gru')(h)
model = Model(inputs, Dense(2, name='out')(h))
old_weights(model, 'gru.h5')
model.load_weights('gru.h5', by_name=True)
keep('predictions', model.predict(np.random.RandomState(59).normal(size=(3, 5, 3))))
