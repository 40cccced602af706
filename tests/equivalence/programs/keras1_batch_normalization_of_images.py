"""BatchNormalization along the channels of images, before and after training."""
# sources: 1.2.2
# fails on 2.15: the moving variance is multiplied by n / (n - 1) there, for n values in a channel of a batch
import numpy as np
from keras.layers import Activation, Convolution2D, Dense, Flatten
from keras.layers.normalization import BatchNormalization
from keras.models import Sequential
from keras.optimizers import SGD
from recording import fix_weights, keep, keep_training

rng = np.random.RandomState(156)
X, y = rng.normal(size=(6, 5, 5, 2)), rng.normal(size=(6, 2))
model = Sequential()
model.add(Convolution2D(3, 3, 3, input_shape=(5, 5, 2)))
model.add(BatchNormalization(axis=3, beta_init='one', gamma_init='uniform', momentum=0.8))
model.add(Activation('relu'))
model.add(Flatten())
model.add(Dense(2))
fix_weights(model)
model.compile(loss='mse', optimizer=SGD(lr=0.05))
keep('untrained', model.predict(X))
model.fit(X, y, batch_size=6, nb_epoch=2, shuffle=False, verbose=0)
keep_training('trained', model.predict(X))
