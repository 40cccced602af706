"""Convolution without shared weights, gone from 2.16 on."""
import numpy as np
from keras.layers import Flatten, Dense, Input
from keras.layers.local import LocallyConnected1D, LocallyConnected2D  # manual on 2.21: KM105, KM105
from keras.models import Model
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(18)
x, signal = rng.rand(4, 6, 6, 1), rng.rand(4, 7, 2)
image_input, signal_input = Input((6, 6, 1)), Input((7, 2))
a = LocallyConnected2D(2, (3, 3), activation='relu')(image_input)
b = LocallyConnected1D(2, 3, strides=2, name='signal')(signal_input)
model = Model([image_input, signal_input], [Dense(1, name='image')(Flatten()(a)), b])
fix_weights(model)
first, second = model.predict([x, signal])
keep('first', first)
keep('second', second)
model.compile('sgd', loss=['mse', 'mae'])
keep_history(model.fit([x, signal], [x.sum(axis=(1, 2)), rng.rand(4, 3, 2)], epochs=2, shuffle=False, verbose=0))
