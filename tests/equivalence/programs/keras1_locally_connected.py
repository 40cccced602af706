"""Convolutions whose weights are not shared, over time and over images."""
# sources: 1.2.2
import numpy as np
from keras.layers import Flatten, LocallyConnected1D, LocallyConnected2D  # manual on 2.21: KM105, KM105
from keras.models import Sequential
from recording import fix_weights, keep

rng = np.random.RandomState(154)
model = Sequential()
model.add(LocallyConnected1D(nb_filter=3, filter_length=2, activation='tanh', subsample_length=2, input_shape=(7, 2)))
model.add(LocallyConnected1D(2, 2, init='uniform'))
fix_weights(model)
model.compile('sgd', 'mse')
keep('predictions', model.predict(rng.rand(3, 7, 2)))

model = Sequential()
model.add(LocallyConnected2D(3, 2, 3, activation='relu', border_mode='valid', subsample=(1, 2), input_shape=(5, 7, 1)))
model.add(Flatten())
fix_weights(model, 'images')
model.compile('sgd', 'mse')
keep('images', model.predict(rng.rand(3, 5, 7, 1)))
