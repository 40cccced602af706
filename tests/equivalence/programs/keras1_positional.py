"""Everything by position, as the documentation of Keras 1 put it: rows and columns, initialisations, rates."""
# sources: 1.2.2
import numpy as np
from keras.models import Sequential
from keras.layers.convolutional import Convolution2D, MaxPooling2D, ZeroPadding2D
from keras.layers.core import Activation, Dense, Dropout, Flatten, Reshape
from keras.layers.normalization import BatchNormalization
from keras.layers.recurrent import GRU, LSTM
from keras.optimizers import SGD
from recording import fix_weights, keep

rng = np.random.RandomState(102)
X = rng.rand(3, 9, 8, 2)

model = Sequential()
model.add(ZeroPadding2D((1, 2), input_shape=(9, 8, 2)))
model.add(Convolution2D(4, 3, 2, 'he_uniform', 'relu', border_mode='same', subsample=(2, 1)))
model.add(Convolution2D(3, 2, 3))
model.add(Activation('tanh'))
model.add(MaxPooling2D((2, 2), (1, 2)))
model.add(Dropout(0.25))
model.add(BatchNormalization(1e-4))
model.add(Flatten())
model.add(Dense(12, 'normal', 'sigmoid'))
model.add(Reshape((4, 3)))
model.add(LSTM(5, 'glorot_normal', 'orthogonal', 'one', 'tanh', 'hard_sigmoid', return_sequences=True))
model.add(GRU(4, 'uniform'))
model.add(Dense(2, 'lecun_uniform'))
fix_weights(model)
model.compile(SGD(0.01, 0.9), 'mse')
keep('predictions', model.predict(X))
