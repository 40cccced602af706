"""Dilated convolutions by the names of Keras 1, which Keras 2 still had."""
import numpy as np
from keras.layers import AtrousConvolution1D, AtrousConvolution2D, Flatten
from keras.models import Sequential
from recording import fix_weights, keep

rng = np.random.RandomState(159)
model = Sequential()
model.add(AtrousConvolution1D(4, 3, atrous_rate=2, padding='same', activation='relu', input_shape=(8, 2)))
model.add(AtrousConvolution1D(3, 2, atrous_rate=3))
fix_weights(model)
keep('predictions', model.predict(rng.rand(3, 8, 2)))

model = Sequential()
model.add(AtrousConvolution2D(3, (3, 3), atrous_rate=(2, 2), padding='same', input_shape=(7, 6, 2)))
model.add(AtrousConvolution2D(2, 2, 3, activation='tanh'))
model.add(Flatten())
fix_weights(model, 'images')
keep('images', model.predict(rng.rand(2, 7, 6, 2)))
