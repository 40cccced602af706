"""Bidirectional in each of its modes, and layers over time by the old name and the new."""
# sources: 1.2.2
import numpy as np
from keras.layers import (Bidirectional, Convolution2D, Dense, Flatten, GRU, Input, LSTM, Permute, RepeatVector, Reshape,
                          SimpleRNN, TimeDistributed)
from keras.layers.core import Activation, TimeDistributedDense
from keras.models import Model, Sequential
from recording import fix_weights, keep

rng = np.random.RandomState(111)
X = rng.normal(size=(3, 4, 3))

inputs = Input(shape=(4, 3))
outputs = [
    Bidirectional(LSTM(2, return_sequences=True), merge_mode='concat')(inputs),
    Bidirectional(GRU(2), merge_mode='sum')(inputs),
    Bidirectional(SimpleRNN(2), merge_mode='mul')(inputs),
    Bidirectional(LSTM(output_dim=2, consume_less='gpu'), merge_mode='ave')(inputs),
]
model = Model(input=inputs, output=outputs)
fix_weights(model)
for mode, value in zip(['concat', 'sum', 'mul', 'ave'], model.predict(X)):
    keep(mode, value)

model = Sequential()
model.add(TimeDistributedDense(5, input_shape=(4, 3), activation='tanh'))
model.add(TimeDistributed(Dense(output_dim=2, bias=False)))
model.add(Permute((2, 1)))
model.add(Reshape((2, 2, 2)))
model.add(Flatten())
model.add(RepeatVector(3))
model.add(TimeDistributedDense(output_dim=2, init='uniform'))
model.add(Activation('softmax'))
fix_weights(model, 'over time')
model.compile('sgd', 'categorical_crossentropy')
keep('over time', model.predict(X))

video = Sequential()
video.add(TimeDistributed(Convolution2D(2, 3, 3, border_mode='same', activation='relu'), input_shape=(3, 4, 4, 1)))
video.add(TimeDistributed(Flatten()))
video.add(LSTM(3))
fix_weights(video, 'video')
video.compile('sgd', 'mse')
keep('video', video.predict(rng.rand(2, 3, 4, 4, 1)))
