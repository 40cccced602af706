"""Weights of an image network that Keras 1 saved."""
# sources: 1.2.2
import numpy as np
from keras.layers import Convolution2D, Dense, Flatten, MaxPooling2D, SeparableConvolution2D
from keras.models import Sequential
from recording import keep, old_weights

model = Sequential()
model.add(Convolution2D(3, 3, 3, border_mode='same', activation='relu', input_shape=(6, 6, 2)))
model.add(SeparableConvolution2D(4, 3, 3))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dense(3, activation='softmax'))
old_weights(model, 'cnn.h5')
model.load_weights('cnn.h5')
keep('predictions', model.predict(np.random.RandomState(146).rand(2, 6, 6, 2)))
