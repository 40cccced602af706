"""Weights of an LSTM with its defaults that the old stack saved."""
import numpy as np
from keras.layers import Dense, Embedding, LSTM
from keras.models import Sequential
from recording import keep, old_weights

model = Sequential()
model.add(Embedding(15, 4, input_length=6))
model.add(LSTM(5, return_sequences=True))
model.add(LSTM(4))
model.add(Dense(1, activation='sigmoid'))
old_weights(model, 'lstm.h5')
model.load_weights('lstm.h5')
keep('predictions', model.predict(np.random.RandomState(58).randint(15, size=(4, 6))))
