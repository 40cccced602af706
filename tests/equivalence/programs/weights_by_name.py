"""Weights that were just saved are loaded by the names of layers."""
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from recording import fix_weights, keep


def network():
    model = Sequential()
    model.add(Dense(4, activation='tanh', input_dim=3, name='hidden'))
    model.add(Dense(2, name='out'))
    return model


model = network()
fix_weights(model)
model.save_weights('weights.h5', overwrite=True)  # manual on 2.21: KM603
other = network()
other.load_weights('weights.h5', by_name=True)
keep('predictions', other.predict(np.random.RandomState(97).normal(size=(3, 3))))
