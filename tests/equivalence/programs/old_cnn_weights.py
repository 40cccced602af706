"""Weights of an image network that the old stack saved."""
import numpy as np
from keras.layers import Activation, BatchNormalization, Conv2D, Dense, Flatten, MaxPooling2D, SeparableConv2D
from keras.models import Sequential
from recording import keep, old_weights

model = Sequential()
model.add(Conv2D(3, (3, 3), padding='same', input_shape=(6, 6, 2)))
model.add(BatchNormalization())
model.add(Activation('relu'))
model.add(SeparableConv2D(4, (3, 3)))
model.add(MaxPooling2D())
model.add(Flatten())
model.add(Dense(3, activation='softmax'))
old_weights(model, 'cnn.h5')
model.load_weights('cnn.h5')
keep('predictions', model.predict(np.random.RandomState(57).rand(2, 6, 6, 2)))
