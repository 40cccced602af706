"""Bidirectional recurrent layers in each merge mode; the layer is made again from its configuration."""
import numpy as np
from keras.layers import Bidirectional, GRU, Input, LSTM, SimpleRNN, concatenate
from keras.models import Model
from recording import fix_weights, keep

x = np.random.RandomState(5).normal(size=(4, 6, 3))
inputs = Input(shape=(6, 3))
a = Bidirectional(LSTM(2, return_sequences=True), merge_mode='sum')(inputs)
b = Bidirectional(GRU(3), merge_mode='concat')(a)
c = Bidirectional(SimpleRNN(3), merge_mode='mul')(inputs)
d = Bidirectional(LSTM(2, recurrent_activation='hard_sigmoid'), merge_mode='ave')(inputs)
left, right = Bidirectional(LSTM(2), merge_mode=None)(inputs)
model = Model(inputs=inputs, outputs=concatenate([b, c, d, left, right]))
fix_weights(model)
keep('predictions', model.predict(x))
