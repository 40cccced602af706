"""Intermediate outputs by `K.function`, and gradients by the recipe of the blog on filters."""
# sources: 1.2.2
import numpy as np
from keras import backend as K
from keras.layers import Convolution2D, Dense, Dropout, Flatten, MaxPooling2D
from keras.models import Sequential
from recording import fix_weights, keep

X = np.random.RandomState(137).rand(2, 6, 6, 1)

model = Sequential()
model.add(Convolution2D(3, 3, 3, activation='relu', input_shape=(6, 6, 1), name='conv1'))
model.add(MaxPooling2D((2, 2), strides=(2, 2)))
model.add(Dropout(0.5))
model.add(Flatten())
model.add(Dense(2, activation='softmax', name='predictions'))
fix_weights(model)

get_1st_layer_output = K.function([model.layers[0].input], [model.layers[1].output])
keep('pooled', get_1st_layer_output([X])[0][:, :, 0])

get_output = K.function([model.layers[0].input, K.learning_phase()], [model.layers[-1].output])
keep('test mode', get_output([X, 0])[0])
