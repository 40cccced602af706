"""A whole model that Keras 1.2 saved with `model.save`."""
# sources: 1.2.2
# fails: tf.keras does not know the arguments of Keras 1 that are in the file, and says so
import numpy as np
from keras.layers import Activation, Convolution2D, Dense, Flatten
from keras.models import Sequential, load_model
from recording import keep, old_model

model = Sequential()
model.add(Convolution2D(3, 3, 3, border_mode='same', input_shape=(5, 5, 1)))
model.add(Activation('relu'))
model.add(Flatten())
model.add(Dense(2, activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer='sgd')
old_model(model, 'model.h5')
model = load_model('model.h5')
keep('predictions', model.predict(np.random.RandomState(151).rand(2, 5, 5, 1)))
