"""Weights that Keras 1 saved, loaded by the names of layers into a network that has others beside them."""
# sources: 1.2.2
import numpy as np
from keras.layers import Convolution2D, Dense, Flatten, Input, ZeroPadding2D
from keras.models import Model, Sequential
from recording import keep, old_weights

model = Sequential()
model.add(ZeroPadding2D((1, 1), input_shape=(5, 5, 1)))
model.add(Convolution2D(3, 3, 3, activation='relu', name='conv1'))
model.add(Convolution2D(2, 3, 3, activation='relu', name='conv2'))
model.add(Flatten())
model.add(Dense(4, name='old_top'))
old_weights(model, 'vgg.h5')

image = Input(shape=(5, 5, 1))
x = Convolution2D(3, 3, 3, activation='relu', border_mode='same', name='conv1')(image)
x = Convolution2D(2, 3, 3, activation='relu', name='conv2')(x)
features = Flatten()(x)
new = Model(input=image, output=[features, Dense(7, name='new_top')(features)])
new.load_weights('vgg.h5', by_name=True)
keep('features', new.predict(np.random.RandomState(150).rand(2, 5, 5, 1))[0])
