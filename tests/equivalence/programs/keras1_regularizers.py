"""Penalties by every name that Keras 1 had for them, read off as the loss of what is predicted exactly."""
# sources: 1.2.2
import numpy as np
from keras import regularizers
from keras.layers import Convolution2D, Dense, Embedding, Flatten
from keras.models import Sequential
from keras.regularizers import WeightRegularizer, l1, l1l2, l2
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(123)
X, y = rng.normal(size=(4, 5)), rng.normal(size=(4, 2))

model = Sequential()
model.add(Dense(4, input_dim=5, W_regularizer=l1(0.01), b_regularizer=l2(0.1)))
model.add(Dense(4, W_regularizer=l1l2(l1=0.01, l2=0.02), b_regularizer='l1'))
model.add(Dense(4, W_regularizer=WeightRegularizer(l1=0.001, l2=0.01)))
model.add(Dense(4, W_regularizer='l2', b_regularizer=l1l2()))
model.add(Dense(2, W_regularizer=regularizers.l2(l=0.05)))
fix_weights(model)
model.compile('sgd', 'mse')
keep('loss', model.evaluate(X, y, verbose=0))
keep_history(model.fit(X, y, batch_size=2, nb_epoch=2, verbose=0, shuffle=False))

model = Sequential()
model.add(Embedding(6, 4, input_length=9, W_regularizer=l2(0.01)))
model.add(Flatten())
model.add(Dense(2, b_regularizer=l1()))
fix_weights(model, 'words')
model.compile('sgd', 'mse')
keep('words', model.evaluate(rng.randint(0, 6, size=(4, 9)), y, verbose=0))

model = Sequential()
model.add(Convolution2D(2, 3, 3, input_shape=(4, 4, 1), W_regularizer=l2(0.01), b_regularizer=l1(0.02)))
model.add(Flatten())
model.add(Dense(2))
fix_weights(model, 'image')
model.compile('sgd', 'mse')
keep('image', model.evaluate(rng.rand(4, 4, 4, 1), y, verbose=0))
