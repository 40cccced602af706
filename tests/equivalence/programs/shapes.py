"""Layers that only move numbers about."""
import numpy as np
from keras.layers import Dense, Flatten, Input, Lambda, Permute, RepeatVector, Reshape, TimeDistributed
from keras.layers.core import Dropout
from keras.models import Model
from recording import fix_weights, keep

x = np.random.RandomState(20).normal(size=(3, 4, 2))
inputs = Input(shape=(4, 2))
h = TimeDistributed(Dense(3))(inputs)
h = Permute((2, 1))(h)
h = Reshape((2, -1))(h)
h = Flatten()(h)
h = Dense(5, activation='relu')(h)
h = RepeatVector(3)(h)
h = Lambda(lambda t: t[:, 1:, :])(h)
outputs = Dropout(0.5)(h)
model = Model(inputs=inputs, outputs=outputs)
fix_weights(model)
keep('predictions', model.predict(x))
keep('shape of each', [list(layer.output_shape) for layer in model.layers[1:]])
