"""A GRU with its defaults, which count other weights today."""
import numpy as np
from keras.models import Sequential
from keras.layers import GRU, Dense, TimeDistributed
from recording import fix_weights, keep, keep_history

x = np.random.RandomState(4).normal(size=(6, 5, 3))
y = x.sum(axis=-1, keepdims=True)
model = Sequential()
model.add(GRU(4, return_sequences=True, input_shape=(5, 3)))
model.add(GRU(3, activation='relu', return_sequences=True, dropout=0.0))
model.add(TimeDistributed(Dense(1)))
fix_weights(model)
model.compile('sgd', 'mse', metrics=['mae'])
keep('predictions', model.predict(x))
keep_history(model.fit(x, y, batch_size=3, epochs=3, shuffle=False, verbose=0))
