"""Weights of a stateful network and a time-distributed convolution that the old stack saved."""
import numpy as np
from keras.layers import Conv2D, Dense, Flatten, LSTM, TimeDistributed
from keras.models import Sequential
from recording import keep, old_weights

x = np.random.RandomState(65).rand(2, 3, 5, 5, 1)
model = Sequential()
model.add(TimeDistributed(Conv2D(2, (3, 3), activation='relu'), batch_input_shape=(2, 3, 5, 5, 1)))
model.add(TimeDistributed(Flatten()))
model.add(LSTM(4, stateful=True, return_sequences=False))
model.add(Dense(1))
old_weights(model, 'film.h5')
model.load_weights('film.h5')
keep('first', model.predict(x, batch_size=2))
keep('second', model.predict(x, batch_size=2))
