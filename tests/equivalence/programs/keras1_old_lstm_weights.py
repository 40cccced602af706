"""Weights of recurrent layers that Keras 1 saved, a matrix for each gate."""
# sources: 1.2.2
# fails on 2.21: Keras 3 does not read the gates one by one, and says so; TensorFlow 2.15 does and can save them
import numpy as np
from keras.layers import Dense, Embedding, GRU, LSTM, Bidirectional, TimeDistributed
from keras.models import Sequential
from recording import keep, old_weights

model = Sequential()
model.add(Embedding(10, 4, input_length=5))
model.add(LSTM(5, return_sequences=True))
model.add(Bidirectional(LSTM(3, return_sequences=True)))
model.add(TimeDistributed(Dense(4)))
model.add(GRU(3))
model.add(Dense(1, activation='sigmoid'))
old_weights(model, 'lstm.h5')
model.load_weights('lstm.h5')
keep('predictions', model.predict(np.random.RandomState(148).randint(0, 10, size=(4, 5))))
