"""Recurrent layers made of cells, and stacked ones."""
import numpy as np
from keras.layers import Dense, GRUCell, Input, LSTMCell, RNN, SimpleRNNCell, StackedRNNCells, concatenate
from keras.models import Model
from recording import fix_weights, keep

x = np.random.RandomState(28).normal(size=(3, 5, 2))
inputs = Input(shape=(5, 2))
a = RNN(LSTMCell(3))(inputs)
b = RNN(GRUCell(4), return_sequences=False)(inputs)
c = RNN(SimpleRNNCell(2, activation='relu'))(inputs)
cells = [LSTMCell(3), LSTMCell(2)]
d = RNN(StackedRNNCells(cells))(inputs)
e = RNN([GRUCell(2), SimpleRNNCell(3)], return_sequences=True)(inputs)
e = RNN(GRUCell(2, reset_after=True))(e)
model = Model(inputs, Dense(2)(concatenate([a, b, c, d, e])))
fix_weights(model)
keep('predictions', model.predict(x))
