"""Constraints by their old names, seen in the weights after training."""
# sources: 1.2.2
import numpy as np
from keras.constraints import maxnorm, nonneg, unitnorm
from keras.layers import Convolution2D, Dense, Embedding, Flatten
from keras.models import Sequential
from keras.optimizers import SGD
from recording import fix_weights, keep_history, keep_training

rng = np.random.RandomState(124)
X, y = rng.normal(size=(8, 6, 6, 1)), rng.normal(size=(8, 2))

model = Sequential()
model.add(Convolution2D(3, 3, 3, input_shape=(6, 6, 1), W_constraint=maxnorm(m=1.5, axis=[0, 1, 2])))
model.add(Flatten())
model.add(Dense(5, activation='tanh', W_constraint=maxnorm(1)))
model.add(Dense(5, activation='tanh', W_constraint=nonneg(), b_constraint='nonneg'))
model.add(Dense(4, activation='tanh', W_constraint=unitnorm()))
model.add(Dense(2, W_constraint=maxnorm()))
fix_weights(model)
model.compile(loss='mse', optimizer=SGD(lr=0.3))
keep_history(model.fit(X, y, batch_size=4, nb_epoch=3, verbose=0, shuffle=False))
for layer in model.layers:
    if layer.get_weights():
        keep_training('norms %d' % model.layers.index(layer), np.sqrt(np.sum(layer.get_weights()[0] ** 2, axis=0)).ravel())
keep_training('predictions', model.predict(X))

model = Sequential()
model.add(Embedding(5, 3, input_length=4, W_constraint=unitnorm(axis=1)))
model.add(Flatten())
model.add(Dense(2, W_constraint='maxnorm'))
fix_weights(model, 'words')
model.compile(loss='mse', optimizer='sgd')
model.fit(rng.randint(0, 5, size=(8, 4)), y, batch_size=4, nb_epoch=2, verbose=0, shuffle=False)
keep_training('words', model.layers[0].get_weights()[0])
